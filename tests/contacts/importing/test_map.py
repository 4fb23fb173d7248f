import pytest
from django.utils import timezone

from channels.folding import title_key
from channels.models import Channel
from contacts.importing.map import (
    BY_TITLE,
    NEW,
    Column,
    as_header,
    columns_of,
    map_header,
    reconsidered,
    version_of,
)
from contacts.importing.refusals import UnreadableFile
from contacts.models import CustomField

WHATSAPP = Channel(type="whatsapp", default_country="NL")


def fields_of(titles: str, channel: Channel = WHATSAPP, existing: tuple[CustomField, ...] = ()) -> list[str]:
    """The fields of a header, its titles given with | between them."""
    return [column.field for column in map_header(titles.split("|"), channel, existing)]


def field(slug: str, title: str, **values) -> CustomField:
    return CustomField(slug=slug, title=title, key=title_key(title), **values)


def refusal(titles: str, channel: Channel = WHATSAPP) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        fields_of(titles, channel)
    return caught.value


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("name", "name"),
        ("NAAM", "name"),
        ("Volledige naam", "name"),
        ("voornaam", "name.first"),
        ("Tussenvoegsel", "name.infix"),
        ("achternaam", "name.last"),
        ("E-mail", "email"),
        ("E-mailadres", "email"),
        ("reference", "reference"),
        ("Referentie", "reference"),
        ("Label", "labels"),
        ("Tags", "labels"),
        ("Product Purchased", "custom.product-purchased"),
    ],
)
def test_title_becomes_its_field(title, expected):
    assert fields_of(f"phoneNumber|{title}") == ["identifier", expected]


@pytest.mark.parametrize("title", ["phoneNumber", "Phone number", "telefoonnummer", "Mobiel", "WhatsApp", " GSM "])
def test_identifier_is_found_by_its_title(title):
    assert fields_of(f"Customer|{title}") == ["custom.customer", "identifier"]


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        # Google Contacts
        (
            "First Name|Middle Name|Last Name|Organization Name|E-mail 1 - Value|Phone 1 - Label|Phone 1 - Value",
            "name.first name.infix name.last custom.organization-name email ignored identifier",
        ),
        # Outlook, English and Dutch
        (
            "First Name|Last Name|Business Phone|Mobile Phone|E-mail Address|Categories",
            "name.first name.last custom.business-phone identifier email labels",
        ),
        (
            "Voornaam|Achternaam|Telefoon op werk|Mobiele telefoon|E-mailadres|Categorieën",
            "name.first name.last custom.telefoon-op-werk identifier email labels",
        ),
        # HubSpot
        (
            "Record ID|First Name|Last Name|Email|Phone Number|Mobile Phone Number",
            "custom.record-id name.first name.last email identifier custom.mobile-phone-number",
        ),
        # Mailchimp
        ("Email Address|First Name|Last Name|Phone Number|TAGS", "email name.first name.last identifier labels"),
        # Shopify
        (
            "Customer ID|First Name|Last Name|Email|Default Address Phone|Phone|Note|Tags",
            "reference name.first name.last email custom.default-address-phone identifier custom.note labels",
        ),
        # Exact Online
        ("Code|Naam|Telefoon|Mobiel|E-mail", "custom.code name custom.telefoon identifier email"),
        # Tools for WhatsApp, and what a database calls them
        ("Name|WhatsApp Phone|Labels", "name identifier labels"),
        ("first_name|last_name|wa_id|external_id", "name.first name.last identifier reference"),
    ],
)
def test_exports_of_other_programs_are_known(titles, expected):
    assert fields_of(titles) == expected.split()


def test_identifier_is_the_better_of_two_known_titles():
    assert fields_of("Naam|Telefoon|Mobiel") == ["name", "custom.telefoon", "identifier"]


def test_identifier_without_a_known_title_is_the_first_column():
    assert fields_of("Contact|Country") == ["identifier", "custom.country"]


@pytest.mark.parametrize(
    ("channel_type", "title"),
    [("email", "E-mail"), ("instagram", "Username"), ("telegram", "handle"), ("livechat", "ID")],
)
def test_identifier_title_belongs_to_the_channel_type(channel_type, title):
    assert fields_of(f"Naam|{title}", Channel(type=channel_type)) == ["name", "identifier"]


def test_built_in_field_is_taken_by_its_first_column():
    assert fields_of("phoneNumber|name|Naam") == ["identifier", "name", "custom.naam"]


def test_field_of_the_same_title_is_used_again():
    existing = (field("land", "Country"), field("old", "Product", archived_at=timezone.now()))

    assert fields_of("phoneNumber|COUNTRY|product", existing=existing) == ["identifier", "custom.land", "custom.old"]


def test_titles_with_one_slug_become_two_fields():
    assert fields_of("phoneNumber|Customer nr|Customer-nr|Customer nr.") == [
        "identifier", "custom.customer-nr", "custom.customer-nr-2", "custom.customer-nr-3",
    ]  # fmt: skip


def test_title_in_another_script_gets_a_slug():
    assert fields_of("phoneNumber|Страна|国") == ["identifier", "custom.field", "custom.field-2"]


def test_slug_avoids_that_of_an_existing_field():
    assert fields_of("phoneNumber|Land", existing=(field("land", "Country"),)) == ["identifier", "custom.land-2"]


