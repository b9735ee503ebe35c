"""The page of closed cases like one that is worked on: what was done then, as a suggestion."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.cases.calc.alike import LikestMeasured
from linli.cases.calc.learning import percent
from linli.cases.queries.alike import list_alike_closed
from linli.cases.queries.suggesting import get_learned
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.lines import keep_numbers
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.times import LOCAL, say_day, say_span


@require_GET
@staff_only
@tells_errors
def show_alike(request: ViewerRequest, case_id: UUID) -> HttpResponse:
    """Show the likest closed cases with what was reported back, and how well that was found to do."""
    at = timezone.now()
    found = list_alike_closed(viewer=request.viewer, case_id=case_id, at=at)
    lines = [
        {"row": each.row, "title": keep_numbers(each.row.title), "percent": each.percent, "what": each.what,
         "day": say_day(each.row.reported_at.astimezone(LOCAL).date(), timezone.localdate(at)),
         "took": say_span(each.took) if each.took is not None else ""}
        for each in found.rows
    ]  # fmt: skip
    learned = get_learned(request.viewer.district_id)
    context = {"found": found, "title": keep_numbers(found.of_title), "lines": lines,
               "how_well": say_likest(learned.likest) if learned else ""}  # fmt: skip
    return render(request, "web/desk/alike.html", context)


def say_likest(measured: LikestMeasured) -> str:
    """Say how often what is alike by its words was of the same category; "" where nothing was found alike yet."""
    if not measured.told:
        return ""
    return _(
        "Tried on %(tried)s later cases among %(read)s of all categories: of what was found alike, %(right)s %% were "
        "of the same category; by chance it would be %(by_chance)s %%."
    ) % {
        "tried": measured.tried, "read": measured.read, "right": percent(measured.right, measured.told),
        "by_chance": percent(measured.by_chance, measured.told),
    }  # fmt: skip
