"""Whether the installation works, for monitors and load balancers."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from contacts.jobs.heartbeat import worker_is_running


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Two booleans, `database` and `worker`; 503 when the database does not answer. A missing worker is no outage."""
    try:
        worker = worker_is_running()
    except DatabaseError:
        return JsonResponse({"database": False, "worker": False}, status=503)
    return JsonResponse({"database": True, "worker": worker})
