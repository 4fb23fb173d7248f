"""Finding contacts, and what was said with them, by what people type.

terms           the text that was typed → words, and numbers in any shape
matching        what a match is
finding         the rows that match, the quick way
candidates      what SQLite's indexes know of them
sizes           the numbers by which that way is chosen
index           the trigrams that it needs
marking         showing what matched
conversations   searching messages and notes
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from django.db import connection
from django.db.models import Q

from contacts.models.contact_queryset import ContactQuerySet, Narrowing
from contacts.search.conversations import Hit, search_conversations
from contacts.search.finding import Search, have_few
from contacts.search.marking import Part, excerpt, marked, matches_all
from contacts.search.matching import in_channels, matches
from contacts.search.terms import LONGEST, Term, read_terms

__all__ = [
    "LONGEST",
    "Hit",
    "Part",
    "Search",
    "Term",
    "excerpt",
    "marked",
    "matches_all",
    "read_terms",
    "search",
    "search_conversations",
]


def search(contacts: ContactQuerySet, text: str, fields: Sequence[tuple[str, Q]] = ()) -> ContactQuerySet:
    """The contacts that match every word of the text's first LONGEST letters; all of them when it is blank.

    A word matches anywhere in name, identifier, e-mail, reference or a custom value; one of less than three letters at
    the start of a word there. Case, accents and the grouping of a number do not count.

    `fields` are texts that single fields must hold, each with the condition that says so: the index finds these too.
    What was searched already, as a list that goes by a filter may be, is searched for both at once. The search comes
    last: a filter that follows takes away the quick way to pages of what is found.
    """
    # SQLite takes no more terms; what is cut of `fields` their conditions still ask for.
    terms = [term for one in (text, *(held for held, _condition in fields)) for term in read_terms(one)][:LONGEST]
    narrowings = [*contacts.narrowings, *(Narrowing(condition) for _text, condition in fields)]
    if not (terms or narrowings):
        return contacts
    if earlier := contacts.search:
        return _found(replace(earlier, terms=[*earlier.terms, *terms], narrowings=[*earlier.narrowings, *narrowings]))
    conditions = matches(terms), *(one.condition for one in narrowings)
    if contacts.are_few:
        return contacts.filter(*conditions)
    channels = None if contacts.channels is None else list(contacts.channels)
    if channels == [] or contacts.query.is_empty():
        return contacts.none()
    if channels is not None:
        if connection.vendor == "postgresql":  # which knows how many contacts a channel has when it is named
            contacts = contacts.filter(in_channels(channels))
        if have_few(contacts.model, channels):
            return contacts.filter(*conditions)
    return _found(Search(contacts, terms, channels, narrowings))


def _found(asked: Search) -> ContactQuerySet:
    found = cast(ContactQuerySet, asked.all())
    found.search, found.narrowings = asked, ()
    return found
