"""What was learned from closed cases, for the system administrator: how often it is right, by category."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from linli.cases.calc.learning import Share, percent
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.queries.suggesting import LEAST_CASES, LEAST_PERCENT, get_learned
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.times import say_moment
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere


@dataclass(frozen=True, slots=True)
class Line:
    """A category: how many held-out cases of it there were, and how many percent were told."""

    name: str
    total: int
    first: int
    three: int


@require_GET
@staff_only
@tells_errors
def show_learned(request: ViewerRequest) -> HttpResponse:
    """Show how the suggestions do. 2 queries beside the frame's."""
    viewer = request.viewer
    may_somewhere(viewer, Verb.RUN_JOBS).require()
    learned, kinds = get_learned(viewer.district_id), current_rulebooks(viewer.district_id).categories
    context: dict[str, object] = {
        "learned": learned, "least_cases": LEAST_CASES, "least_percent": LEAST_PERCENT,
    }  # fmt: skip
    if learned:
        seen = learned.measured
        context |= {
            "made_at": say_moment(learned.made_at, timezone.now()), "total": seen.total,
            "all": seen.learned + seen.total, "first": percent(seen.first, seen.total),
            "three": percent(seen.three, seen.total), "baseline": percent(seen.baseline, seen.total),
            "alike": percent(learned.likest.right, learned.likest.told),
            "by_chance": percent(learned.likest.by_chance, learned.likest.told),
            "lines": [_line(share, kinds[share.category].name if share.category in kinds else share.category)
                      for share in seen.shares],
        }  # fmt: skip
    return render(request, "web/desk/learned.html", context)


def _line(share: Share, name: str) -> Line:
    return Line(name, share.total, percent(share.first, share.total), percent(share.three, share.total))
