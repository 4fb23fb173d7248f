"""How people, times and their words look in templates."""

from django import template
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from contacts.models import Contact
from contacts.pages import avatars, timestamps

register = template.Library()


@register.filter
def initials(person: Contact | User | None) -> str:
    return avatars.initials(full_name(person))


@register.filter
def tint(person: Contact | User | None) -> str:
    return avatars.tint(person)


@register.filter
def full_name(person: Contact | User | None) -> str:
    """What a colleague or a contact is called; a colleague whose account is gone has no name any more."""
    if isinstance(person, Contact):
        return person.name
    return (person.get_full_name() or person.username) if person else _("Former colleague")


register.filter("day", timestamps.day)
register.filter("moment", timestamps.moment)
register.filter("short_time", timestamps.short_time)
register.filter("stamp", timestamps.stamp)
