"""Two ways to narrow the list, for none is always quick.

What few contacts have is found by its own index, and what many have by going through the order of the list: there the
first ones are met soon.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from contacts.models import Contact
from contacts.models.contact_queryset import ContactQuerySet, Narrowing
from contacts.search.finding import listed

FEW = 1_000


def narrow(
    contacts: ContactQuerySet, keys: QuerySet[Any, int], condition: Q, indexed: Q | None = None
) -> ContactQuerySet:
    """Those that meet the condition, which are those with the keys (each as often as it likes).

    Where there are many, the search, which comes last, leaves the others out. `indexed` is the condition as an index of
    the contacts themselves has it, if there is one.
    """
    if contacts.are_few:
        return contacts.filter(condition)
    keys = keys.order_by()
    first = list(keys[: FEW + 1])
    if len(first) <= FEW:
        return contacts.few(listed(sorted(set(first))))
    return contacts.narrowed(Narrowing(condition, keys, indexed))


def narrow_indexed(contacts: ContactQuerySet, indexed: Callable[[F | Coalesce], Q], field: str) -> ContactQuerySet:
    """The same by an index of the contacts themselves, which holds the field; `indexed` is what is asked of it.

    Who goes by another index, that of the order, asks it of the same value in a shape that this one does not hold.
    """
    by_index = indexed(F(field))
    keys = Contact.objects.filter(by_index).values_list("pk", flat=True)
    return narrow(contacts, keys, indexed(Coalesce(field, field)), by_index)
