"""The import of the viewer's own that runs now, for the navigation of every page."""

from django.db.models import Q

from channels.models import Viewer
from contacts.importing import report
from contacts.models import ContactImport
from contacts.progress import Progress


def running_import(user: Viewer) -> Progress | None:
    """How far it is; that of the oldest where several wait. One query, by the index of the states."""
    own = Q(created_by=user.pk) | Q(confirmed_by=user.pk) | Q(undone_by=user.pk)
    # Sorted here: there are few, and a database that is asked for the first of them would look for it among all.
    running = ContactImport.objects.visible_to(user).filter(own, state__in=ContactImport.WORKING)
    found = min(running, key=lambda contact_import: contact_import.pk, default=None)
    return report.progress(found) if found else None
