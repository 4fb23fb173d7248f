"""What people fill in, one file a concept."""

from contacts.forms.block import BlockForm
from contacts.forms.contact import ContactForm
from contacts.forms.custom_field import ChoicesField, NewFieldForm
from contacts.forms.field import FieldForm, UnknownField
from contacts.forms.label import ConversationLabelsForm, NewLabelForm
from contacts.forms.note import NoteForm
from contacts.forms.saved_view import SavedViewForm

__all__ = [
    "BlockForm",
    "ChoicesField",
    "ContactForm",
    "ConversationLabelsForm",
    "FieldForm",
    "NewFieldForm",
    "NewLabelForm",
    "NoteForm",
    "SavedViewForm",
    "UnknownField",
]
