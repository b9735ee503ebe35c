"""Alarms: who wrote out, unmasked or was refused more often than work explains; and from how much on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.audit import ALARMS
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_moment
from linli.kernel.errors import LinliError
from linli.ledger.audit.actions import set_alarm_limit
from linli.ledger.audit.choices import AlarmKind
from linli.ledger.audit.queries import Alarm, list_alarm_limits, list_alarms
from linli.registry.people.queries import names_of
from linli.registry.people.rules import may_change_alarms, may_read_audit, may_see_alarms, may_see_people

SHOWN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """An alarm in words."""

    person_id: UUID
    name: str
    kind: str
    amount: str
    first: str
    last: str


@never_cache
@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def alarms_page(request: ViewerRequest) -> HttpResponse:
    """List the alarms of thirty days, newest first; who manages logins changes the limits."""
    may_see_alarms(request.viewer).require()
    if request.method == "GET":
        return _page(request)
    may_change_alarms(request.viewer).require()
    kind = request.POST.get("kind", "")
    try:
        set_alarm_limit(
            district_id=request.viewer.district_id, kind=kind, most=_number(request, "most"),
            minutes=_number(request, "minutes"), by=request.viewer.person_id, source_ip=address_of(request),
            at=timezone.now(),
        )  # fmt: skip
    except LinliError as error:
        return _page(request, error=error, kind=kind)
    messages.success(request, _("Kept. The alarms are counted by it from now on."))
    return HttpResponseRedirect(reverse("alarms"))


def _number(request: ViewerRequest, name: str) -> int:
    text = request.POST.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0  # noqa: PLR2004 - of a PostgreSQL integer


def _page(request: ViewerRequest, *, error: LinliError | None = None, kind: str = "") -> HttpResponse:
    viewer, at = request.viewer, timezone.now()
    found = list_alarms(district_id=viewer.district_id, since=at - SHOWN_FOR)
    names = names_of(district_id=viewer.district_id, person_ids=sorted({alarm.actor_id for alarm in found}))
    context = {
        "alarms": [_line(alarm, names.get(alarm.actor_id, ""), at) for alarm in found],
        "limits": [(row, ALARMS[row.kind]) for row in list_alarm_limits(district_id=viewer.district_id)],
        "may_change": bool(may_change_alarms(viewer)), "may_open": bool(may_see_people(viewer)),
        "may_audit": bool(may_read_audit(viewer)), "days": SHOWN_FOR.days,
        "tab": "alarms", "error": say_error(error) if error else "", "error_field": error.field if error else "",
        "kind": kind, "most": request.POST.get("most", ""), "minutes": request.POST.get("minutes", ""),
    }  # fmt: skip
    return render(request, "web/people/alarms.html", context, status=status_of(error) if error else 200)


def _line(alarm: Alarm, name: str, at: datetime) -> AlarmLine:
    if alarm.kind == AlarmKind.ROWS:
        amount = ngettext("%(n)s row", "%(n)s rows", alarm.amount) % {"n": alarm.amount}
    else:
        amount = ngettext("%(n)s time", "%(n)s times", alarm.amount) % {"n": alarm.amount}
    return AlarmLine(alarm.actor_id, name, str(ALARMS[alarm.kind]), amount, say_moment(alarm.first_at, at),
                     say_moment(alarm.last_at, at))  # fmt: skip
