"""A small believable book to look around in, made through the domain's own functions.

contacts.csv       the contacts, one line each
conversations.txt  what was said with them
book               puts them into an empty database
picture            the pictures that they sent
"""

from contactbook.accounts import demo_logins
from contactbook.demo.book import BookNotEmpty, book_is_empty, fill_book

# Two files to try an import with: one clean, one with the usual troubles.
SAMPLE_FILES = ("docs/samples/contacts.csv", "docs/samples/contacts-with-problems.csv")

__all__ = ["SAMPLE_FILES", "BookNotEmpty", "book_is_empty", "fill_book", "logins_in_words"]


def logins_in_words() -> list[str]:
    """Who can log in to the demo, a line each; none outside the demo."""
    return [
        f"{login['username']:<8} {login['password']:<16} {login['name']}, {login['role']}" for login in demo_logins()
    ]
