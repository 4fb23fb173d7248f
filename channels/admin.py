"""Teams and channels in Django admin."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from channels.models import Channel, Team
from channels.providers import PROVIDERS
from channels.types import ChannelType
from channels.visible_admin import VisibleAdmin

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Channel]
else:
    _ModelForm = forms.ModelForm

# What stands in the place of a secret that is set: nothing of it.
_SET, _NOT_SET = _("Set. Leave empty to keep it."), _("Not set, and needed.")
_SET_OPTIONAL, _NOT_SET_OPTIONAL = _("Set. Leave empty to keep it, - takes it away."), _("Not set.")
_NONE = "-"


@admin.register(Team)
class TeamAdmin(VisibleAdmin):
    list_display = ("name",)
    search_fields = ("name",)
    autocomplete_fields = ("members",)


class ChannelAdminForm(_ModelForm):
    """A channel and what its provider needs: secrets are written here and never shown again."""

    provider = forms.ChoiceField(
        label=_("Provider"),
        required=False,
        choices=[("", _("None")), *((name, provider.title) for name, provider in PROVIDERS.items())],
        help_text=_(
            "Who brings us its messages. Choose one and save: this page then shows the address to deliver to, what to "
            "do at the provider, and room for its secrets. Another one has other secrets: those of the first are "
            "forgotten."
        ),
    )

    class Meta:
        help_texts = {"teams": _("Who works with it. Without a team, only those see it who may see all channels.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A browser would cut the name of a country to two letters: Nederland to NE, which is Niger.
        self.fields["default_country"].widget.attrs.pop("maxlength", None)
        for secret in _secrets(self.instance):
            if secret.name in self.instance.credentials:
                state = _SET_OPTIONAL if secret.is_optional else _SET
            else:
                state = _NOT_SET_OPTIONAL if secret.is_optional else _NOT_SET
            self.fields[f"secret_{secret.name}"].help_text = f"{state} {secret.help_text}"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        name, channel_type = values.get("provider"), self.instance.type or values.get("type")
        if name and channel_type and ChannelType(channel_type) not in PROVIDERS[name].types:
            self.add_error("provider", _("It does not bring messages of this type of channel."))
        return values

    def save(self, commit: bool = True) -> Channel:
        if "provider" in self.changed_data:
            self.instance.credentials = {}
        else:
            for secret in _secrets(self.instance):
                given = self.cleaned_data.get(f"secret_{secret.name}")
                if given == _NONE and secret.is_optional:
                    self.instance.credentials.pop(secret.name, None)
                elif given:
                    self.instance.credentials[secret.name] = given
        return super().save(commit)


@admin.register(Channel)
class ChannelAdmin(VisibleAdmin):
    form = ChannelAdminForm
    list_display = ("name", "type", "address", "default_country", "provider_title", "is_active")
    list_filter = ("type", "is_active")
    search_fields = ("name", "address")
    autocomplete_fields = ("teams",)

    def get_form(self, request: HttpRequest, obj: Channel | None = None, change: bool = False, **kwargs: Any) -> Any:
        """With an input for each secret of the channel's provider."""
        inputs = {
            f"secret_{secret.name}": forms.CharField(
                label=secret.label,
                required=False,
                max_length=2_000,
                validators=[RegexValidator(rf"^(?:{secret.pattern})\Z")] if secret.pattern else [],
                error_messages={"invalid": _("This does not look like one.")},
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
            )
            for secret in _secrets(obj)
        }
        kwargs["form"] = type("ChannelAdminForm", (ChannelAdminForm,), inputs)
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Channel | None = None) -> Any:
        names = ["name", "type", "address", "teams", "default_country", "retention_days", "inbox_url", "is_active"]
        secrets = [f"secret_{secret.name}" for secret in _secrets(obj)]
        shown = ["webhook_url", "what_to_do"] if obj and obj.provider else []
        return [(None, {"fields": names}), (_("Messages"), {"fields": ["provider", *shown, *secrets]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> tuple[str, ...]:
        """The type stays once chosen: it decided what identifies the contacts."""
        return ("type", "webhook_url", "what_to_do") if obj else ()

    @admin.display(description=_("Provider"), ordering="provider")
    def provider_title(self, channel: Channel) -> str:
        return str(PROVIDERS[channel.provider].title) if channel.provider else ""

    @admin.display(description=_("Address to deliver to"))
    def webhook_url(self, channel: Channel) -> str:
        return settings.URL + reverse("webhook", args=[channel.webhook_token])

    @admin.display(description=_("What to do at the provider"))
    def what_to_do(self, channel: Channel) -> str:
        return str(PROVIDERS[channel.provider].instructions)


def _secrets(channel: Channel | None) -> Any:
    provider = PROVIDERS.get(channel.provider) if channel else None
    return provider.secrets if provider else ()
