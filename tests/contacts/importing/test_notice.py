"""The mail at the end of a long import, and of its undo."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from contacts import tasks
from contacts.importing import commit, notice, undo
from contacts.models import ContactImport
from tests.contacts.importing.imports import EVA, committed, staged, work

FILE = f"phoneNumber,name\n{EVA},Eva Jansen\n0612,Bart\n"


def begin(channel, user, minutes: int = 2, **values) -> ContactImport:
    """An import that was confirmed so many minutes ago."""
    contact_import = staged(FILE, channel, user, name="march.csv")
    assert commit.confirm(contact_import, user)
    values = {"committing_at": timezone.now() - timedelta(minutes=minutes), **values}
    ContactImport.objects.filter(pk=contact_import.pk).update(**values)
    return contact_import


def do(contact_import) -> None:
    """As a worker does it, and then the mail."""
    tasks.work_on_import.call(contact_import.pk)
    tell()


def tell() -> None:
    for task in tasks.DBTaskResult.objects.filter(task_path=tasks.tell_end.module_path):
        tasks.tell_end.call(*task.args_kwargs["args"])
        task.delete()


def test_end_of_a_long_import_is_told_once_to_who_confirmed_it(administrator, channel):
    contact_import = begin(channel, administrator)
    do(contact_import)
    do(contact_import)
    [message] = mail.outbox
    assert (message.to, message.subject) == (["ada@example.com"], "The contacts are imported: march.csv")
    assert "Created: 1\n" in message.body
    assert "Rejected: 1\n" in message.body
    assert f"http://localhost:8000/contacts/imports/{contact_import.pk}/result/" in message.body


def test_mail_tells_nothing_of_any_contact(administrator, channel):
    do(begin(channel, administrator))
    [message] = mail.outbox
    for secret in ("Eva", "Bart", EVA, "0612"):
        assert secret not in message.subject + message.body


def test_end_is_told_in_the_language_of_who_confirmed_it(administrator, channel):
    with translation.override("nl"):
        contact_import = begin(channel, administrator)
    do(contact_import)
    [message] = mail.outbox
    with translation.override("nl"):
        assert "Not imported" not in message.body
        assert str(translation.gettext("Rejected")) in message.body


def test_short_import_is_never_told(administrator, channel):
    contact_import = begin(channel, administrator, minutes=0)
    do(contact_import)
    ContactImport.objects.update(committing_at=timezone.now() - timedelta(hours=1))
    do(contact_import)
    assert mail.outbox == []


def test_canceled_import_is_not_told(administrator, channel):
    contact_import = begin(channel, administrator)
    commit.cancel(contact_import)
    do(contact_import)
    assert mail.outbox == []


def test_import_that_breaks_down_is_told_with_the_reason(administrator, channel):
    contact_import = begin(channel, administrator)
    channel.is_active = False
    channel.save()
    do(contact_import)
    [message] = mail.outbox
    assert message.subject == "The import broke down: march.csv"
    assert "The import was stopped" in message.body


def test_end_of_a_long_undo_is_told_to_who_began_it(administrator, channel):
    contact_import = committed(FILE, channel, administrator, name="march.csv")
    assert undo.start(contact_import, administrator)
    ContactImport.objects.update(undoing_at=timezone.now() - timedelta(minutes=2))
    do(contact_import)
    [message] = mail.outbox
    assert message.subject == "The import was undone: march.csv"
    assert "Removed: 1 (not in the book any more)" in message.body


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_mail_goes_to_nobody_who_may_not_have_it(administrator, channel, change):
    contact_import = begin(channel, administrator)
    work(contact_import)
    for name, value in change.items():
        setattr(administrator, name, value)
    administrator.save()
    notice.send(contact_import.pk, "en")
    assert mail.outbox == []


def test_name_of_the_file_adds_no_header(administrator, channel):
    contact_import = begin(channel, administrator, name="a\nBcc: x@example.com\n.csv")
    do(contact_import)
    assert mail.outbox[0].subject == "The contacts are imported: a Bcc: x@example.com .csv"


def test_import_of_the_command_line_has_nobody_to_tell(channel):
    do(begin(channel, None))
    assert mail.outbox == []
