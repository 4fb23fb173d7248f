"""The way back: what an import wrote is taken out of the book, as far as nobody built on it.

* A contact that the import made goes, unless somebody edited it, wrote to it or kept it since.
* One that it changed gets its old values back, field by field, where the imported ones still stand. One that it took
  out of the trash goes back there, if nobody built on it since.
* The labels that it put on and its memberships go either way; labels and custom fields that it made go when nobody
  uses them.

What the preview counts is what the worker does, by the same expressions. The worker goes chunk by chunk, each in one
short transaction together with the outcome of its rows.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.extensions import import_targets, saved_queries
from contacts.importing import bulk, refusals, target
from contacts.importing.commit import chunk_end
from contacts.importing.map import OPTED_OUT
from contacts.importing.uncollected import uncollected
from contacts.jobs.lease import Lease
from contacts.models import (
    Change,
    Contact,
    ContactImport,
    ContactLabel,
    Conversation,
    ConversationLabel,
    CustomField,
    Favorite,
    ImportRow,
    Label,
    Note,
    OptOut,
    SavedView,
)
from contacts.models.contact import CUSTOM, SEARCHED
from contacts.row_key import row_key
from contacts.search import index

State = ContactImport.State
Outcome = ImportRow.Outcome
Undo = ImportRow.Undo

# What was written into the book, and what landed on the import's target besides.
_WRITTEN = (Outcome.CREATED, Outcome.UPDATED)
_ACCEPTED = (*_WRITTEN, Outcome.UNCHANGED, Outcome.IGNORED)
_USUAL: dict[str, str] = {Outcome.CREATED: Undo.REMOVED, Outcome.UPDATED: Undo.REVERTED}
# The preview looks at up to so many contacts that were edited since, field by field; of more it tells the number.
LOOKED_AT = 5_000
# It names so many of those that are not changed back altogether.
NAMED = 50

Values = dict[str, list[Any]]  # as in a Change


@dataclass(frozen=True)
class Preview:
    """What an undo would do: {Undo: number of contacts}.

    `undecided` more were edited since, too many for a preview to look at each. `changed` are the first contacts that
    both the import and somebody else since have changed, each with what becomes of it.
    """

    counts: dict[str, int]
    undecided: int
    changed: list[tuple[Contact, str]]


def bucket(code: str) -> str:
    """The title under which a value of Undo is counted, one of four."""
    if code == Undo.REMOVED:
        return _("Removed")
    if code in (Undo.REVERTED, Undo.PARTLY):
        return _("Changed back")
    return _("Not there") if code == Undo.GONE else _("Kept")


def entries(counts: dict[str, int], written: int) -> list[tuple[str, str, int]]:
    """What an undo did with the contacts that an import wrote: the bucket, why, and how many. They add up."""
    found = [(bucket(code), str(Undo(code).label), counts[code]) for code in Undo.values if counts.get(code)]
    rest = written - sum(counts.values())
    return [*found, (_("Not undone"), _("the undo ended before it came to these"), rest)] if rest else found


def can_undo(contact_import: ContactImport) -> bool:
    """Whether there is something to undo, and it still can be: the rows are there, the channel takes writes."""
    counts = contact_import.counts or {}
    wrote = counts.get(Outcome.CREATED) or counts.get(Outcome.UPDATED) or contact_import.target
    is_ended = contact_import.state in ContactImport.ENDED and contact_import.committing_at is not None
    is_kept = contact_import.purge_at is not None and contact_import.purge_at > timezone.now()
    return bool(contact_import.channel.is_active and is_ended and is_kept and wrote and not contact_import.undone_at)


def later_imports(contact_import: ContactImport) -> QuerySet[ContactImport]:
    """Imports into the same channel since, the newest first: what they changed too is kept as they wrote it."""
    later = ContactImport.objects.filter(
        channel=contact_import.channel_id, committing_at__gt=contact_import.committing_at
    )
    return later.exclude(state=State.UNDONE).order_by("-committing_at")


def start(contact_import: ContactImport, user: User) -> bool:
    """Have a worker undo the import. False where that was begun before, or is not possible (any more)."""
    if not can_undo(contact_import):
        return False
    total = _rows(contact_import).filter(outcome__in=_WRITTEN).count()
    values = {"undoing_at": timezone.now(), "undone_by": user, "rows_done": 0, "rows_total": total, "refusal": None}
    language = get_language() or ""
    return bool(_undoable(contact_import).update(state=State.UNDOING, mail_language=language, **values))


def begin(import_id: int) -> Lease | None:
    """The lease to undo an import, or to go on where another worker died."""
    return Lease.take(ContactImport, import_id, State.UNDOING)


def undo(lease: Lease) -> None:
    """Undo the import of the lease, from its `undo_cursor` on. Raises LostLease."""
    contact_import = ContactImport.objects.select_related("channel").get(pk=lease.pk)
    while last := chunk_end(contact_import, contact_import.undo_cursor):
        if not contact_import.may_be_undone():
            reason = refusals.stored("undo_not_allowed")
            lease.finish(State.FAILED, refusal=reason, undo_counts=counts(contact_import))
            return
        with uncollected(), transaction.atomic():
            done = _undo_chunk(contact_import, contact_import.undo_cursor, last)
            lease.renew(rows_done=F("rows_done") + done, undo_cursor=last)
        contact_import.undo_cursor = last
    _remove_unused_labels(lease, contact_import)
    with transaction.atomic():
        _remove_unused_fields(contact_import)
        target.clear(contact_import)
        lease.finish(State.UNDONE, undone_at=timezone.now(), undo_counts=counts(contact_import))


def preview(contact_import: ContactImport) -> Preview:
    """What an undo would do now."""
    rows = _rows(contact_import)
    found: Counter[str] = Counter(dict(_made(contact_import).values_list("undo").annotate(Count("pk")).order_by()))
    made = rows.filter(outcome=Outcome.CREATED).count()
    found[Undo.GONE] += made - found.total()
    changed = rows.filter(outcome=Outcome.UPDATED).annotate(version_now=_VERSION_NOW)
    # A message or a note makes no new version.
    restored = changed.exclude(severity="").filter(changes__has_key="deleted_at").values("contact_id")
    built_on = Q(contact_id__in=_built_on(contact_import).filter(contact__in=restored).values("contact_id"))
    found[Undo.REVERTED] += changed.filter(~built_on, version_now=F("contact_version") + 1).count()
    found[Undo.GONE] += changed.filter(version_now=None).count()
    edited = changed.filter(built_on | Q(version_now__gt=F("contact_version") + 1))
    undecided, changed_since = edited.count(), list[tuple[Contact, str]]()
    if undecided <= LOOKED_AT:
        contacts = Contact.objects.select_related("channel").in_bulk(edited.values_list("contact_id", flat=True))
        marked, in_use = _marked(contact_import, contacts), _in_use(contact_import, contacts)
        for row in edited.order_by("line"):
            contact = contacts[row.contact_id or 0]
            changed_since.append((contact, _way_back(row.changes, contact, marked, in_use)[0]))
        found.update(fate for _contact, fate in changed_since)
        undecided = 0
    named = [(contact, fate) for contact, fate in changed_since if fate != Undo.REVERTED][:NAMED]
    return Preview({code: found[code] for code in Undo.values if found[code]}, undecided, named)


def kept_contacts(contact_import: ContactImport) -> QuerySet[Any]:
    """The contacts that the import made and an undo would keep; `undo` on each is why, a value of Undo."""
    return _made(contact_import).exclude(undo=Undo.REMOVED).order_by("pk")


def counts(contact_import: ContactImport) -> dict[str, int]:
    """{Undo: number of rows} of what was undone, as the database counts it."""
    last = min(contact_import.cursor, contact_import.undo_cursor)
    rows = contact_import.rows.filter(line__lte=last, outcome__in=_WRITTEN)
    found: Counter[str] = Counter()
    for outcome, undo, number in rows.values_list("outcome", "undo").annotate(Count("pk")).order_by():
        found[undo or _USUAL[outcome]] += number
    return {code: found[code] for code in Undo.values if code in found}


def _undoable(contact_import: ContactImport) -> QuerySet[ContactImport]:
    ended = ContactImport.objects.filter(
        pk=contact_import.pk, state__in=ContactImport.ENDED, purge_at__gt=timezone.now()
    )
    return ended.filter(committing_at__isnull=False, undone_at=None)


def _rows(contact_import: ContactImport) -> QuerySet[ImportRow]:
    """The rows that were carried out, and not undone: behind the cursor, where a cancel left the rest."""
    return contact_import.rows.filter(line__gt=contact_import.undo_cursor, line__lte=contact_import.cursor)


def _made(contact_import: ContactImport) -> QuerySet[Any]:
    """The contacts that the import made, each with what becomes of it as `undo`."""
    mine = {"contact": OuterRef("pk")}
    targets = [When(one.holds_besides(contact_import.pk), Value(Undo.LISTED)) for one in import_targets.values()]
    fate = Case(
        When(Exists(Conversation.objects.filter(**mine)), Value(Undo.WRITTEN_TO)),
        When(Exists(Note.objects.filter(**mine)), Value(Undo.NOTED)),
        When(Exists(Favorite.objects.filter(**mine)), Value(Undo.FAVORITE)),
        *targets,
        When(Q(version=1) | ~Exists(_by_others(contact_import).filter(**mine)), Value(Undo.REMOVED)),
        default=Value(Undo.EDITED),
        output_field=CharField(),
    )
    return Contact.objects.filter(created_in_import=contact_import).annotate(undo=fate)


def _by_others(contact_import: ContactImport) -> QuerySet[Change]:
    """Changes that stand: not those of the import, nor of others that were undone since."""
    undone = ContactImport.objects.filter(Q(pk=contact_import.pk) | Q(state=State.UNDONE))
    return Change.objects.filter(Q(import_id=None) | ~Q(import_id__in=undone.values("pk")))


def _built_on(contact_import: ContactImport) -> QuerySet[Change]:
    """The import's changes of contacts that somebody else edited, wrote to or noted something on since."""
    mine = {"contact": OuterRef("contact")}
    edited = Exists(_by_others(contact_import).filter(**mine, pk__gt=OuterRef("pk")))
    noted = Exists(Note.objects.filter(**mine, created_at__gt=OuterRef("at")))
    is_since = edited | noted | Q(contact__last_activity_at__gt=F("at"))
    return Change.objects.filter(is_since, import_id=contact_import.pk, source=Change.Source.IMPORT)


