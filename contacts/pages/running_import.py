"""The import of the viewer's own that runs now, for the navigation of every page."""

from channels.models import Viewer
from contacts.importing import report
from contacts.jobs.progress import Progress
from contacts.models import ContactImport


def running_import(user: Viewer) -> Progress | None:
    """How far it is, the oldest one where several run or wait; None where none does. One query."""
    # Whose each is is asked here: few run, and the database would rather go through all imports of the viewer.
    running = ContactImport.objects.visible_to(user).filter(state__in=ContactImport.WORKING)
    own = [each for each in running if user.pk in (each.created_by_id, each.confirmed_by_id, each.undone_by_id)]
    return report.progress(min(own, key=lambda each: each.pk)) if own else None