def test_long_title_is_cut_for_its_field():
    question = "Would you recommend us to your friends, and if not, which of the following reasons is the one? " * 2

    [_, column] = map_header(["phoneNumber", question], WHATSAPP, ())
    [_, again] = map_header(["phoneNumber", question], WHATSAPP, [field("known", column.field_title)])

    assert len(column.field_title) == 100
    assert column.title == question
    assert again.field == "custom.known"


def test_long_titles_that_begin_alike_are_refused():
    start = "x" * 100

    error = refusal(f"phoneNumber|{start} first|{start} second")

    assert (error.code, error.params["first"], error.params["column"]) == ("duplicate_column_title", 2, 3)


@pytest.mark.parametrize("titles", ["name|Country", "Naam|Telefoon nr", "E-mail|Country", "reference|x"])
def test_first_column_that_is_something_else_is_refused(titles):
    assert refusal(titles).code == "no_identifier_column"


@pytest.mark.parametrize(
    "first_cell",
    ["31612345678", "+31 6 12345678", "0612345678", "31201234567", "3.16E+10", "31612345678.0", "eva@example.com"],
)
def test_data_in_the_first_line_is_refused(first_cell):
    error = refusal(f"{first_cell}|Eva|reference 1")

    assert error.code == "no_identifier_column"
    assert "first column" in error.message


@pytest.mark.parametrize("titles", ["Eva|31612345678", "Eva|Amsterdam|eva@example.com"])
def test_data_in_the_first_line_is_noticed_behind_a_name(titles):
    assert refusal(titles).params == {"about": "first_line"}


@pytest.mark.parametrize("titles", ["Contact|2024|2025", "Customer|name|31612345678"])
def test_titles_that_are_numbers_are_no_data(titles):
    assert fields_of(titles)[0] == "identifier"


def test_data_in_the_first_line_is_noticed_on_every_channel_type():
    assert refusal("eva@example.com|Eva", Channel(type="email")).code == "no_identifier_column"
    assert refusal("@eva_example|Eva", Channel(type="instagram")).code == "no_identifier_column"


@pytest.mark.parametrize(
    ("titles", "version"),
    [
        ("phoneNumber|name|reference|x", 1),
        ("phoneNumber|reference", 1),
        ("phoneNumber|first name|last name", 1),
        ("phoneNumber|x|y", 2),
        ("phoneNumber", 2),
    ],
)
def test_version_is_told_by_the_header(titles, version):
    assert version_of(map_header(titles.split("|"), WHATSAPP, ())) == version


@pytest.mark.parametrize("title", ["Blocked (read-only)", "Geblokkeerd (alleen-lezen)"])
def test_column_that_an_export_marks_as_read_only_is_left_out(title):
    assert fields_of(f"phoneNumber|{title}|Country") == ["identifier", "ignored", "custom.country"]


@pytest.mark.parametrize("channel_type", ["whatsapp", "instagram", "email", "messenger"])
def test_identifier_of_an_export_over_many_channels_wins(channel_type):
    fields = fields_of("contactIdentifier|E-mail|Mobiel|handle|id", Channel(type=channel_type))

    assert fields[:2] == ["identifier", "email"]


def test_field_that_somebody_made_counts_for_more_than_a_title_of_other_programs():
    existing = (field("group", "Group"), field("name", "Name"), field("old", "Tags", archived_at=timezone.now()))
    assert fields_of("phoneNumber|group|name|Tags", existing=existing) == [
        "identifier", "custom.group", "name", "labels",
    ]  # fmt: skip


# What was chosen


def test_field_that_is_called_as_a_column_of_google_is_filled():
    titles = "Phone 1 - Label|Phone 1 - Value"
    assert fields_of(titles) == ["ignored", "identifier"]
    assert fields_of(titles, existing=(field("kind", "Phone 1 - Label"),)) == ["custom.kind", "identifier"]


def test_choice_counts_for_more_than_the_title():
    chosen = [Column("name", "identifier"), Column("phoneNumber", "reference"), Column("Naam", BY_TITLE)]

    columns = map_header(["name", "phoneNumber", "Naam"], WHATSAPP, (), chosen)

    assert [column.field for column in columns] == ["identifier", "reference", "name"]


def test_new_field_has_the_slug_and_type_that_the_commit_makes():
    chosen = [Column("phoneNumber", "identifier"), Column("Since", NEW, type="date")]

    columns = map_header(["phoneNumber", "Since"], WHATSAPP, (), chosen)

    assert columns[1] == Column("Since", "custom.since", type="date")
    assert columns_of(as_header(columns)) == columns
    assert columns[1].as_json() == {"title": "Since", "field": "custom.since"}


def test_new_field_that_somebody_made_meanwhile_is_that_one():
    columns = reconsidered([Column("Since", "custom.since", type="date")], [field("when", "SINCE")])
    [_, column] = map_header(["x", "Since"], WHATSAPP, [field("when", "SINCE")], [Column("x", "identifier"), *columns])
    assert (column.field, column.type) == ("custom.when", None)


def test_field_that_was_chosen_for_another_column_leaves_its_own_title_out():
    chosen = [Column("x", "identifier"), Column("City", "custom.land"), Column("Country", BY_TITLE)]
    columns = map_header(["x", "City", "Country"], WHATSAPP, [field("land", "Country")], chosen)
    assert [column.field for column in columns] == ["identifier", "custom.land", "ignored"]