_VERSION_NOW = Subquery(Contact.objects.filter(pk=OuterRef("contact_id")).values("version"))


def _undo_chunk(contact_import: ContactImport, first: int, last: int) -> int:
    """Undo the rows after line `first` up to `last`. Returns how many of them had been written."""
    index.expect_many()
    concerned = _ACCEPTED if contact_import.target else _WRITTEN
    accepted = _rows(contact_import).filter(line__gt=first, line__lte=last, outcome__in=concerned)
    rows = list(accepted.order_by("line").values_list("line", "outcome", "changes", "contact_id"))
    ids: dict[int | None, int] = {line: contact for line, _outcome, _changes, contact in rows if contact}
    history = Change.objects.filter(import_id=contact_import.pk, import_line__gt=first, import_line__lte=last)
    ids |= history.filter(source=Change.Source.IMPORT).values_list("import_line", "contact_id")
    locked = Contact.objects.select_for_update().filter(pk__in=bulk.one_of(ids.values())).order_by("pk")
    there = set(locked.values_list("pk", flat=True))
    if contact_import.target:
        import_targets[contact_import.target["key"]].remove(list(there), contact_import.pk)

    fates = dict(_made(contact_import).filter(pk__in=bulk.one_of(there)).values_list("pk", "undo"))
    made = {pk for pk, fate in fates.items() if fate == Undo.REMOVED}
    # Those that go need not be looked at: mostly all of them.
    stay = Contact.objects.filter(pk__in=bulk.one_of(there - made)).only(*SEARCHED, "deleted_at")
    contacts = {contact.pk: contact for contact in stay}
    marked = _marked(contact_import, contacts)
    restored = {ids.get(line, 0) for line, _outcome, changes, _contact in rows if "deleted_at" in (changes or ())}
    in_use = _in_use(contact_import, restored) if restored else set()
    back: list[tuple[int, Contact, Values]] = []
    undone: dict[str, list[int]] = {}  # lines by what becomes of them, where that is not the usual
    done = 0
    for line, outcome, changes, _contact in rows:
        if outcome not in _WRITTEN:
            continue
        pk = ids.get(line, 0)
        fate: str = Undo.REMOVED if pk in made else Undo.GONE
        if contact := contacts.get(pk):
            fate, values = _way_back(changes, contact, marked, in_use)
            fate = fates.get(pk, fate)
            back.append((line, contact, values))
        done += 1
        if fate != _USUAL[outcome]:
            undone.setdefault(fate, []).append(line)
    _give_back(contact_import, back, marked)
    bulk.delete_contacts(made)
    for fate, lines in undone.items():
        contact_import.rows.filter(line__in=bulk.one_of(lines)).update(undo=fate)
    return done


