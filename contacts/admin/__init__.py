"""Contacts in Django admin: the book itself, the words it uses, and the records it keeps."""

from contacts.admin.contact import ContactAdmin
from contacts.admin.custom_field import CustomFieldAdmin
from contacts.admin.inbound_event import InboundEventAdmin
from contacts.admin.label import LabelAdmin
from contacts.admin.note import NoteAdmin
from contacts.admin.records import ChangeAdmin

__all__ = ["ChangeAdmin", "ContactAdmin", "CustomFieldAdmin", "InboundEventAdmin", "LabelAdmin", "NoteAdmin"]
