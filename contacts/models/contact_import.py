"""An uploaded file, its rows, and what becomes of them."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels.models import Channel, Viewer, sees_all_channels
from contacts.jobs.lease import is_free


def random_path(contact_import: "ContactImport", name: str) -> str:
    """Where an upload is stored: a name that nobody can guess and that says nothing."""
    return f"imports/{uuid.uuid4().hex}.csv"


class ContactImportQuerySet(models.QuerySet["ContactImport"]):
    def visible_to(self, user: Viewer) -> "ContactImportQuerySet":
        """The imports into the channels that the user may see, for those who may import: a review shows contacts."""
        if not user.has_perms(["contacts.view_contact", "contacts.import_contact"]):
            return self.none()
        if sees_all_channels(user):
            return self
        return self.filter(channel__in=Channel.objects.visible_to(user).values("pk"))

    def transition(self, pk: int, source: "ContactImport.State", to: "ContactImport.State", **values: Any) -> bool:
        """Move one import from state `source` to `to`; False when it is not there (any more).

        One conditional UPDATE, so that a double click, two tabs or two workers do it once.
        """
        return bool(self.filter(pk=pk, state=source).update(state=to, **values))

    def waiting(self) -> "ContactImportQuerySet":
        """Imports with work to do and nobody who holds a live lease on it."""
        return self.filter(is_free(), state__in=ContactImport.WORKING)


class ContactImport(models.Model):
    """One uploaded file on its way into the book. `counts` is frozen from the database when it ends."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        STAGING = "staging", _("checking")
        STAGED = "staged", _("to review")
        COMMITTING = "committing", _("importing")
        COMMITTED = "committed", _("imported")
        FAILED = "failed", _("failed")
        CANCELED = "canceled", _("canceled")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    WORKING = (State.UPLOADED, State.STAGING, State.COMMITTING, State.UNDOING)
    ENDED = (State.COMMITTED, State.FAILED, State.CANCELED)

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="imports", verbose_name=_("channel"))
    file = models.FileField(_("file"), upload_to=random_path, blank=True)
    name = models.CharField(_("file name"), max_length=254)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, editable=False, db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="imports", verbose_name=_("by")
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.UPLOADED)
    settings = models.JSONField(_("settings"), default=dict)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    delimiter = models.CharField(_("delimiter"), max_length=20, blank=True)
    header = models.JSONField(_("columns"), default=list, help_text=_("Each column's title and its field."))
    refusal = models.JSONField(_("refusal"), null=True, help_text=_("Why the file cannot be read."))
    target = models.JSONField(_("target"), null=True, help_text=_("Where the contacts land besides the book."))
    repair = models.CharField(
        _("repair"), max_length=60, blank=True, help_text=_("What a worker does to rows of the review.")
    )
    cursor = models.BigIntegerField(_("cursor"), default=0, help_text=_("The last line that is done."))
    rows_done = models.BigIntegerField(_("rows done"), default=0)
    rows_total = models.BigIntegerField(_("rows in all"), null=True, help_text=_("An estimate while checking."))
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    counts = models.JSONField(_("counts"), null=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    staging_at = models.DateTimeField(_("checking since"), null=True)
    staged_at = models.DateTimeField(_("checked at"), null=True)
    committing_at = models.DateTimeField(_("importing since"), null=True)
    confirmed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("confirmed by"))
    is_from_command_line = models.BooleanField(
        _("from the command line"), default=False, help_text=_("Nobody confirmed it, who could lose the right to.")
    )
    committed_at = models.DateTimeField(_("imported at"), null=True)
    undoing_at = models.DateTimeField(_("being undone since"), null=True)
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("undone by"))
    mail_language = models.CharField(
        max_length=20, blank=True, editable=False, help_text=_("Of the mail at its end; blank once it is on its way.")
    )
    undo_cursor = models.BigIntegerField(default=0, editable=False)
    undo_counts = models.JSONField(_("counts of the undo"), null=True)
    purge_at = models.DateTimeField(_("cleaned up at"), null=True)

    objects = ContactImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="import_newest"),
            models.Index(fields=["state"], name="import_state"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state_title(self) -> str:
        """The state in words; a file that could not be read was refused, and nothing has failed."""
        was_read = self.committing_at or not self.refusal or self.refusal["code"] == "check_failed"
        if self.state == self.State.FAILED and not was_read:
            return gettext("refused")
        return str(self.State(self.state).label)

    @property
    def is_misfit(self) -> bool:
        """Whether the file was read, but not one of its rows can be imported (all landlines for WhatsApp, say).

        Where one click would mend some, or somebody corrected one, the review goes on.
        """
        return self.state == self.State.STAGED and not any(self.rows.filter(hope).exists() for hope in ImportRow.HOPES)

    def confirmer(self) -> User | None:
        """Whoever said yes to it, with the rights of now; None is the command line. Raises User.DoesNotExist."""
        return None if self.is_from_command_line else User.objects.get(pk=self.confirmed_by_id or 0)

    def may_be_written(self, user: User | None) -> bool:
        """Whether its channel takes writes now, and its confirmer may import into it now."""
        imports = ContactImport.objects.filter(pk=self.pk, channel__is_active=True)
        return (imports.visible_to(user) if user else imports).exists()

    def may_be_undone(self) -> bool:
        """Whether its channel takes writes now, and whoever has it undone may do so there now."""
        undoer = User.objects.filter(pk=self.undone_by_id or 0).first()
        if undoer is None or not undoer.has_perm("contacts.undo_import"):
            return False
        imports = ContactImport.objects.filter(pk=self.pk, channel__is_active=True)
        return imports.visible_to(undoer).exists()

    def delete_some_rows(self, limit: int = 20_000) -> bool:
        """Delete up to `limit` rows, so few that nobody waits for the lock; False when none was left."""
        lines = self.rows.order_by("line").values_list("line", flat=True)
        last = next(iter(lines[limit - 1 : limit]), None)
        rows = self.rows.all() if last is None else self.rows.filter(line__lte=last)
        return bool(rows.delete()[0])


class StagedJSON(models.JSONField):
    """JSON that only the import writes: SQLite need not read a million of them to see that it is some."""

    def db_check(self, connection: BaseDatabaseWrapper) -> None:
        return None


class ImportRow(models.Model):
    """One line of a file: as it stands, what it was read as, and what it will do or did.

    `cells` are those of the file, and `corrected` all of them as somebody corrected them in the review. `is_mendable`:
    there is one way to mend its worst problem; `mended` is the one that was mended together with others.
    `identifier` to `search_text` are what the contact will hold, so the commit needs no thinking: set-based SQL copies
    them. Of a new contact `same_as` is one for all spellings of its number, if it has several.
    `changes` is {field: [old, new]} for a contact that exists, the one numbered `contact_id` in the version that
    was looked at. `planned` is the outcome of the plan and stays; `outcome` is what a person or the commit made of it.
    """

    class Outcome(models.TextChoices):
        CREATED = "created", _("new")
        UPDATED = "updated", _("updated")
        UNCHANGED = "unchanged", _("unchanged")
        IGNORED = "ignored", _("ignored")
        REMOVED = "removed", _("removed")
        REJECTED = "rejected", _("error")

    class Undo(models.TextChoices):
        """What an undo made of the row: taken out; changed back, wholly or partly; kept, because …; not possible.

        The usual is not written down: of the rows up to `undo_cursor` that say nothing the new contacts are taken out,
        and the others are changed back.
        """

        REMOVED = "removed", _("not in the book any more")
        REVERTED = "reverted", _("back as it was")
        PARTLY = "partly", _("back as it was, but for what was changed since")
        EDITED = "edited", _("it was changed since")
        WRITTEN_TO = "written_to", _("there are messages")
        NOTED = "noted", _("there are notes")
        FAVORITE = "favorite", _("it is somebody's favorite")
        LISTED = "listed", _("somebody put it on a list")
        GONE = "gone", _("somebody deleted it since")

    class Severity(models.TextChoices):
        NONE = "", _("none")
        REPAIR = "repair", _("repaired")
        WARNING = "warning", _("to check")
        ERROR = "error", _("error")

    # Whoever writes rows holds the lease of their import: the database need not look for it a million times.
    contact_import = models.ForeignKey(
        ContactImport, models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
    line = models.BigIntegerField(_("line"))
    cells = StagedJSON(_("cells"))
    corrected = StagedJSON(_("corrected cells"), null=True)
    identifier = models.CharField(_("identifier"), max_length=254, null=True)
    same_as = models.CharField(max_length=254, null=True, editable=False)
    name = models.CharField(_("name"), max_length=254)
    email = models.CharField(_("e-mail"), max_length=254)
    reference = models.CharField(_("reference"), max_length=254)
    custom_values = StagedJSON(_("custom values"), default=dict)
    search_text = models.TextField()
    labels = StagedJSON(_("labels"), null=True)
    problems = StagedJSON(_("problems"), null=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices, default=Severity.NONE)
    problem_code = models.CharField(_("worst problem"), max_length=30, blank=True)
    is_mendable = models.BooleanField(_("can be mended"), default=False)
    mended = models.CharField(
        _("mended"), max_length=30, null=True, help_text=_("The problem that was mended in a whole group.")
    )
    planned = models.CharField(_("planned outcome"), max_length=10, choices=Outcome.choices)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    changes = StagedJSON(_("changes"), null=True)
    contact_id = models.BigIntegerField(_("contact"), null=True)
    contact_version = models.PositiveIntegerField(null=True)
    undo = models.CharField(_("undone"), max_length=10, choices=Undo.choices, null=True)

    class Meta:
        verbose_name = _("import row")
        verbose_name_plural = _("import rows")
        constraints = [models.UniqueConstraint(fields=["contact_import", "line"], name="import_row_line_unique")]
        indexes = [
            models.Index(fields=["contact_import", "outcome", "line"], name="import_row_outcome"),
            models.Index(
                fields=["contact_import", "severity", "problem_code", "line"],
                condition=~Q(severity=""),
                name="import_row_with_problem",
            ),
            models.Index(
                fields=["contact_import", "mended", "line"], condition=Q(mended__isnull=False), name="import_row_mended"
            ),
        ]

    # One row of any of these, and there is something to review.
    HOPES = (
        Q(outcome__in=[outcome for outcome in Outcome if outcome != "rejected"]),
        Q(is_mendable=True),
        Q(corrected__isnull=False),
    )

    # What `reject` changes.
    REJECTED = ("problems", "severity", "problem_code", "is_mendable", "planned", "outcome")

    def __str__(self) -> str:
        return f"{self.contact_import} · {self.line}"

    @property
    def current_cells(self) -> list[str]:
        """The cells that count: those of the file, or what was made of them in the review."""
        cells: list[str] = self.corrected or self.cells
        return cells

    def reject(self, code: str, column: int | None = None, params: dict[str, Any] | None = None) -> None:
        """Turn the row down for one more problem; REJECTED are the fields to save."""
        problem = {"column": column, "code": code, "severity": self.Severity.ERROR, "params": params or {}}
        self.problems = [*(self.problems or []), problem]
        self.severity, self.problem_code, self.is_mendable = self.Severity.ERROR, code, False
        self.planned = self.outcome = self.Outcome.REJECTED


class ImportRecipe(models.Model):
    """What was decided for files with this header on this channel, offered again with the next one."""

    fingerprint = models.CharField(_("header fingerprint"), max_length=64)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="import_recipes", verbose_name=_("channel"))
    mapping = models.JSONField(_("columns"), default=dict)
    decisions = models.JSONField(_("decisions"), default=dict)

    class Meta:
        verbose_name = _("import recipe")
        verbose_name_plural = _("import recipes")
        constraints = [models.UniqueConstraint(fields=["fingerprint", "channel"], name="import_recipe_unique")]

    def __str__(self) -> str:
        return f"{self.channel} {self.fingerprint[:8]}"
