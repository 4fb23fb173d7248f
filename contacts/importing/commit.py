"""The staged plan → contacts. Never the file again.

Each chunk is one short transaction that writes contacts, history, labels, row outcomes and the cursor together, so
after any crash the next worker goes on behind the cursor: no row is done twice, none is left out.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from contacts.extensions import import_targets
from contacts.folding import title_key
from contacts.importing import bulk, report
from contacts.importing.lease import Lease
from contacts.importing.map import Column, columns_of
from contacts.models import Contact, ContactImport, ContactLabel, CustomField, ImportRow, Label

CHUNK = 5_000
_ATTEMPTS = 3

Outcome = ImportRow.Outcome
State = ContactImport.State


class OutdatedPlan(Exception):
    """The custom fields are not those of the review any more."""


def confirm(contact_import: ContactImport) -> bool:
    """The administrator's yes. False where it was given before, or is not his to give any more."""
    return ContactImport.objects.transition(
        contact_import.pk, State.STAGED, State.COMMITTING, committing_at=timezone.now(), cursor=0, rows_done=0
    )


def cancel(contact_import: ContactImport) -> bool:
    """Stop after the chunk that is being written, and count what was done. False where it has ended already."""
    with transaction.atomic():
        for state in (State.UPLOADED, State.STAGING, State.STAGED):
            if ContactImport.objects.transition(contact_import.pk, state, State.CANCELED, cursor=0):
                break
        else:
            if not ContactImport.objects.transition(contact_import.pk, State.COMMITTING, State.CANCELED):
                return False
        contact_import.refresh_from_db()
        contact_import.counts = report.count(contact_import)
        contact_import.lease_token = contact_import.lease_until = None
        contact_import.save(update_fields=["counts", "lease_token", "lease_until"])
    return True


def begin(import_id: int) -> Lease | None:
    """The lease to commit a confirmed import, or to go on where another worker died."""
    return Lease.take(import_id, State.COMMITTING)


def commit(lease: Lease) -> None:
    """Commit the import of the lease, from its cursor on. Raises LostLease."""
    contact_import = ContactImport.objects.select_related("channel").get(pk=lease.import_id)
    try:
        _make_fields(contact_import, lease)
    except OutdatedPlan:
        # Nothing is written yet: the file is checked again, and the review asks again.
        lease.finish(State.UPLOADED, header=[], cursor=0)
        return
    while last := _last_line(contact_import):
        _commit_chunk_anew(contact_import, lease, last)
    with transaction.atomic():
        lease.finish(State.COMMITTED, committed_at=timezone.now(), counts=report.count(contact_import))


def _last_line(contact_import: ContactImport) -> int | None:
    """The last line of the next chunk, None where all is done."""
    lines = contact_import.rows.filter(line__gt=contact_import.cursor).order_by("line").values_list("line", flat=True)
    full = list(lines[CHUNK - 1 : CHUNK])
    return full[0] if full else lines.last()


def _commit_chunk_anew(contact_import: ContactImport, lease: Lease, last: int) -> None:
    """A contact that somebody adds in the same moment makes the chunk fail; then it is seen the next time."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            done = _commit_chunk(contact_import, lease, last)
        except IntegrityError:
            if attempt == _ATTEMPTS:
                raise
        else:
            contact_import.cursor, contact_import.rows_done = last, done
            return


def _commit_chunk(contact_import: ContactImport, lease: Lease, last: int) -> int:
    first, now = contact_import.cursor, timezone.now()
    rows = contact_import.rows.filter(line__gt=first, line__lte=last)
    with transaction.atomic():
        done = contact_import.rows_done + rows.count()
        lease.renew(cursor=last, rows_done=done)
        _turn_down_changed(contact_import, rows)
        bulk.insert_contacts(contact_import, first, last, now)
        bulk.update_contacts(contact_import, first, last, now)
        bulk.insert_changes(contact_import, first, last, now)
        _add_labels(contact_import, rows, now)
        _add_to_target(contact_import, rows)
    return done


def _turn_down_changed(contact_import: ContactImport, rows: QuerySet[ImportRow]) -> None:
    """Rows whose contact was changed, made or erased since the review are not written over it blindly."""
    updated = rows.filter(outcome=Outcome.UPDATED)
    planned = dict(updated.values_list("contact_id", "contact_version"))
    # Locked until the chunk is written, where the engine has row locks.
    found = dict(Contact.objects.select_for_update().filter(pk__in=planned).order_by("pk").values_list("pk", "version"))
    stale = [pk for pk, version in planned.items() if found.get(pk) != version]
    taken = Exists(Contact.objects.filter(channel=contact_import.channel_id, identifier=OuterRef("identifier")))
    turned_down = [*updated.filter(contact_id__in=stale), *rows.filter(taken, outcome=Outcome.CREATED)]
    for row in turned_down:
        row.reject("changed_since_review")
    ImportRow.objects.bulk_update(turned_down, ImportRow.REJECTED, batch_size=500)


def _make_fields(contact_import: ContactImport, lease: Lease) -> None:
    """Make the custom fields that the file brings, with the slugs of the plan; bring archived ones back."""
    columns = {column.slug: column for column in columns_of(contact_import.header) if column.slug}
    with transaction.atomic():
        lease.renew()
        existing = {field.slug: field for field in CustomField.objects.filter(slug__in=columns)}
        for slug, column in columns.items():
            _make_field(slug, column, existing.get(slug))


def _make_field(slug: str, column: Column, field: CustomField | None) -> None:
    key = title_key(column.title)
    if field is None:
        if CustomField.objects.filter(key=key).exists():
            raise OutdatedPlan
        CustomField.objects.create(slug=slug, title=column.title, position=CustomField.objects.count())
    elif field.archived_at:
        field.archived_at = None
        field.save(update_fields=["archived_at"])


def _add_labels(contact_import: ContactImport, rows: QuerySet[ImportRow], now: datetime) -> None:
    labeled = rows.filter(outcome__in=(Outcome.CREATED, Outcome.UPDATED), labels__isnull=False)
    names_of = dict(labeled.values_list("identifier", "labels"))
    if not names_of:
        return
    labels = _labels({title_key(name): name for names in names_of.values() for name in names})
    contacts = Contact.objects.filter(channel=contact_import.channel_id, identifier__in=names_of)
    ContactLabel.objects.bulk_create(
        [
            ContactLabel(
                contact_id=pk,
                label_id=labels[title_key(name)],
                added_at=now,
                added_by_id=contact_import.created_by_id,
                import_id=contact_import.pk,
            )
            for pk, identifier in contacts.values_list("pk", "identifier")
            for name in names_of[identifier]
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )


def _labels(wanted: dict[str, str]) -> dict[str, int]:
    """{key: pk} of the labels with these keys; the missing ones are made."""
    labels = dict(Label.objects.filter(key__in=wanted).values_list("key", "pk"))
    for key in wanted.keys() - labels.keys():
        labels[key] = Label.objects.create(name=wanted[key]).pk
    return labels


def _add_to_target(contact_import: ContactImport, rows: QuerySet[ImportRow]) -> None:
    """Every accepted row lands on the target, contacts that stay as they are too: the file is for it."""
    if not contact_import.target:
        return
    accepted = rows.exclude(outcome__in=(Outcome.REJECTED, Outcome.REMOVED)).values("identifier")
    contacts = Contact.objects.filter(channel=contact_import.channel_id, identifier__in=accepted)
    target = import_targets[contact_import.target["key"]]
    target.add(contact_import.target["id"], contacts, contact_import.pk, contact_import.created_by_id)
