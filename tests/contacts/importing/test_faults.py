"""A process that ends at each of its calls of the database in turn: the next one goes on, and nobody can tell."""

import os
import sys
import traceback
from itertools import count

import pytest
from django.db import connections
from django.utils import timezone

from campaigns.models import List
from contacts.importing import bulk, commit, report, revise, undo
from contacts.importing.work import work_on
from contacts.models import Change, Contact, ContactImport, ContactLabel, CustomField, Label
from tests.contacts.importing.files import lines
from tests.contacts.importing.imports import let_lease_run_out, upload, work
from tests.factories import make_administrator, make_channel, make_contact, make_label

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # The runner that shares the tests among processes has a thread of its own.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]

ENDED, DONE, FAILED = 86, 0, 1
FILE = lines(
    "phoneNumber,name,labels,Town",
    "0610000001,Eva,VIP,Delft",  # new, once its number is mended
    "0610000002,Chris,VIP,Gouda",  # updated, so is the next one
    "0610000003,Zoë,Old,",  # out of the trash
    "31610000001,Eva again,,",  # new until then
    "0610000004,Sam,,",  # as it stands
)


def run_until_call(number: int, import_id: int) -> int:
    """Work on the import in a process that ends before its call of that number. How it ended."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        _end_at(number)
        work_on(import_id)
    except BaseException:  # noqa: BLE001 (nothing may get out of here into the test that was forked)
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(FAILED)
    os._exit(DONE)


def _end_at(number: int) -> None:
    """Count statements, COPYs and commits."""
    calls, connection = count(1), connections["default"]

    def counted(function):
        def call(*args, **kwargs):
            if next(calls) == number:
                os._exit(ENDED)
            return function(*args, **kwargs)

        return call

    connection.execute_wrappers.append(counted(lambda execute, *args: execute(*args)))
    connection.commit = counted(connection.commit)
    if connection.vendor == "postgresql":
        connection.Database.Cursor.copy = counted(connection.Database.Cursor.copy)


def prepared(number: int, user) -> ContactImport:
    """An upload into a channel of its own, into a book without what earlier ones left behind."""
    CustomField.objects.all().delete()
    Label.objects.exclude(name="Old").delete()
    channel = make_channel(f"Channel {number}")
    trashed_at = timezone.now().replace(microsecond=0)
    for last, name, deleted_at in ((2, "C.", None), (3, "Zoë", trashed_at), (4, "Sam", None)):
        make_contact(channel, f"3161000000{last}", name, deleted_at=deleted_at)
    newsletter = List.objects.create(name=f"List {number}")
    return upload(FILE, channel, user, target={"key": "list", "id": newsletter.pk})


def tables(contact_import: ContactImport) -> dict[str, list]:
    """All that the import wrote, but for keys and times."""
    channel = contact_import.channel_id
    contacts = Contact.objects.filter(channel=channel).order_by("identifier")
    changes = Change.objects.filter(contact__channel=channel).order_by("contact__identifier", "pk")
    rows = contact_import.rows.order_by("line")
    fields = (
        "identifier",
        "name",
        "custom_values",
        "labels",
        "outcome",
        "planned",
        "problem_code",
        "corrected",
        "mended",
        "undo",
    )
    carried = ContactLabel.objects.filter(contact__channel=channel).order_by("contact__identifier", "label")
    return {
        "import": [contact_import.state, contact_import.refusal, contact_import.cursor, contact_import.header],
        "ledger": [report.ledger(contact_import), contact_import.undo_counts, contact_import.lease_until],
        "rows": list(rows.values_list("line", *fields)),
        "fields": list(CustomField.objects.values_list("slug", "title")),
        "contacts": [
            (*row[:-1], bool(row[-1]))
            for row in contacts.values_list(
                "identifier", "name", "custom_values", "search_text", "version", "deleted_at"
            )
        ],
        "changes": [
            (*row[:-1], {name: value for name, value in row[-1].items() if name != "deleted_at"})
            for row in changes.values_list("contact__identifier", "source", "actor_id", "import_line", "values")
        ],
        "labels": list(carried.values_list("contact__identifier", "label__name", "added_by_id")),
        "members": sorted(
            List.objects.get(pk=contact_import.target["id"]).members.values_list("identifier", flat=True)
        ),
    }


def mend_numbers(contact_import: ContactImport, user) -> bool:
    """What is too much at once is handed to a worker."""
    return revise.revise(contact_import, revise.Job("mend", code="no_country_code")) is None


STEPS = {
    "check": lambda contact_import, user: True,
    "repair": mend_numbers,
    "import": commit.confirm,
    "undo": undo.start,
}


def test_process_that_ends_at_any_call_leaves_no_trace(monkeypatch):
    # Two chunks each.
    monkeypatch.setattr(bulk, "CHUNK_ROWS", 3)
    user = make_administrator()
    make_label("Old")
    undisturbed = prepared(0, user)
    expected = {}
    for step, begin in STEPS.items():
        assert begin(undisturbed, user)
        work(undisturbed)
        expected[step] = tables(undisturbed)
    assert undisturbed.state == "undone"

    ended = dict.fromkeys(STEPS, 0)
    left = set(STEPS)  # those with more calls
    for number in count(1):
        contact_import = prepared(number, user)
        for step, begin in STEPS.items():
            assert begin(contact_import, user)
            result = run_until_call(number, contact_import.pk) if step in left else DONE
            assert result in (ENDED, DONE)
            let_lease_run_out(contact_import)
            work(contact_import)
            if result == ENDED:
                ended[step] += 1
                assert tables(contact_import) == expected[step], (step, number)
            else:
                left.discard(step)
        if not left:
            break
    assert min(ended.values()) > 20
