"""Finding contacts, and what was said with them, by what people type.

terms           the words of it, and the numbers in any shape
matching        the rows that match, the quick way
index           the trigrams that this needs
marking         showing what matched
conversations   messages and notes
"""

from contacts.models.contact import ContactQuerySet
from contacts.search.conversations import Hit, search_conversations
from contacts.search.marking import Part, excerpt, marked, matches_all
from contacts.search.matching import matching
from contacts.search.terms import LONGEST, Term, read_terms

__all__ = [
    "LONGEST",
    "Hit",
    "Part",
    "Term",
    "excerpt",
    "marked",
    "matches_all",
    "read_terms",
    "search",
    "search_conversations",
]


def search(contacts: ContactQuerySet, text: str) -> ContactQuerySet:
    """The contacts that match every word of the text's first LONGEST letters; all of them when it is blank.

    A word matches anywhere in name, identifier, e-mail, reference or a custom value; one of less than three letters at
    the start of a word there. Case, accents and the grouping of a number do not count.
    """
    terms = read_terms(text)
    return matching(contacts, terms, contacts.channels).of_channels(None) if terms else contacts
