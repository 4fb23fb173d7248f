"""The staged plan → contacts. Never the file again.

Each chunk is one short transaction that writes contacts, history, labels, row outcomes and the cursor together, so
after any crash the next worker goes on behind the cursor: no row is done twice, none is left out.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from channels.folding import title_key
from channels.identifiers import spellings
from channels.models import Channel
from contacts.extensions import import_targets
from contacts.importing import bulk, recipes, refusals, report, target, uploads
from contacts.importing.map import Column, columns_of, has_labels, has_opt_outs
from contacts.importing.uncollected import uncollected
from contacts.jobs.lease import Lease
from contacts.models import Contact, ContactImport, ContactLabel, CustomField, Erasure, ImportRow, Label
from contacts.models.contact import CUSTOM
from contacts.search import index

_ATTEMPTS = 3
_SLICE = 1_000  # labels in one statement: SQLite takes so many parameters and not all

Outcome = ImportRow.Outcome
State = ContactImport.State
_CANCELABLE = (State.UPLOADED, State.STAGING, State.STAGED, State.COMMITTING)


class OutdatedPlan(Exception):
    """The custom fields are not those of the review any more."""


class LabelsNotAllowed(Exception):
    """The file brings labels that are not there, and whoever confirmed it may not make any."""


def confirm(contact_import: ContactImport, user: User | None) -> bool:
    """Have a worker commit what was reviewed, as the user (None is the command line) says.

    False where that was said before, comes too late, or the channel takes no writes.
    """
    imports = ContactImport.objects.filter(channel__is_active=True)
    begun: dict[str, Any] = {"cursor": 0, "rows_done": 0, "refusal": None, "confirmed_by": user}
    begun |= {"is_from_command_line": user is None}
    begun |= {"committing_at": timezone.now(), "purge_at": uploads.purge_date()}
    begun |= {"mail_language": (get_language() or "") if user else ""}
    if not imports.transition(contact_import.pk, State.STAGED, State.COMMITTING, **begun):
        return False
    recipes.remember(contact_import)
    return True


def cancel(contact_import: ContactImport) -> bool:
    """Stop after the chunk that is being written, and count what was done. False where it has ended already."""
    with transaction.atomic():
        going_on = ContactImport.objects.filter(pk=contact_import.pk, state__in=_CANCELABLE)
        if not going_on.update(state=State.CANCELED, lease_token=None, lease_until=None, refusal=None):
            return False
        report.freeze(contact_import.pk)
    contact_import.refresh_from_db()
    return True


def begin(import_id: int) -> Lease | None:
    """The lease to commit a confirmed import, or to go on where another worker died."""
    return Lease.take(ContactImport, import_id, State.COMMITTING)


def commit(lease: Lease) -> None:
    """Commit the import of the lease, from its cursor on. Raises LostLease."""
    contact_import = ContactImport.objects.select_related("channel").get(pk=lease.pk)
    reason = _reason_to_stop(contact_import)
    if reason == "target_gone" and not contact_import.cursor:
        # Nothing is written yet: another one can be chosen.
        lease.finish(State.STAGED, committing_at=None, refusal=refusals.stored("no_target"))
        return
    if not (contact_import.cursor or reason):
        try:
            with transaction.atomic():
                _make_fields(contact_import, lease)
                _make_target(contact_import, lease)
        except (OutdatedPlan, IntegrityError):
            # Nothing is written yet: the file is checked again, and the review asks again.
            lease.finish(State.UPLOADED, cursor=0, committing_at=None, refusal=refusals.stored("outdated_plan"))
            return
    while last := chunk_end(contact_import, contact_import.cursor):
        if reason := _reason_to_stop(contact_import):
            _stop(lease, reason)
            return
        try:
            _commit_chunk_anew(contact_import, lease, last)
        except LabelsNotAllowed:
            _stop(lease, "labels_not_allowed")
            return
    index.flush()
    with transaction.atomic():
        lease.finish(State.COMMITTED, committed_at=timezone.now(), counts=report.count(contact_import))


def _reason_to_stop(contact_import: ContactImport) -> str:
    try:
        user = contact_import.confirmer()
    except User.DoesNotExist:
        return "not_allowed"
    if not contact_import.may_be_written(user):
        return "not_allowed"
    return "" if target.takes(contact_import, user) else "target_gone"


def _stop(lease: Lease, reason: str) -> None:
    """End an import whose right to write was taken away; what was written stays."""
    with transaction.atomic():
        lease.finish(State.FAILED, refusal=refusals.stored(reason))
        report.freeze(lease.pk)


def chunk_end(contact_import: ContactImport, after: int) -> int | None:
    """The last line of the chunk that starts behind a line, None where there are no more."""
    lines = contact_import.rows.filter(line__gt=after).order_by("line").values_list("line", flat=True)
    row_bytes = contact_import.size // max(contact_import.rows_total or 0, 1)
    length = max(min(bulk.CHUNK_ROWS, bulk.CHUNK_BYTES // max(row_bytes, 1)), 1)
    full = list(lines[length - 1 : length])
    return full[0] if full else lines.last()


def _commit_chunk_anew(contact_import: ContactImport, lease: Lease, last: int) -> None:
    """Commit a chunk, again where it fails because somebody adds a contact of it in the same moment."""
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
    with uncollected(), transaction.atomic():
        done = contact_import.rows_done + rows.count()
        lease.renew(cursor=last, rows_done=done)
        # Imports into one channel take turns, and each finds what the other made. Nobody else waits for this lock.
        Channel.objects.select_for_update(no_key=True).get(pk=contact_import.channel_id)
        index.expect_many()
        taken = bulk.taken_lines(contact_import, first, last) + _taken_otherwise(contact_import, rows)
        _turn_down_changed(rows, taken)
        _turn_down_erased(contact_import, rows)
        bulk.insert_contacts(contact_import, first, last, now)
        bulk.update_contacts(contact_import, first, last, now)
        bulk.insert_changes(contact_import, first, last, now)
        columns = columns_of(contact_import.header)
        if has_opt_outs(columns):
            bulk.insert_opt_outs(contact_import, first, last, now)
        if contact_import.target or has_labels(columns):
            contacts = bulk.accepted_contacts(contact_import, first, last)
            _add_labels(contact_import, rows, contacts, now)
            _add_to_target(contact_import, rows, contacts)
    return done


def _taken_otherwise(contact_import: ContactImport, rows: QuerySet[ImportRow]) -> list[int]:
    """The lines that would make a contact which exists by now under another spelling of the number."""
    created = rows.filter(outcome=Outcome.CREATED, same_as__isnull=False).values_list("line", "identifier")
    lines = {other: line for line, identifier in created for other in _spellings(contact_import, identifier)[1:]}
    there = Contact.objects.filter(channel=contact_import.channel_id, identifier__in=list(lines))
    return [lines[identifier] for identifier in there.values_list("identifier", flat=True) if identifier]


def _spellings(contact_import: ContactImport, identifier: str | None) -> list[str]:
    return spellings(identifier or "", contact_import.channel.type)


def _turn_down_changed(rows: QuerySet[ImportRow], taken: list[int]) -> None:
    """Reject rows whose contact was changed, deleted or made (`taken`) since the review: nobody saw what they do."""
    updated = rows.filter(outcome=Outcome.UPDATED)
    planned = {pk: version for pk, version in updated.values_list("contact_id", "contact_version") if pk}
    # Locked until the chunk is written, where the engine has row locks.
    locked = Contact.objects.select_for_update().filter(pk__in=planned).order_by("pk")
    found = dict(locked.values_list("pk", "version"))
    stale = [pk for pk, version in planned.items() if found.get(pk) != version]
    turned_down = [*updated.filter(contact_id__in=stale), *rows.filter(line__in=taken)]
    for row in turned_down:
        row.reject("changed_since_review")
    bulk.save_rejected(turned_down)


def _turn_down_erased(contact_import: ContactImport, rows: QuerySet[ImportRow]) -> None:
    """Reject rows about people who were erased since the review."""
    if not Erasure.objects.exists():
        return
    written = rows.filter(outcome__in=(Outcome.CREATED, Outcome.UPDATED))
    identifiers = written.values_list("identifier", flat=True)
    known = (spelling for identifier in identifiers for spelling in _spellings(contact_import, identifier))
    erased = Erasure.objects.erased(contact_import.channel.type, known)
    mine = {spelling for identifier in erased for spelling in _spellings(contact_import, identifier)}
    turned_down = list(written.filter(identifier__in=mine)) if mine else []
    for row in turned_down:
        row.reject("erased")
    bulk.save_rejected(turned_down)


def _make_fields(contact_import: ContactImport, lease: Lease) -> None:
    """Make the custom fields that the file brings, with the slugs of the plan; bring archived ones back.

    The header keeps which ones are new, for the undo.
    """
    columns = {each.slug: each for each in columns_of(contact_import.header) if each.slug and not each.is_blank}
    with transaction.atomic():
        existing = {field.slug: field for field in CustomField.objects.filter(slug__in=columns)}
        for slug, column in columns.items():
            _make_field(column, existing.get(slug))
        made = {CUSTOM + slug for slug in columns if slug not in existing}
        contact_import.header = [
            {**column, "is_made": True} if column["field"] in made else column for column in contact_import.header
        ]
        lease.renew(header=contact_import.header)


def _make_field(column: Column, field: CustomField | None) -> None:
    key = title_key(column.field_title)
    if field is None:
        if not column.type or CustomField.objects.filter(key=key).exists():
            raise OutdatedPlan
        field = column.new_field()
        field.position = CustomField.objects.count()
        field.save()
    elif column.type and (field.key, field.type) != (key, column.type):
        raise OutdatedPlan
    elif field.archived_at:
        field.archived_at = None
        field.save(update_fields=["archived_at"])


def _add_labels(
    contact_import: ContactImport, rows: QuerySet[ImportRow], contacts: dict[int, int], now: datetime
) -> None:
    written = rows.filter(outcome__in=(Outcome.CREATED, Outcome.UPDATED), labels__isnull=False)
    names_at = dict(written.order_by("line").values_list("line", "labels"))
    labels = _labels(contact_import, [name for names in names_at.values() for name in names or ()])
    ContactLabel.objects.bulk_create(
        [
            ContactLabel(
                contact_id=contacts[line],
                label_id=labels[title_key(name)],
                added_at=now,
                added_by_id=contact_import.confirmed_by_id,
                import_id=contact_import.pk,
            )
            for line, names in names_at.items()
            for name in names or ()
        ],
        ignore_conflicts=True,
        batch_size=_SLICE,
    )


def _labels(contact_import: ContactImport, names: list[str]) -> dict[str, int]:
    """{key: pk} of the labels with these names; a missing one is made, as it is spelled first.

    Raises LabelsNotAllowed.
    """
    wanted: dict[str, str] = {}
    for name in names:
        wanted.setdefault(title_key(name), name)
    labels = _label_ids(list(wanted))
    missing = [key for key in wanted if key not in labels]
    if missing and not _may_make_labels(contact_import):
        raise LabelsNotAllowed
    # Another import may make the same ones in this moment.
    new = [Label(key=key, name=wanted[key], created_in_import=contact_import) for key in missing]
    Label.objects.bulk_create(new, ignore_conflicts=True, batch_size=_SLICE)
    return labels | _label_ids(missing)


def _may_make_labels(contact_import: ContactImport) -> bool:
    user = contact_import.confirmer()
    return user is None or user.has_perm("contacts.add_label")


def _label_ids(keys: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(keys), _SLICE):
        found |= Label.objects.filter(key__in=keys[start : start + _SLICE]).values_list("key", "pk")
    return found


def _make_target(contact_import: ContactImport, lease: Lease) -> None:
    """Make the target, such as a campaign list, where the contacts are to land on a new one."""
    if contact_import.target:
        made = target.make(contact_import.target, contact_import.channel, contact_import.confirmed_by_id)
        if made != contact_import.target:
            contact_import.target = made
            lease.renew(target=made)


def _add_to_target(contact_import: ContactImport, rows: QuerySet[ImportRow], contacts: dict[int, int]) -> None:
    """Put the contact of every accepted row on the target; those of ignored rows unless they are to stay off it."""
    where = contact_import.target
    if not where:
        return
    left = set() if target.joins_ignored(where) else set(_lines(rows.filter(outcome=Outcome.IGNORED)))
    landing = [contact for line, contact in contacts.items() if line not in left]
    import_targets[where["key"]].add(where["id"], landing, contact_import.pk, contact_import.confirmed_by_id)


def _lines(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow, int]:
    return rows.values_list("line", flat=True)
