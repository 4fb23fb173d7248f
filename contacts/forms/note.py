"""What a colleague writes about a contact."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.models import Note


class NoteForm(forms.Form):
    """The text of a note, new or the given one. It carries the text that it was made from."""

    body = forms.CharField(
        label=_("Note"),
        max_length=5000,
        show_hidden_initial=True,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": _("Add a note for your colleagues"), "dir": "auto", "data-key": "n"}
        ),
    )

    def __init__(self, data: Any = None, note: Note | None = None) -> None:
        super().__init__(
            data, initial={"body": note.body} if note else None, auto_id=f"note-{note.pk}-%s" if note else "id_%s"
        )
        self.note = note
        self.theirs: str | None = None
        if note:
            self.fields["body"].widget.attrs |= {"autofocus": True, "rows": 4}

    @property
    def seen(self) -> str:
        """The text that this one was made from."""
        return str(self.data.get(self.add_initial_prefix("body"), "")).replace("\r\n", "\n")

    def merged(self) -> "NoteForm":
        """The same form on the note as it is now; `theirs` is what stands there instead of what this person wrote."""
        note = cast(Note, self.note)
        form = NoteForm({"body": self.data["body"], self.add_initial_prefix("body"): note.body}, note)
        form.theirs = note.body
        return form
