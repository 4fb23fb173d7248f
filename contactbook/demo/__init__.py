"""A believable book to look around in, made through the domain's own functions.

book               puts the demo into an empty book: people, channels, fields, labels, lists, views
contacts.csv       the contacts, one line each;  contacts  makes them
conversations.txt  what was said, as stories;    conversations  reads it, `talks` has them told by a contact
files              what they shared
large              as many contacts around them as are wanted, through the import
"""

from contactbook.accounts import demo_logins
from contactbook.demo.book import BookNotEmpty, book_is_empty, fill_book

# Two files to try an import with: one clean, one with the usual troubles.
SAMPLE_FILES = ("docs/samples/contacts.csv", "docs/samples/contacts-with-problems.csv")

__all__ = ["SAMPLE_FILES", "BookNotEmpty", "book_is_empty", "fill_book", "is_demo", "logins_in_words"]


def is_demo() -> bool:
    """Whether the demo was put into this book."""
    return bool(demo_logins())


def logins_in_words() -> list[str]:
    """Who can log in to the demo, a line each; none outside the demo."""
    return [
        f"{login['username']:<8} {login['password']:<16} {login['name']}, {login['role']}" for login in demo_logins()
    ]
