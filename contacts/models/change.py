"""What happened to a contact: history, provenance and undo at once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeQuerySet(models.QuerySet["Change"]):
    def newest_first(self) -> "ChangeQuerySet":
        return self.order_by("-at", "-pk")


class Change(models.Model):
    """One event on one contact. Append-only: only an erasure empties `values`, nothing else may touch a row.

    `values` is {field: [old, new]}; a custom field is named "custom.<slug>". An empty object is the contact's birth.
    Import and bulk action are kept as plain integers, which outlive the clean-up of their rows.
    """

    class Source(models.TextChoices):
        EDIT = "edit", _("edit")
        IMPORT = "import", _("import")
        UNDO = "undo", _("undo")
        BULK = "bulk", _("bulk action")
        MERGE = "merge", _("merge")
        WEBHOOK = "webhook", _("message received")
        ERASE = "erase", _("erasure")
        COMMAND = "command", _("command")

    contact = models.ForeignKey("contacts.Contact", models.CASCADE, related_name="changes", verbose_name=_("contact"))
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False, verbose_name=_("by")
    )
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    import_id = models.BigIntegerField(_("import"), null=True)
    import_line = models.BigIntegerField(_("line"), null=True)
    bulk_id = models.BigIntegerField(_("bulk action"), null=True)
    values = models.JSONField(_("values"), default=dict)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(
                fields=["import_id", "import_line"], condition=models.Q(import_id__isnull=False), name="change_import"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.at:%Y-%m-%d %H:%M}"
