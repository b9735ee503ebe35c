"""Alive, ready, and a few figures for a monitor."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from linli.cases.queries.health import open_and_late
from linli.ledger.commands.queries import count_waiting
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


@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Give counts in Prometheus's text format; no names, no texts."""
    lines = ["# TYPE linli_cases_open gauge", "# TYPE linli_cases_late gauge", "# TYPE linli_outbox_waiting gauge"]
    for code in served_districts():
        is_open, late = open_and_late(district_id=code, at=timezone.now())
        label = f'{{district="{code}"}}'
        lines += [
            f"linli_cases_open{label} {is_open}",
            f"linli_cases_late{label} {late}",
            f"linli_outbox_waiting{label} {count_waiting(district_id=code)}",
        ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")
