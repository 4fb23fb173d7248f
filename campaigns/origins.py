"""How contacts came on static lists: when, and by whom or by which import."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.models import Membership
from channels.models import Viewer
from contacts.models import ContactImport
from contacts.pages.people import full_name
from contacts.pages.timestamps import day


class Origin(NamedTuple):
    membership: Membership
    text: str
    contact_import: ContactImport | None  # where the viewer may see it


def origins(memberships: QuerySet[Membership], viewer: Viewer) -> Iterator[Origin]:
    """How each of the memberships came about, in few words. Two queries."""
    found = list(memberships.select_related("added_by"))
    keys = {one.import_id for one in found if one.import_id}
    imports = ContactImport.objects.visible_to(viewer).only("name").in_bulk(keys) if keys else {}
    for one in found:
        contact_import = imports.get(one.import_id or 0)
        yield Origin(one, _text(one, contact_import), contact_import)


def _text(one: Membership, contact_import: ContactImport | None) -> str:
    values = {"day": day(one.added_at), "who": full_name(one.added_by) if one.added_by else ""}
    if contact_import:
        return _("Imported on %(day)s, %(file)s") % {**values, "file": contact_import.name}
    if one.import_id:
        return _("Imported on %(day)s") % values
    return _("Added on %(day)s by %(who)s") % values if one.added_by else _("Added on %(day)s") % values
