"""The dry run of the ladder: who would be told, by the rules that count or by others, without telling anybody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from linli.cases.calc.ladder import DUE
from linli.cases.choices import RulebookKind
from linli.cases.errors import RulebookHasFaults
from linli.cases.queries.ladder import MOST_CASES, DryRun, try_ladder
from linli.cases.queries.rulebooks import rulebook_content
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.rule_editing import may_edit
from linli.edges.web.desk.rule_rows import number, read_setting, settings_of
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.cases import say_rung
from linli.edges.words.errors import say_error
from linli.edges.words.rule_faults import say_fault
from linli.edges.words.times import say_moment
from linli.kernel.errors import InvalidInput
from linli.registry.people.choices import Verb
from linli.registry.people.queries import role_names

_ASKED = ("warn_percents", "up_after_hours", "leader_role")
_DAYS = ("0", "1", "7", "30")


@require_GET
@staff_only
@tells_errors
def show_ladder(request: ViewerRequest) -> HttpResponse:
    """Show what a ladder would have done; 19 queries with the frame's, however many cases."""
    may_edit(request.viewer).require()
    viewer, at, sent = request.viewer, timezone.now(), request.GET
    _follows, content = rulebook_content(district_id=viewer.district_id, kind=RulebookKind.DEADLINES)
    typed = {name: sent.get(name, values[0]) for name, values in settings_of(RulebookKind.DEADLINES, content).items()}
    days = number(sent.get("days", "7"))
    context: dict[str, Any] = {
        "typed": typed, "days": str(days), "choices": _DAYS, "roles": sorted(role_names(Verb.SEE_CASES).items()),
        "most": MOST_CASES, "error": "", "run": None,
    }  # fmt: skip
    try:
        run = try_ladder(viewer=viewer, at=at, days=days, settings=_settings(sent))
    except RulebookHasFaults as error:
        context["error"] = " ".join(say_fault(fault, {}) for fault in error.faults)
        return render(request, "web/desk/ladder.html", context, status=status_of(error))
    except InvalidInput as error:
        context["error"] = say_error(error)
        return render(request, "web/desk/ladder.html", context, status=status_of(error))
    return render(request, "web/desk/ladder.html", context | _said(run, at))


def _settings(sent: QueryDict) -> Mapping[str, Any]:
    return {name: read_setting(name, sent.get(name, "")) for name in _ASKED if name in sent}


def _said(run: DryRun, at: datetime) -> dict[str, Any]:
    """Put a dry run into words."""
    return {
        "run": run,
        "counts": [(say_rung(clock, mark), count) for (clock, mark), count in sorted(run.counts.items())],
        "people": [(name, role, count) for (name, role), count in run.people.items()],
        "rows": [
            (reverse("desk_case", args=[row.case_id]) if row.title else "", row.number, row.title,
             say_rung(row.clock, row.rung.mark), say_moment(row.rung.at, at), row.named, row.rung.mark >= DUE)
            for row in run.rows
        ],
    }  # fmt: skip
