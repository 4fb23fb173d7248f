"""What people are called."""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from contacts.models import Contact


def full_name(person: Contact | User | None) -> str:
    """What a colleague or a contact is called; a colleague whose account is gone has no name any more."""
    if isinstance(person, Contact):
        return person.name
    return (person.get_full_name() or person.username) if person else _("Former colleague")
