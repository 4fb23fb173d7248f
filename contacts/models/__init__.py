"""Who we talk to. One file a concept, each with its QuerySet."""

from contacts.models.block import Block
from contacts.models.bulk_action import BulkAction, BulkActionContact
from contacts.models.change import Change
from contacts.models.contact import Contact, GoneContact, StaleContact
from contacts.models.contact_import import ContactImport, ImportRecipe, ImportRow
from contacts.models.conversation import Attachment, Conversation, ConversationLabel, Message
from contacts.models.custom_field import CustomField
from contacts.models.erasure import Erasure
from contacts.models.export import Export
from contacts.models.favorite import Favorite
from contacts.models.inbound_event import InboundEvent
from contacts.models.label import ContactLabel, Label
from contacts.models.note import Note, StaleNote
from contacts.models.opt_out import OptOut
from contacts.models.person import Person, PersonChanged
from contacts.models.saved_view import SavedView

__all__ = [
    "Attachment",
    "Block",
    "BulkAction",
    "BulkActionContact",
    "Change",
    "Contact",
    "ContactImport",
    "ContactLabel",
    "Conversation",
    "ConversationLabel",
    "CustomField",
    "Erasure",
    "Export",
    "Favorite",
    "GoneContact",
    "ImportRecipe",
    "ImportRow",
    "InboundEvent",
    "Label",
    "Message",
    "Note",
    "OptOut",
    "Person",
    "PersonChanged",
    "SavedView",
    "StaleContact",
    "StaleNote",
]
