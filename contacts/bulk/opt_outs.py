"""Opting many contacts out of campaigns. Opting in again is done contact by contact, on purpose."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from contacts.bulk.verb import Chunk, Outcome, Verb
from contacts.models import Contact, OptOut


class OptOutAll(Verb):
    key, icon, title = "opt_out", "mute", _("Opt out of campaigns")
    permission = "contacts.change_contact"
    done = ngettext_lazy("%(count)s contact opted out of campaigns", "%(count)s contacts opted out of campaigns", "n")
    already = ngettext_lazy("%(count)s was opted out already", "%(count)s were opted out already", "n")

    def apply(self, chunk: Chunk) -> None:
        at = chunk.action.created_at
        opted_out = Contact.objects.filter(pk__in=chunk.ids, opted_out_at__isnull=False)
        chunk.skip(Outcome.ALREADY, list(opted_out.values_list("pk", flat=True)))
        chunk.insert(OptOut, at=at, by=chunk.actor)
        chunk.write({pk: {"opted_out": ["", "yes"]} for pk in chunk.channels}, opted_out_at=at)

    def undo(self, chunk: Chunk) -> None:
        """A contact that opted out by itself since, or was opted out anew, stays opted out."""
        at = chunk.action.created_at
        standing = OptOut.objects.standing().filter(contact__in=chunk.ids)
        own = standing.filter(source=OptOut.Source.HAND, at=at, by=chunk.action.created_by_id)
        chunk.keep_only(own.values_list("contact_id", flat=True), Outcome.KEPT)
        others = standing.exclude(pk__in=own.values("pk"))
        chunk.skip(Outcome.KEPT, list(others.values_list("contact_id", flat=True)))
        own.filter(contact__in=chunk.ids).update(ended_at=chunk.now, ended_by=chunk.actor)
        chunk.write({pk: {"opted_out": ["yes", ""]} for pk in chunk.channels}, opted_out_at=None)
