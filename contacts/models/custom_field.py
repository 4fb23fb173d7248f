"""Named extra values on contacts."""

from collections.abc import Container

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from channels.folding import title_key
from contacts.typed_values import ValueType, read_value

LONGEST_VALUE = 65_536


def free_slug(title: str, taken: Container[str]) -> str:
    """A slug for `title`: never empty, numbered when taken, and no number, which would mean a place in JSON."""
    base = slugify(title)[:50] or "field"
    if base.replace("_", "").isdecimal():
        base = f"field-{base}"
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    def in_use(self) -> "CustomFieldQuerySet":
        return self.filter(archived_at=None)


class CustomField(models.Model):
    """A field that this organization added. Values live on the contact under the slug, which never changes."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=100)
    key = models.CharField(max_length=200, unique=True, editable=False)
    type = models.CharField(_("type"), max_length=10, choices=ValueType.choices, default=ValueType.TEXT)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.key = title_key(self.title)
        if not self.slug:
            self.slug = free_slug(self.title, set(CustomField.objects.values_list("slug", flat=True)))
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        if CustomField.objects.filter(key=title_key(self.title)).exclude(pk=self.pk).exists():
            raise ValidationError({"title": _("There is a field with this title already.")})

    def read(self, text: str) -> str:
        """The canonical text of a value. Raises InvalidValue."""
        return read_value(self.type, text, self.choices)
