"""The history of a contact."""

from django.utils import timezone

from contacts.models import Change, ContactImport
from tests.factories import make_contact


def test_newest_change_comes_first(channel, agent):
    contact = make_contact(channel)
    changes = [contact.edit({"name": name}, agent) for name in ("Eva", "Zoë")]
    assert list(contact.changes.newest_first()) == changes[::-1]


def test_changes_outlive_the_user_who_made_them(channel, agent):
    contact = make_contact(channel)
    contact.edit({"name": "Eva"}, agent)
    agent.delete()
    change = contact.changes.get()
    assert (change.actor, change.values) == (None, {"name": ["", "Eva"]})


def test_changes_outlive_the_import_that_they_name(channel):
    contact_import = ContactImport.objects.create(channel=channel, name="fair.csv")
    contact = make_contact(channel, created_in_import=contact_import)
    Change.objects.create(
        contact=contact, at=timezone.now(), source="import", import_id=contact_import.pk, import_line=2
    )
    number = contact_import.pk
    contact_import.delete()
    contact.refresh_from_db()
    assert contact.created_in_import is None
    assert contact.changes.values_list("import_id", "import_line").get() == (number, 2)
