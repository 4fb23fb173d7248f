"""Narrowing the list quickly, whether few contacts pass a filter or many.

Few are found by an index and named by their keys. Many are met soon on the way through the order of the list, so they
are left to the search, which goes that way.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from contacts.models import Contact
from contacts.models.contact_queryset import ContactQuerySet, Narrowing
from contacts.search.candidates import listed

FEW = 1_000


def narrow(
    contacts: ContactQuerySet, keys: QuerySet[Any, int], condition: Q, indexed: Q | None = None
) -> ContactQuerySet:
    """The contacts that meet the condition. `keys` are the keys of the same contacts, in any order, also repeated.

    Where there are many, nobody is left out yet: `search`, which comes last, does that. `indexed` is the condition in
    the shape that an index of the contacts answers, if there is one.
    """
    if contacts.are_few:
        return contacts.filter(condition)
    keys = keys.order_by()
    first = list(keys[: FEW + 1])
    if len(first) <= FEW:
        return contacts.few(listed(sorted(set(first))))
    return contacts.narrowed(Narrowing(condition, keys, indexed))


def narrow_indexed(contacts: ContactQuerySet, indexed: Callable[[F | Coalesce], Q], field: str) -> ContactQuerySet:
    """The same where an index of the contacts holds the field: `indexed` makes the condition on its value.

    On the way through the order the condition is asked of Coalesce(field, field), which is the same value but keeps the
    database from taking the index of the field.
    """
    by_index = indexed(F(field))
    keys = Contact.objects.filter(by_index).values_list("pk", flat=True)
    return narrow(contacts, keys, indexed(Coalesce(field, field)), by_index)
