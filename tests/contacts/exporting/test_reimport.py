"""An export that is imported again changes nothing: every row of it is unchanged, whatever stands in it."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.folding import title_key
from channels.models import Channel
from contacts.models import Change, Contact, ContactLabel, CustomField, Label
from tests.contacts.exporting.exports import exported
from tests.contacts.importing.imports import carry_out, ledger, staged
from tests.factories import make_administrator, make_channel, make_contact, make_field, make_label

IDENTIFIERS = {
    "whatsapp": ["31612345678", "32470123456", "4915123456789"],
    "sms": ["31687654321", "447400123456"],
    "telegram": ["eva_example", "xy_12"],
    "email": ["eva@example.com", "-x@example.com", "'t@example.com", "+a@example.com", "=b@example.com"],
    "messenger": ["4018273645", "-100123", "12345678901234567"],
}
PIECES = [
    *"=+-@\t\r\n＝＋－＠'\"",
    *[",", ";", "|", "  ", "\r\n", "\\", "<empty>", "''", "'=", "Eva", "Zoë", "e\u0301", "😀", "مرحبا", "\u202e"],
    *["\u200b", "\u2028", "yes", "1.234", "NULL", "<b>", "sep=;", "0612345678"],
]
PIECED = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)
NASTY = PIECED | st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=8)
CHOICES = ["=none", "Large, red", "-"]
TITLES = [
    "Company",
    "Name",
    "Naam",
    "E-mail",
    "Tag",
    "=cmd",
    "Mobiel",
    "phoneNumber",
    "a;b",
    "Blocked (read-only)",
    "ID",
    "Afgemeld",
    "Unsubscribed",
]


TYPED = {
    "number": st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    "date": st.dates().map(str),
    "yes_no": st.sampled_from(["yes", "no"]),
    "choice": st.sampled_from(CHOICES),
    "link": st.sampled_from(["https://example.com/?a=1,2;3", "http://x.nl/'="]),
}


@st.composite
def books(draw) -> dict:
    types = draw(st.dictionaries(st.sampled_from(TITLES), st.sampled_from(["text", *TYPED]), max_size=4))
    contact = st.fixed_dictionaries(
        {
            "name": NASTY,
            "email": st.sampled_from(["", "Eva@Example.com", "+x@example.com", "no address", "=1@example.com"]),
            "reference": NASTY,
            "values": st.fixed_dictionaries(
                # What a text field held before it got its type is no value of that type.
                {title: NASTY if kind == "text" else TYPED[kind] | NASTY for title, kind in types.items()}
            ),
            "labels": st.sets(st.integers(0, 4)),
            "is_opted_out": st.booleans(),
        }
    )
    return {
        "channel_type": draw(st.sampled_from(list(IDENTIFIERS))),
        "types": types,
        "contacts": draw(st.lists(contact, min_size=1, max_size=5)),
        "labels": draw(st.lists(PIECED.map(str.strip).filter(bool), min_size=5, max_size=5)),
        "format": draw(st.sampled_from(["csv", "csv-semicolon"])),
        "language": draw(st.sampled_from(["en", "nl"])),
    }


def fill(book: dict) -> Channel:
    channel = make_channel(type=book["channel_type"])
    fields = {title: make_field(title, kind, choices=CHOICES) for title, kind in book["types"].items()}
    labels = [Label.objects.filter(key=title_key(name)).first() or make_label(name) for name in book["labels"]]
    for identifier, values in zip(IDENTIFIERS[channel.type], book["contacts"], strict=False):
        custom = {fields[title].slug: text for title, text in values["values"].items() if text}
        contact = make_contact(
            channel,
            identifier,
            values["name"],
            email=values["email"],
            reference=values["reference"],
            custom_values=custom,
            opted_out_at=timezone.now() if values["is_opted_out"] else None,
        )
        for number in values["labels"]:
            ContactLabel.objects.get_or_create(contact=contact, label=labels[number])
    return channel


def state() -> list:
    """All of the book that an import could change."""
    return [
        list(Contact.objects.order_by("pk").values()),
        list(ContactLabel.objects.order_by("pk").values()),
        list(CustomField.objects.order_by("pk").values()),
        list(Label.objects.order_by("pk").values()),
        Change.objects.count(),
    ]


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(book=books())
def test_export_that_is_imported_changes_nothing(book):
    with transaction.atomic():
        channel, user = fill(book), make_administrator()
        content = exported(user, book["format"], language=book["language"], query=f"channel={channel.pk}")

        again = staged(content, channel, user)

        assert (again.state, again.refusal) == ("staged", None)
        count = channel.contacts.count()
        assert ledger(again) == {"rows": count, "unchanged": count}
        before = state()
        carry_out(again)
        assert state() == before
        transaction.set_rollback(True)
