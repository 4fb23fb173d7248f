"""The channel types: what identifies a contact on each, and how each looks on screen."""

from typing import Literal, NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

IdentifierKind = Literal["phone", "handle", "email", "opaque"]


class ChannelType(models.TextChoices):
    """One kind of channel. The values are stored in the database and never change."""

    WHATSAPP = "whatsapp", _("WhatsApp")
    SMS = "sms", _("SMS")
    RCS = "rcs", _("RCS")
    MESSENGER = "messenger", _("Messenger")
    INSTAGRAM = "instagram", _("Instagram")
    TELEGRAM = "telegram", _("Telegram")
    EMAIL = "email", _("E-mail")
    LIVECHAT = "livechat", _("Live chat")

    @property
    def identifier_kind(self) -> IdentifierKind:
        """What makes a contact unique on this channel type."""
        return _TRAITS[self].identifier_kind

    @property
    def identifier_title(self) -> str | Promise:
        """What that identifier is called on screen, in the viewer's language."""
        return _IDENTIFIER_TITLES[self.identifier_kind]

    @property
    def icon(self) -> str:
        """The id of its symbol in `static/icons.svg`."""
        return f"ch-{_TRAITS[self].color_class}"

    @property
    def color_class(self) -> str:
        """The CSS class that carries its color."""
        return _TRAITS[self].color_class


class _Traits(NamedTuple):
    identifier_kind: IdentifierKind
    color_class: str


_TRAITS = {
    ChannelType.WHATSAPP: _Traits("phone", "wa"),
    ChannelType.SMS: _Traits("phone", "sms"),
    ChannelType.RCS: _Traits("phone", "rcs"),
    # Meta gives every person another id for every page, and tells no phone number or name with it.
    ChannelType.MESSENGER: _Traits("opaque", "fb"),
    ChannelType.INSTAGRAM: _Traits("handle", "ig"),
    ChannelType.TELEGRAM: _Traits("handle", "tg"),
    ChannelType.EMAIL: _Traits("email", "mail"),
    ChannelType.LIVECHAT: _Traits("opaque", "chat"),
}

_IDENTIFIER_TITLES: dict[IdentifierKind, Promise] = {
    "phone": _("Phone number"),
    "handle": _("Handle"),
    "email": _("E-mail address"),
    "opaque": _("ID"),
}
