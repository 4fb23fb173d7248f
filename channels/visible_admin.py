"""Admin pages for large tables that obey `visible_to`: staff see there what they see everywhere else."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from channels.sort_key import Caseless

if TYPE_CHECKING:
    _Options = admin.options.BaseModelAdmin[Any]
    _ModelAdmin = admin.ModelAdmin[Any]
    _Paginator = Paginator[Any]
else:
    _Options, _ModelAdmin, _Paginator = object, admin.ModelAdmin, Paginator

MAX_CHOICES = 100
LONGEST_SEARCH = 200


class CappedPaginator(_Paginator):
    """Counts up to 10,000 rows: whoever needs the next one searches."""

    LIMIT = 10_000

    @cached_property
    def counted(self) -> int:
        rows: models.QuerySet[Any] = self.object_list.order_by()  # type: ignore[attr-defined]
        return rows[: self.LIMIT + 1].count()

    @property
    def count(self) -> int:
        return min(self.counted, self.LIMIT)

    @property
    def is_capped(self) -> bool:
        return self.counted > self.LIMIT


class CaselessChangeList(ChangeList):
    """A column of names sorts as names do everywhere else, and other text as near to that as can be.

    A column that offers no sorting has none by its address either: it would go through all rows.
    """

    def get_ordering_field(self, field_name: Any) -> Any:
        if field_name not in (self.sortable_by or ()):
            return None
        columns: dict[Any, Any] = {field.name: field for field in self.opts.fields}
        name = super().get_ordering_field(field_name)
        if name == "name" and "sort_key" in columns:
            return "sort_key"
        return Caseless(name) if isinstance(columns.get(name), models.CharField) else name


def _target(model: type[models.Model], path: str) -> Any:
    """The model at the end of a path of relations such as "conversation__contact"."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model


class VisibleFilter(admin.RelatedFieldListFilter):
    """A filter that offers what the user may see of the other model."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        rows = model_admin.get_field_queryset(None, field, request)
        return [(row.pk, str(row)) for row in rows[:MAX_CHOICES]]


class SafeList(_ModelAdmin):
    """A list is narrowed by what it offers alone, searched for what databases take, and sorted alike by all of them.

    Any other column, such as a channel's credentials, could be guessed letter by letter, and any other relation would
    tell of rows that the user may not see.
    """

    visible_by: tuple[str, ...] = ()

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return CaselessChangeList

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        filters = [entry[0] if isinstance(entry, tuple) else entry for entry in self.list_filter]
        offered = {name for name in filters if isinstance(name, str)}
        offered |= {path.split("__")[0] for path in self.visible_by}
        others = {field.name for field in self.opts.get_fields()} - offered
        return lookup.split("__")[0] not in others and super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Also those of the choices that a form suggests."""
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH].replace("\0", ""))


class VisibleOptions(_Options):
    """For pages and inlines: rows that the user may see, and choices among those alone.

    A model with `visible_to` is limited by it, and every model by what its `visible_by` relations lead to: a row shows
    when all of its ends do.
    """

    visible_by: tuple[str, ...] = ()
    select_related: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(request.user)
        for path in self.visible_by:
            seen = _target(self.model, path).objects.visible_to(request.user)
            # Looked up row by row: a list of all that is seen would be made for the fifty rows of a page.
            rows = rows.filter(models.Exists(seen.filter(pk=models.OuterRef(path))))
        return rows.select_related(*self.select_related) if self.select_related else rows

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> Any:
        """A choice, also one that was typed into the request, is a row of the other model's own page."""
        return self.admin_site.get_model_admin(db_field.remote_field.model).get_queryset(request)


class VisibleAdmin(VisibleOptions, SafeList):
    """A page that shows what the user may see, at any size of table.

    Only what nothing refers to can be deleted, so the confirmation never lists half the book, or rows that the user
    may not see. The rest is archived, switched off or put into the trash.
    """

    paginator = CappedPaginator
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or self.is_deletable(obj))

    def is_deletable(self, obj: Any) -> bool:
        return not is_referred_to(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save what the user chose, and keep what he could not see."""
        kept = {
            field.name: list(
                getattr(form.instance, field.name).exclude(pk__in=form.fields[field.name].queryset.values("pk"))
            )
            for field in form.instance._meta.many_to_many
            if field.name in form.fields
        }
        super().save_related(request, form, formsets, change)
        for name, hidden in kept.items():
            getattr(form.instance, name).add(*hidden)


class ArchivableAdmin(VisibleAdmin):
    """What contacts carry is not thrown away but archived, and can be taken back into use."""

    readonly_fields: ClassVar[tuple[str, ...]] = ("archived_at",)
    actions = ("archive", "take_back")

    @admin.action(description=_("Archive"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        queryset.filter(archived_at=None).update(archived_at=timezone.now())

    @admin.action(description=_("Take back into use"), permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        queryset.update(archived_at=None)


class UnloggedAdmin(VisibleAdmin):
    """A page about people. Admin's own log would keep their names past an erasure and past a right to see them."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        pass

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        pass

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        pass


class ReadOnlyAdmin(VisibleAdmin):
    """A page of records that the book writes by itself: looked at, never written."""

    sortable_by = ()  # by their key alone, which has an index
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def user_of(request: HttpRequest) -> User:
    """The user of an admin page: nobody gets there without logging in."""
    return cast(User, request.user)


def is_referred_to(obj: models.Model) -> bool:
    """Whether any row of another table points at this one."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: obj}).exists()
        for relation in obj._meta.related_objects
    )


def rows_link(model: type[models.Model], field: str, obj: models.Model) -> str:
    """A link to those rows of another page that belong to the object."""
    url = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
    return format_html('<a href="{}?{}__id__exact={}">{}</a>', url, field, obj.pk, model._meta.verbose_name_plural)
