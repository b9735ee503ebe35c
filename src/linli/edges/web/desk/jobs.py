"""Jobs and deliveries, for the system administrator: what failed, and trying it again, which leaves an audit line."""

import re
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.facts import say_fact
from linli.edges.words.jobs import say_task
from linli.edges.words.notices import CHANNELS, STATES, TONES, WHOM, say_delivery_fault
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.commands.actions.retrying import retry_job, retry_message
from linli.ledger.commands.queries import count_jobs, count_waiting, list_failing, list_unfinished_jobs
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere
from linli.support.notices.actions.retrying import retry_delivery
from linli.support.notices.queries.deliveries import DeliveryFilter, count_deliveries, list_deliveries

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@never_cache
@require_GET
@staff_only
@tells_errors
def show_jobs(request: ViewerRequest) -> HttpResponse:
    """List messages that do not go out and jobs that are not done. 7 queries beside the frame's."""
    may_somewhere(request.viewer, Verb.RUN_JOBS).require()
    district_id = request.viewer.district_id
    context = {
        "messages_waiting": count_waiting(district_id=district_id),
        "failing": [(row, say_fact(row.kind)) for row in list_failing(district_id=district_id)],
        "jobs": [(job, say_task(job.task)) for job in list_unfinished_jobs()],
        "failed": count_jobs().get("failed", 0),
        **_deliveries(request),
    }
    return render(request, "web/desk/jobs.html", context)


@require_POST
@staff_only
@tells_errors
def retry_message_page(request: ViewerRequest, message_id: UUID) -> HttpResponseBase:
    """Let a message be due now."""
    may_somewhere(request.viewer, Verb.RUN_JOBS).require()
    with transaction.atomic():
        retry_message(district_id=request.viewer.district_id, message_id=message_id, at=timezone.now())
        _note(request, "outbox_message", str(message_id))
    return HttpResponseRedirect(reverse("jobs"))


@require_POST
@staff_only
@tells_errors
def retry_job_page(request: ViewerRequest, job_id: int) -> HttpResponseBase:
    """Put a job back in line."""
    may_somewhere(request.viewer, Verb.RUN_JOBS).require()
    with transaction.atomic():
        retry_job(job_id=job_id, at=timezone.now())
        _note(request, "job", str(job_id))
    return HttpResponseRedirect(reverse("jobs"))


@require_POST
@staff_only
@tells_errors
def retry_delivery_page(request: ViewerRequest, delivery_id: UUID) -> HttpResponseBase:
    """Let a delivery be due now."""
    with transaction.atomic():
        retry_delivery(by=request.viewer, delivery_id=delivery_id, at=timezone.now())
        _note(request, "delivery", str(delivery_id))
    return HttpResponseRedirect(f"{reverse('jobs')}#deliveries")


def _deliveries(request: ViewerRequest) -> dict[str, object]:
    """List what goes outside, filtered as asked; a filter that is unknown lets nothing slip away."""
    state, channel = request.GET.get("state", ""), request.GET.get("channel", "")
    recipient = request.GET.get("recipient", "")
    recipient_id = UUID(recipient) if _ID.fullmatch(recipient) else None
    wanted = DeliveryFilter(state if state in STATES else "", channel if channel in CHANNELS else "", recipient_id)
    district_id = request.viewer.district_id
    counts = count_deliveries(district_id=district_id)
    return {
        "deliveries": [
            (row, say_fact(row.kind), CHANNELS[row.channel], WHOM[row.whom], STATES[row.state], TONES[row.state],
             say_delivery_fault(row.error))
            for row in list_deliveries(district_id=district_id, wanted=wanted)
        ],
        "states": [(code, words, counts.get(code, 0)) for code, words in STATES.items()],
        "channels": list(CHANNELS.items()), "wanted": wanted,
    }  # fmt: skip


def _note(request: ViewerRequest, kind: str, object_id: str) -> None:
    write_line(
        district_id=request.viewer.district_id, kind=LineKind.RETRIED, at=timezone.now(),
        actor_id=request.viewer.person_id, object_kind=kind, object_id=object_id, source_ip=address_of(request),
    )  # fmt: skip
