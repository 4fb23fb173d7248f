"""By whose word an open contact wants no campaigns."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from channels.models import Viewer
from contacts.models import Contact, ContactImport, OptOut
from contacts.pages.people import full_name
from contacts.pages.timestamps import moment


@dataclass(frozen=True)
class OptOutLine:
    text: str
    url: str = ""  # of the import


def opt_out_lines(contact: Contact, viewer: Viewer) -> list[OptOutLine]:
    """One for each source that stands; of an import that the viewer may not see, no more than that there was one."""
    if contact.opted_out_at is None:
        return []
    standing = list(contact.opt_outs.standing().select_related("by"))
    keys = [opt_out.import_id for opt_out in standing if opt_out.import_id]
    imports = ContactImport.objects.visible_to(viewer).in_bulk(keys) if keys else {}
    return [_line(opt_out, imports.get(opt_out.import_id or 0)) for opt_out in standing]


def _line(opt_out: OptOut, contact_import: ContactImport | None) -> OptOutLine:
    words = {"time": moment(opt_out.at), "word": opt_out.word, "line": opt_out.import_line, "by": full_name(opt_out.by)}
    if opt_out.source == OptOut.Source.MESSAGE:
        said = _("The contact wrote “%(word)s”, %(time)s.") if opt_out.word else _("The contact said so, %(time)s.")
        return OptOutLine(said % words)
    if opt_out.source == OptOut.Source.HAND:
        return OptOutLine(_("By %(by)s, %(time)s.") % words)
    if contact_import is None:
        return OptOutLine(_("By an import, %(time)s.") % words)
    words["file"] = contact_import.name
    url = reverse("contacts:import_detail", args=[contact_import.pk])
    return OptOutLine(_("By the import “%(file)s”, line %(line)s, %(time)s.") % words, url)
