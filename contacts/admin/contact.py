"""Contacts: read, added and edited like everywhere else, with a Change for each."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Page
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from channels.identifiers import IdentifierError, read_identifier
from channels.visible_admin import CappedPaginator, UnloggedAdmin, VisibleFilter, VisibleOptions, rows_link, user_of
from contacts.models import Block, Change, Contact, ContactLabel, Conversation, CustomField, Note, OptOut
from contacts.models.contact import CUSTOM
from contacts.models.contact_queryset import ContactQuerySet
from contacts.orders import ORDERS, ordered
from contacts.pages.counts import found_count
from contacts.pages.rows import load_with_channel
from contacts.search import search
from contacts.typed_values import InvalidValue

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Contact]
    _Inline = admin.TabularInline[ContactLabel, Contact]
else:
    _ModelForm, _Inline = forms.ModelForm, admin.TabularInline


RECORDS = (Note, Conversation, Block, OptOut, Change)


class ContactAdminForm(_ModelForm):
    """A contact and its custom values, made from the version that its form shows."""

    custom_fields: Sequence[CustomField]

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen_version"] = self.instance.version
        for field in self.custom_fields:
            name = f"{CUSTOM}{field.slug}"
            self.initial[name] = self.instance.value(name)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for field in self.custom_fields:
            self._read_value(f"{CUSTOM}{field.slug}", field)
        if self.instance.pk:
            self._check_version(values.get("seen_version"))
        channel = self.instance.channel if self.instance.pk else values.get("channel")
        if channel and ("identifier" in self.changed_data or not self.instance.pk):
            self._check_identifier(channel, values)
        return values

    def _read_value(self, name: str, field: CustomField) -> None:
        try:
            if name in self.changed_data:  # what stood there before the field got its type may stay
                self.cleaned_data[name] = field.read(self.cleaned_data[name])
        except InvalidValue as error:
            self.add_error(name, error.message)

    def _check_version(self, version: int | None) -> None:
        """The page's transaction keeps the row, so that nobody writes between this check and the save."""
        self.instance.lock()
        if self.instance.version != version:
            raise forms.ValidationError(_("Somebody else changed this contact. Open it again to see the new values."))

    def _check_identifier(self, channel: Any, values: dict[str, Any]) -> None:
        text = values.get("identifier") or ""
        if not text and self.instance.provider_id:
            return
        try:
            values["identifier"] = read_identifier(text, channel.type, channel.default_country)
        except IdentifierError as error:
            self.add_error("identifier", error.message)
            return
        others = Contact.objects.filter(channel=channel, identifier=values["identifier"]).exclude(pk=self.instance.pk)
        if not self.instance.pk:
            others = others.filter(deleted_at=None)  # adding takes a contact out of the trash
        if others.exists():
            self.add_error("identifier", _("This channel has a contact with this already."))

    def _get_validation_exclusions(self) -> set[str]:
        """Uniqueness in the channel is for `clean`, which knows of the trash."""
        return {*super()._get_validation_exclusions(), "channel"}  # type: ignore[misc]