def _marked(contact_import: ContactImport, contacts: Iterable[int]) -> dict[str, set[int]]:
    """The contacts on which more than values is left of the import, by field.

    "labels" are those with a label that the import put on, OPTED_OUT those that are opted out by it alone.
    """
    of_these = {"contact__in": bulk.one_of(contacts)}
    labels = ContactLabel.objects.filter(import_id=contact_import.pk, **of_these)
    standing = OptOut.objects.standing().filter(**of_these)
    by: dict[int, set[bool]] = {}
    for contact, import_id, made_by in standing.values_list("contact", "import_id", "contact__created_in_import"):
        # A contact that the import made, and that stays, stays opted out: all that the import says of it stays.
        by.setdefault(contact, set()).add(import_id == contact_import.pk != made_by)
    return {
        "labels": set(labels.values_list("contact_id", flat=True)),
        OPTED_OUT: {contact for contact, own in by.items() if own == {True}},
    }


def _in_use(contact_import: ContactImport, contacts: Iterable[int]) -> set[int]:
    """Those of the contacts on which somebody built since: they are not put back into the trash."""
    mine = _built_on(contact_import).filter(contact__in=bulk.one_of(contacts))
    return set(mine.values_list("contact_id", flat=True))


def _way_back(
    imported: Values | None, contact: Contact, marked: dict[str, set[int]], in_use: set[int]
) -> tuple[str, Values]:
    """What becomes of a changed contact, a value of Undo; {field: [imported, old]} of the values that still stand."""
    changes = dict(imported or {})
    added = [contact.pk in marked[field] for field in marked if changes.pop(field, None) is not None]
    values = {field: [new, old] for field, (old, new) in changes.items() if contact.value(field) == new}
    if contact.pk in in_use:
        values.pop("deleted_at", None)
    if len(values) == len(changes) and all(added):
        return Undo.REVERTED, values
    return (Undo.PARTLY if values or any(added) else Undo.EDITED), values


