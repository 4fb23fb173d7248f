import pytest
from django.urls import reverse

from channels.types import ChannelType
from tests.contacts.importing.imports import committed, ledger, problems
from tests.factories import make_channel


def url_for(channel_type):
    return reverse("contacts:import_template", args=[channel_type])


@pytest.mark.parametrize("delimiter", ["comma", "semicolon"])
@pytest.mark.parametrize("channel_type", ChannelType.values)
def test_template_imports_with_zero_problems(administrator_client, channel_type, delimiter):
    response = administrator_client.get(url_for(channel_type), {"delimiter": delimiter})
    assert response.headers["Content-Disposition"] == f'attachment; filename="contacts-{channel_type}.csv"'
    contact_import = committed(response.content, make_channel(type=channel_type))
    assert (contact_import.state, contact_import.delimiter) == ("committed", delimiter)
    assert problems(contact_import) == []
    assert ledger(contact_import) == {"rows": 2, "created": 2}


def test_template_holds_the_columns_of_version_1(administrator_client, db):
    header = administrator_client.get(url_for("whatsapp")).content.decode("utf-8-sig").splitlines()[0]
    assert header == "phoneNumber,name,reference,custom field 1,custom field 2"


@pytest.mark.parametrize(("channel_type", "delimiter"), [("fax", "comma"), ("sms", "pipe")])
def test_template_of_an_unknown_kind_is_not_found(administrator_client, channel_type, delimiter, db):
    assert administrator_client.get(url_for(channel_type), {"delimiter": delimiter}).status_code == 404
