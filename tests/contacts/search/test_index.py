"""The index finds what the definition says, whoever wrote the rows, and after every migration."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact
from contacts.orders import ORDERS
from contacts.pages import keyset
from contacts.pages.counts import found_count
from contacts.search import Search, read_terms, search
from contacts.search.matching import matches
from tests.contacts.importing.imports import committed
from tests.contacts.search.searching import shrink_sizes
from tests.factories import make_channel, make_contact

_words = st.sampled_from(
    ["Eva", "eva lind", "Zoë", "va", "e", "K-12", "31612345678", "06 1234", '"%_', "李", "a  b", "\\"]
)


def named(word: str) -> set[str]:
    return {contact.name for contact in search(Contact.objects.all(), word)}


def by_the_index(terms) -> set[int]:
    return set(Search(Contact.objects.all(), terms, None).all().values_list("pk", flat=True))


def contains(text: str, term) -> bool:
    """The definition, in Python."""
    if term.is_short:
        return f" {term.text}" in f" {text}".replace("\n", " ")
    return any(part in text for part in (term.text, *term.digits))


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.one_of(_words, st.text(max_size=8)), max_size=6), text=st.one_of(_words, st.text(max_size=6)))
def test_index_and_order_find_what_the_definition_says(channel, names, text):
    Contact.objects.all().delete()
    contacts = [make_contact(channel, name=name.replace("\0", "")) for name in names]
    terms = read_terms(text)
    if not terms:
        return
    expected = {contact.pk for contact in contacts if all(contains(contact.search_text, term) for term in terms)}
    assert set(Contact.objects.filter(matches(terms)).values_list("pk", flat=True)) == expected
    assert by_the_index(terms) == expected
    assert set(search(Contact.objects.all(), text).values_list("pk", flat=True)) == expected


@pytest.mark.django_db
def test_index_follows_every_writer(channel, administrator):
    committed("phoneNumber,name\n31612345678,Eva Bakker\n", channel)
    assert named("bakker") == {"Eva Bakker"}
    contact = Contact.objects.get(name="Eva Bakker")
    contact.edit({"name": "Eva Visser"}, administrator)
    assert (named("bakker"), named("visser")) == (set(), {"Eva Visser"})
    contact.trash(administrator)
    assert not search(Contact.objects.visible_to(administrator), "visser")
    contact.restore(administrator)
    committed("phoneNumber,name\n31612345678,Eva de Boer\n", channel)
    assert (named("visser"), named("boer")) == (set(), {"Eva de Boer"})
    Contact.objects.filter(pk=contact.pk).update(search_text="somebody else")
    assert (named("boer"), named("somebody")) == (set(), {"Eva de Boer"})
    Contact.objects.filter(pk=contact.pk).delete()
    assert by_the_index(read_terms("somebody")) == set()


@pytest.mark.django_db
def test_index_follows_a_contact_that_many_are_made_with(channel):
    Contact.objects.bulk_create(
        Contact(channel=channel, identifier=f"3161234{number:04}", search_text=f"number {number}")
        for number in range(50)
    )
    assert len(by_the_index(read_terms("number"))) == 50
    Contact.objects.all().delete()
    assert by_the_index(read_terms("number")) == set()


@pytest.mark.django_db(transaction=True)
def test_index_is_made_anew_after_a_migration_that_rebuilds_the_table(channel):
    make_contact(channel, name="Before")
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor._remake_table(Contact)
    make_contact(channel, name="Between")
    call_command("migrate", verbosity=0)
    make_contact(channel, name="Behind")
    for name in ("Before", "Between", "Behind"):
        assert named(name) == {name}


@pytest.mark.django_db
def test_pages_of_a_search_are_the_same_by_the_order_and_by_the_index(monkeypatch, agent, team, channel):
    other, hidden = make_channel(teams=[team]), make_channel()
    for number in range(30):
        make_contact((channel, other, hidden)[number % 3], name=f"{'Eva' if number % 4 else 'Bo'} {number * 7 % 30:02}")
    contacts = Contact.objects.visible_to(agent)
    for order in ORDERS.values():
        for text in ("eva", "bo", "e", "1", "eva 0", "nobody"):
            expected = [row.pk for row in keyset.page(search(contacts, text), order, "", 50).rows]
            for few in (0, 1_000):
                with monkeypatch.context() as patched:
                    shrink_sizes(patched, few)
                    beside = {
                        row.pk: [
                            keyset.neighbor(search(contacts, text), order, row, is_before=one) for one in (True, False)
                        ]
                        for row in contacts
                        if row.pk in expected
                    }
                    seen, counted, cursor = [], set(), ""
                    while True:
                        found = search(contacts, text)
                        rows, cursor = keyset.page(found, order, cursor, 4)
                        seen += [row.pk for row in rows]
                        counted.add((found_count(found, 4), found_count(found, 40)))
                        if not cursor:
                            break
                assert seen == expected
                assert beside == {
                    key: list(around)
                    for key, *around in zip(expected, [None, *expected], [*expected[1:], None], strict=False)
                }
                assert set(seen) == set(search(contacts, text).values_list("pk", flat=True))
                assert counted == {(min(len(expected), 5), len(expected))}


@pytest.mark.django_db
def test_filter_after_the_search_is_heeded_by_pages_and_counts(monkeypatch, channel):
    shrink_sizes(monkeypatch, 0)
    contacts = [make_contact(channel, name="Eva") for _number in range(6)]
    found = search(Contact.objects.all(), "eva").filter(pk__lte=contacts[1].pk)
    assert found_count(found) == 2
    assert set(keyset.page(found, ORDERS["name"], "", 50).rows) == set(contacts[:2])


@pytest.mark.django_db
def test_search_of_a_viewer_without_channels_finds_nobody(outsider, channel):
    make_contact(channel, name="Eva")
    assert not search(Contact.objects.visible_to(outsider), "eva")
    assert keyset.page(search(Contact.objects.visible_to(outsider), "eva"), ORDERS["name"], "", 5).rows == []


@pytest.mark.django_db
def test_longest_search_is_no_error(channel):
    make_contact(channel, name="Eva")
    for text in ("e " * 100, "".join(map(chr, range(97, 123))) * 8, '"' * 200, "0" * 200, "é" * 200):
        assert not Contact.objects.filter(Q(pk__in=search(Contact.objects.all(), text))).exclude(name="Eva")
        by_the_index(read_terms(text))
