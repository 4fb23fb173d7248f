"""How people, times and their words look in templates."""

from django import template
from django.contrib.auth.models import User

from contacts.models import Contact
from contacts.pages import avatars, timestamps
from contacts.pages.people import full_name

register = template.Library()


@register.filter
def initials(person: Contact | User | None) -> str:
    return avatars.initials(full_name(person))


@register.filter
def tint(person: Contact | User | None) -> str:
    return avatars.tint(person)


register.filter("full_name", full_name)
register.filter("day", timestamps.day)
register.filter("moment", timestamps.moment)
register.filter("short_time", timestamps.short_time)
register.filter("stamp", timestamps.stamp)
