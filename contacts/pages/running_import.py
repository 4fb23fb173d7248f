"""The import of the viewer's own that runs now, for the navigation of every page."""

from channels.models import Viewer
from contacts.importing import report
from contacts.jobs.progress import Progress
from contacts.models import ContactImport


def running_import(user: Viewer) -> Progress | None:
    """How far it is; that of the oldest where several wait. One query."""
    # Whose they are is asked here: few run, and a database would rather go through all that are somebody's.
    running = ContactImport.objects.visible_to(user).filter(state__in=ContactImport.WORKING)
    own = [each for each in running if user.pk in (each.created_by_id, each.confirmed_by_id, each.undone_by_id)]
    return report.progress(min(own, key=lambda each: each.pk)) if own else None
