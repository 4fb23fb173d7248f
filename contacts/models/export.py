"""A file made of chosen contacts, for whoever asked for it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from channels.models import Viewer
from contacts.jobs.lease import is_free

# What reads contacts out of the book: both are asked for again when the file is made, and when it is fetched.
RIGHTS = ("contacts.view_contact", "contacts.export_contact")


def random_path(export: "Export", name: str = "") -> str:
    """Where the file is stored: a name that nobody can guess and that says nothing."""
    return f"exports/{uuid.uuid4().hex}"


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: Viewer) -> "ExportQuerySet":
        """One's own, as long as one may export."""
        return self.filter(created_by=user.pk) if user.has_perms(RIGHTS) else self.none()

    def waiting(self) -> "ExportQuerySet":
        """Exports with work to do and nobody who holds a live lease on it."""
        return self.filter(is_free(), state__in=Export.WORKING)


class Export(models.Model):
    """Contacts as a file: a task is only its doorbell. The contacts are chosen when it is made, with the maker's eyes.

    `contact_ids` are the chosen ones, NULL where all that match the query are; with a `source` (an extension's key and
    id) that one chooses. A file half made is made anew.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    class Format(models.TextChoices):
        CSV = "csv", _("CSV with commas")
        CSV_SEMICOLON = "csv-semicolon", _("CSV with semicolons")
        XLSX = "xlsx", _("Excel workbook")
        JSON = "json", _("JSON")

    class Failure(models.TextChoices):
        NOT_ALLOWED = "not_allowed", _("You may not export contacts any more.")
        SOURCE_GONE = "source_gone", _("What you exported is gone, or you may not see it any more.")
        UNREADABLE_FILTER = "unreadable_filter", _("The filter cannot be read any more, so nothing was exported.")
        UNEXPECTED = "unexpected", _("Something went wrong on our side. The error is in the log of the server.")

    WORKING = (State.WAITING, State.RUNNING)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="exports", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    query = models.TextField(_("query"), blank=True)
    contact_ids = models.JSONField(_("contacts"), null=True, help_text=_("Empty means all that match the query."))
    source = models.JSONField(_("source"), null=True, help_text=_("What else than the list of contacts chooses."))
    format = models.CharField(_("format"), max_length=20, choices=Format.choices)
    columns = models.JSONField(_("columns"), default=list)
    language = models.CharField(_("language"), max_length=20, help_text=_("Of the titles."))
    name = models.CharField(_("file name"), max_length=120)
    file = models.FileField(_("file"), upload_to=random_path, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    failure = models.CharField(_("failure"), max_length=20, choices=Failure.choices, blank=True)
    channel_ids = models.JSONField(_("channels"), default=list, help_text=_("Those whose contacts are in the file."))
    rows_done = models.BigIntegerField(_("contacts done"), default=0)
    rows_total = models.BigIntegerField(_("contacts in all"), null=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    purge_at = models.DateTimeField(_("cleaned up at"), null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING
