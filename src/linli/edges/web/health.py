"""Alive, and ready."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from linli.registry.territory.queries import served_districts


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say that the database answers and its tables are there; 503 otherwise."""
    try:
        districts = served_districts()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the database, the answer is "not ready"
        return JsonResponse({"ready": False, "why": type(error).__name__}, status=503)
    return JsonResponse({"ready": True, "districts": districts})
