import pytest
from django.utils import translation

from channels.models import Channel
from contacts.exporting.resources import ContactResource
from contacts.importing.map import map_header
from contacts.models import CustomField
from tests.factories import make_field

pytestmark = pytest.mark.django_db

READ_ONLY = {"channel", "provider_id", "blocked", "last_activity_at", "created_at"}


def header(kinds: set[str], names: list[str] | None = None) -> dict[str, str]:
    """{name: title} of a file with contacts of these kinds."""
    resource = ContactResource()
    names = names or [name for name, _title in resource.choices()]
    return dict(zip(names, resource.titles(names, kinds), strict=True))


def read(titles: dict[str, str], channel_type: str) -> dict[str, str]:
    """{name: the field that an import takes the column for}."""
    channel = Channel(type=channel_type, default_country="NL")
    columns = map_header(list(titles.values()), channel, CustomField.objects.all())
    return dict(zip(titles, (column.field for column in columns), strict=True))


def test_custom_fields_in_use_stand_between_reference_and_labels():
    make_field("Company", position=2)
    make_field("Country", position=1)
    make_field("Old", archived_at="2026-01-01T00:00Z")

    names = [name for name, _title in ContactResource().choices()]

    assert names[:7] == ["identifier", "name", "email", "reference", "custom.country", "custom.company", "labels"]
    assert names[7] == "opted_out"
    assert set(names[8:]) == READ_ONLY


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    ("kind", "channel_type", "title"),
    [
        ("phone", "whatsapp", "phoneNumber"),
        ("handle", "telegram", "handle"),
        ("email", "email", "email"),
        ("opaque", "livechat", "id"),
    ],
)
def test_import_knows_every_title(language, kind, channel_type, title):
    make_field("Company")
    with translation.override(language):
        titles = header({kind})

    assert titles["identifier"] == title
    assert read(titles, channel_type) == {name: "ignored" if name in READ_ONLY else name for name in titles}


@pytest.mark.parametrize("channel_type", ["whatsapp", "telegram", "email", "livechat"])
def test_import_knows_the_identifier_of_a_file_with_several_kinds(channel_type):
    make_field("Mobiel")

    fields = read(header({"phone", "handle", "email", "opaque"}), channel_type)

    assert fields["identifier"] == "identifier"
    assert fields["email"] == "email"


@pytest.mark.parametrize("title", ["Name", "Labels", "phoneNumber", "E-MAIL", "Blocked (read-only)"])
def test_custom_field_that_is_called_as_a_built_in_one_is_read_only(title):
    field = make_field(title)

    titles = header({"phone"})

    assert titles[f"custom.{field.slug}"] == f"{title} (read-only)"
    assert read(titles, "whatsapp") == {
        name: "ignored" if name in READ_ONLY or name.startswith("custom.") else name for name in titles
    }


def test_custom_field_that_is_a_worse_title_of_the_identifier_stays_itself():
    make_field("Mobiel")

    titles = header({"phone"})

    assert (titles["custom.mobiel"], read(titles, "whatsapp")["custom.mobiel"]) == ("Mobiel", "custom.mobiel")


def test_custom_field_is_mistaken_once_the_built_in_column_is_left_out():
    make_field("Full name")

    titles = header({"phone"}, ["identifier", "custom.full-name"])

    assert titles["custom.full-name"] == "Full name (read-only)"


def test_dutch_viewer_gets_dutch_titles():
    with translation.override("nl"):
        titles = header({"phone"})

    assert (titles["name"], titles["reference"]) == ("Naam", "Referentie")