class TrashFilter(admin.SimpleListFilter):
    """The one way to see the trash."""

    title = _("place")
    parameter_name = "trash"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("In the trash"))] if model_admin.has_delete_permission(request) else []

    def choices(self, changelist: Any) -> Iterator[Any]:
        book, *others = super().choices(changelist)
        yield {**book, "display": _("In the book")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        if self.value() != "yes":
            return queryset
        return Contact.objects.trash_visible_to(request.user).select_related("channel").order_by("-pk")


class ContactLabelInline(VisibleOptions, _Inline):
    """Whoever may edit the contact may put labels on and take them off, not turn one into another."""

    model = ContactLabel
    fields = ("label",)
    autocomplete_fields = ("label",)
    visible_by = ("label",)
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return request.user.has_perm("contacts.view_contact")

    def has_change_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return request.user.has_perm("contacts.change_contact") and (obj is None or obj.is_writable)

    has_add_permission = has_delete_permission


class FoundPaginator(CappedPaginator):
    """Pages of contacts: those that were searched for are found and counted as in the list of the workspace."""

    object_list: ContactQuerySet

    @cached_property
    def counted(self) -> int:
        return found_count(self.object_list, self.LIMIT)

    def page(self, number: int | str) -> Page[Contact]:
        page = super().page(number)
        if search := self.object_list.search:
            start = self.per_page * (page.number - 1)
            keys = search.first(ORDERS["activity"], start + self.per_page).values("pk")[start:]
            page.object_list = ordered(load_with_channel(keys), ORDERS["activity"])
        return page


@admin.register(Contact)
class ContactAdmin(UnloggedAdmin):
    form = ContactAdminForm
    list_display = ("__str__", "channel", "known_as", "email", "reference", "last_activity_at")
    list_filter = (TrashFilter, ("channel", VisibleFilter))
    search_fields = ("search_text",)  # by `search`; admin shows the box when there is a field
    ordering = ("-last_activity_at", "-pk")
    sortable_by = ()
    paginator = FoundPaginator
    select_related = ("channel",)
    autocomplete_fields = ("channel",)
    inlines = (ContactLabelInline,)
    actions = ("restore_contacts",)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        return search(queryset, search_term), False  # type: ignore[arg-type]

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return (
            None if TrashFilter.parameter_name in request.GET else super().get_list_display_links(request, list_display)
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """New contacts go to channels that take writes."""
        if db_field.name == "channel":
            kwargs["queryset"] = self.get_field_queryset(None, db_field, request).active()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, obj: Contact | None = None, change: bool = False, **kwargs: Any) -> Any:
        fields = list(CustomField.objects.in_use())
        inputs = {f"{CUSTOM}{field.slug}": forms.CharField(label=field.title, required=False) for field in fields}
        kwargs["form"] = type("ContactAdminForm", (ContactAdminForm,), {"custom_fields": fields, **inputs})
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Contact | None = None) -> list[Any]:
        custom = [f"{CUSTOM}{slug}" for slug in CustomField.objects.in_use().values_list("slug", flat=True)]
        return ["channel", "identifier", "name", "email", "reference", *custom, "seen_version", *self._known(obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: Contact | None = None) -> list[str]:
        return ["channel", *self._known(obj)] if obj else []

    def _known(self, obj: Contact | None) -> list[str]:
        return ["provider_id", "person", "blocked_at", "opted_out_at", "last_activity_at", "records"] if obj else []

    @admin.display(description=_("identifier"))
    def known_as(self, contact: Contact) -> str:
        return contact.readable_identifier

    @admin.display(description=_("records"))
    def records(self, contact: Contact) -> str:
        """Links to what the book keeps about the contact."""
        return format_html_join(" · ", "{}", ((rows_link(model, "contact", contact),) for model in RECORDS))

    def has_change_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_writable)

    def is_deletable(self, obj: Contact) -> bool:
        return obj.is_writable

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:  # taken since the form was checked
            self.message_user(request, _("This channel has a contact with this already."), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        values = {
            name: form.cleaned_data[name] for name in form.changed_data if name not in {"channel", "seen_version"}
        }
        if change:
            obj.edit(values, user_of(request))
        else:
            identifier = form.cleaned_data["identifier"]
            values.pop("identifier", None)
            contact, _is_new = Contact.add(obj.channel, identifier, user_of(request), values)
            obj.pk = contact.pk
            obj.refresh_from_db()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        contact, actor = form.instance, user_of(request)
        for contact_label in formset.save(commit=False):
            contact.add_label(contact_label.label, actor)
        for contact_label in formset.deleted_objects:
            contact.remove_label(contact_label.label, actor)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nothing else goes with a contact that goes into the trash."""
        lines = [gettext("%s goes into the trash, and for good after 30 days.") % contact for contact in objs]
        return lines, {self.opts.verbose_name_plural: len(lines)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Contact) -> None:
        obj.trash(user_of(request))

    @admin.action(description=_("Take out of the trash"), permissions=["delete"])
    def restore_contacts(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Restores a page of them at most: the list shows what is left."""
        contacts = queryset.filter(deleted_at__isnull=False, channel__is_active=True)[: self.list_per_page]
        for contact in contacts:
            contact.restore(user_of(request))
        count = len(contacts)
        self.message_user(request, ngettext("%d contact restored.", "%d contacts restored.", count) % count)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The contact's Changes are its history."""
        return HttpResponseRedirect(f"{reverse('admin:contacts_change_changelist')}?contact__id__exact={object_id}")