def _give_back(
    contact_import: ContactImport, back: list[tuple[int, Contact, Values]], marked: dict[str, set[int]]
) -> None:
    """Write the old values, and take the import's labels and opt-outs off; each contact gets a new version."""
    names = _label_names(contact_import, marked["labels"].intersection(contact.pk for _line, contact, _values in back))
    changed = []
    for line, contact, values in back:
        for field, (_imported, old) in values.items():
            contact.put(field, parse_datetime(old) if field == "deleted_at" else old)
        contact.search_text = contact.searched_text()
        if contact.pk in names:
            values["labels"] = names[contact.pk]
        if contact.pk in marked[OPTED_OUT]:
            values[OPTED_OUT] = ["yes", ""]
        if values:
            changed.append((line, contact, values))
    ContactLabel.objects.filter(import_id=contact_import.pk, contact__in=bulk.one_of(names)).delete()
    if opted_out := marked[OPTED_OUT]:
        taken_back = OptOut.objects.standing().filter(contact__in=bulk.one_of(opted_out))
        taken_back.update(ended_at=timezone.now(), ended_by=contact_import.undone_by_id)
    bulk.save_reverted(contact_import, changed, timezone.now())


def _label_names(contact_import: ContactImport, contacts: Iterable[int]) -> dict[int, list[list[str]]]:
    """{contact: the names of its labels, with those of the import and without them}"""
    found: dict[int, list[list[str]]] = {}
    carried = ContactLabel.objects.filter(contact__in=bulk.one_of(contacts)).order_by("label")
    for contact, name, import_id in carried.values_list("contact_id", "label__name", "import_id"):
        both, others = found.setdefault(contact, [[], []])
        both.append(name)
        if import_id != contact_import.pk:
            others.append(name)
    return found


def _remove_unused_labels(lease: Lease, contact_import: ContactImport) -> None:
    """Labels that the import made go where nobody took them up: edited them, put them on or saved a filter for them."""
    saved = [SavedView.objects.values_list("query", flat=True), *(find() for find in saved_queries)]
    asked = {row_key(label) for query in chain(*saved) for label in QueryDict(query).getlist("label")}
    mine = {"label": OuterRef("pk")}
    carried = Exists(ContactLabel.objects.filter(**mine)) | Exists(ConversationLabel.objects.filter(**mine))
    made = Label.objects.filter(created_in_import=contact_import, archived_at=None)
    unused = made.exclude(carried).exclude(pk__in=bulk.one_of(asked))
    while some := list(unused.values_list("pk", flat=True)[: bulk.CHUNK_ROWS]):
        with transaction.atomic():
            lease.renew()
            # Nobody puts them on while they are looked at once more.
            locked = list(made.select_for_update().filter(pk__in=bulk.one_of(some)).values_list("pk", flat=True))
            unused.filter(pk__in=bulk.one_of(locked)).delete()
    # Those that stay are taken back with another import that put them on, if there is one.
    others = ContactLabel.objects.filter(**mine, import_id__in=ContactImport.objects.values("pk"))
    with transaction.atomic():
        lease.renew()
        made.update(created_in_import=Subquery(others.values("import_id")[:1]))


def _remove_unused_fields(contact_import: ContactImport) -> None:
    """Custom fields that the import made go where no contact has a value in them."""
    for column in contact_import.header:
        slug = column["field"].removeprefix(CUSTOM)
        if column.get("is_made") and not Contact.objects.filter(custom_values__has_key=slug).exists():
            CustomField.objects.filter(slug=slug).delete()
