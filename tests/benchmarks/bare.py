"""The yardstick: a plain Django view that does the inserts of a new case and nothing else, served like Linli.

Same database, same settings, same server, one process; no middleware, no rights, no routing, no score, no checks. What
it writes are copies of the newest case's rows with new ids.

    python -m tests.benchmarks.bare      with DATABASE_URL, LINLI_DATA and PORT
"""

import json
import os
from functools import cache
from typing import Any
from uuid import UUID

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings.base"
from django.conf import settings

settings.MIDDLEWARE = []
settings.ROOT_URLCONF = __name__ if __name__ != "__main__" else "tests.benchmarks.bare"
django.setup()

from django.core.asgi import get_asgi_application
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from linli.cases.models import Case, CaseStep, ClockSegment
from linli.kernel.ids import new_id
from linli.ledger.commands.actions import next_number
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.facts.models import Fact


@cache
def samples() -> tuple[Case, list[ClockSegment], CaseStep, Fact, OutboxMessage]:
    """Read the rows of the newest case that was reported and nothing more."""
    case = Case.objects.filter(state="reported").order_by("-id")[:1].get()
    step = CaseStep.objects.get(district_id=case.district_id, case_id=case.id)
    return (
        case,
        list(ClockSegment.objects.filter(district_id=case.district_id, case_id=case.id).order_by("id")),
        step,
        Fact.objects.get(district_id=case.district_id, subject_id=case.id),
        OutboxMessage.objects.get(district_id=case.district_id, subject_id=case.id),
    )


def copy(row: models.Model, **changed: Any) -> models.Model:
    """Insert a copy of a row under a new id."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    new = type(row)(**{**values, "id": new_id(), **changed})
    new.save(force_insert=True)
    return new


def create(request: HttpRequest) -> HttpResponse:
    """Insert a case, its clocks, step, fact and message in one transaction."""
    told = json.loads(request.body)
    case, clocks, step, fact, message = samples()
    at, case_id = timezone.now(), new_id()
    with transaction.atomic():
        serial = next_number(district_id=case.district_id, name="bench", year=at.year)
        copy(case, id=case_id, number=f"bare-{serial}", text=told["text"], reported_at=at)
        for clock in clocks:
            copy(clock, case_id=case_id)
        copy(step, case_id=case_id, at=at)
        copy(fact, subject_id=case_id, at=at)
        copy(message, subject_id=case_id)
    return JsonResponse({"id": str(UUID(str(case_id)))}, status=201)


def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer once the sample rows are read."""
    samples()
    return HttpResponse("ok")


create.csrf_exempt = True  # type: ignore[attr-defined]
urlpatterns = [path("readyz", readyz), path("cases", create)]
application = get_asgi_application()

if __name__ == "__main__":
    Server(
        "tests.benchmarks.bare:application",
        address="127.0.0.1",
        port=int(os.environ["PORT"]),
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()
