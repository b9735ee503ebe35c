"""What became of whistles: how offices came and what the callers thought of it; each number's cases.

Counted are offices, never persons: a call names no one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from linli.cases.calc.rates import Rate
from linli.cases.models import Case, WhistleCall
from linli.cases.queries.drilldown import BehindPage, BehindRow
from linli.cases.queries.rows import case_rows
from linli.cases.queries.rulebooks import current_rates, current_rulebooks
from linli.cases.rules import visible_to
from linli.kernel.errors import NotFound
from linli.registry.orgs.queries import organisations_by_id
from linli.registry.people.rules import Viewer

WHISTLE_FIGURES = ("calls", "in_time", "late", "missed", "opinions", "evaluated")
MARKS = ("speed", "result")
_IN_TIME = Q(reported_in_at__lte=F("due_at"))


@dataclass(frozen=True, slots=True)
class CalledLine:
    """An office and the calls to it. office: its id, None for all; kind, name: its own.

    numbers: by WHISTLE_FIGURES; late: reported in after the time given; missed: not at all, and the time was over
    before the case was closed. marks: by MARKS, how many calls were given each mark.
    """

    office: UUID | None
    name: str
    kind: str
    numbers: Counter[str]
    marks: Mapping[str, Counter[str]]
    smallest_sample: int

    @property
    def share_in_time(self) -> Rate:
        """Give the share of those in time among the calls that were answered or whose time is over."""
        over = sum(self.numbers[name] for name in ("in_time", "late", "missed"))
        return Rate("in_time", self.numbers["in_time"] * 100, over, self.smallest_sample)

    def share(self, mark: str, code: str) -> Rate:
        """Give the share of a mark among the calls that were evaluated."""
        return Rate(code, self.marks[mark][code] * 100, self.numbers["evaluated"], self.smallest_sample)


@dataclass(frozen=True, slots=True)
class WhistleFigures:
    """All of it. speeds, results: the marks, those of the stages in force first, then others that were given."""

    whole: CalledLine
    lines: tuple[CalledLine, ...]
    speeds: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallsAsked:
    """Which calls: made in [since, until), not taken back, to one office or to all."""

    since: datetime
    until: datetime
    office: UUID | None = None


def count_calls(*, viewer: Viewer, asked: CallsAsked, at: datetime) -> WhistleFigures:
    """Count the calls about cases that the viewer may see, office by office, in the order of kinds and codes.

    6 queries, however many offices.
    """
    calls, (_number, scheme) = _calls(viewer, asked), current_rates(viewer.district_id)
    numbers, marks = _counted(calls, at), {mark: _marks(calls, mark) for mark in MARKS}
    known = organisations_by_id(district_id=viewer.district_id, ids=numbers)
    sample, workflow = scheme.rules.smallest_sample, current_rulebooks(viewer.district_id).workflow
    lines = tuple(
        CalledLine(row.id, row.name, row.kind, numbers[row.id],
                   {mark: given.get(row.id, Counter()) for mark, given in marks.items()}, sample)
        for row in sorted(known.values(), key=lambda row: (row.kind, row.code))
    )  # fmt: skip
    sums = {mark: _summed(given.values()) for mark, given in marks.items()}
    return WhistleFigures(
        whole=CalledLine(None, "", "", _summed(numbers.values()), sums, sample), lines=lines,
        speeds=_all_marks(workflow.speeds, sums["speed"]), results=_all_marks(workflow.results, sums["result"]),
    )  # fmt: skip


def list_calls(
    *, viewer: Viewer, asked: CallsAsked, figure: str, mark: str, at: datetime, offset: int = 0, limit: int = 50
) -> BehindPage:
    """List the calls that a number counts, each as the case it is about, the latest first. At most 5 queries.

    figure: one of WHISTLE_FIGURES, or one of MARKS with the mark that was given. Raises NotFound (unknown_figure).
    """
    conditions = _figures(at) | {name: Q(evaluated_at__isnull=False, **{name: mark}) for name in MARKS}
    if figure not in conditions:
        raise NotFound("unknown_figure", params={"figure": figure})
    found = _calls(viewer, asked).filter(conditions[figure])
    page = found.order_by("-called_at", "-id").values_list("case_id", "called_at")[offset : offset + limit]
    calls = list(page)
    rows = case_rows(Case.objects.filter(visible_to(viewer), id__in=[case_id for case_id, _ in calls]), at=at)
    by_id = {row.id: row for row in rows}
    behind = tuple(BehindRow(case_id, called_at, by_id.get(case_id)) for case_id, called_at in calls)
    return BehindPage(behind, found.count(), offset)


def _calls(viewer: Viewer, asked: CallsAsked) -> QuerySet[WhistleCall]:
    seen = Case.objects.filter(visible_to(viewer)).order_by()
    found = WhistleCall.objects.filter(
        district_id=viewer.district_id, taken_back_at=None, called_at__gte=asked.since, called_at__lt=asked.until,
        case_id__in=seen.values("id"),
    )  # fmt: skip
    return found.filter(organisation_id=asked.office) if asked.office else found


def _figures(at: datetime) -> dict[str, Q]:
    """Give what makes a call count in each figure: the counts and their rows share it."""
    over = Q(due_at__lt=at) & (Q(case__closed_at=None) | Q(case__closed_at__gt=F("due_at")))
    return {
        "calls": Q(), "in_time": _IN_TIME, "late": Q(reported_in_at__gt=F("due_at")),
        "missed": Q(reported_in_at=None) & over, "opinions": Q(opined_at__isnull=False),
        "evaluated": Q(evaluated_at__isnull=False),
    }  # fmt: skip


def _counted(calls: QuerySet[WhistleCall], at: datetime) -> dict[UUID, Counter[str]]:
    """Count all figures, by office. 1 query."""
    counts = {f"n_{name}": Count("id", filter=condition) for name, condition in _figures(at).items()}
    rows = calls.order_by().values("organisation_id").annotate(**counts)
    return {row["organisation_id"]: Counter({name: row[f"n_{name}"] for name in WHISTLE_FIGURES}) for row in rows}


def _marks(calls: QuerySet[WhistleCall], mark: str) -> dict[UUID, Counter[str]]:
    """Count the calls with each mark, by office. 1 query."""
    found = calls.filter(evaluated_at__isnull=False).order_by().values("organisation_id", mark).annotate(n=Count("id"))
    given: dict[UUID, Counter[str]] = {}
    for office, code, n in found.values_list("organisation_id", mark, "n"):
        given.setdefault(office, Counter())[code] = n
    return given


def _summed(several: Iterable[Counter[str]]) -> Counter[str]:
    return sum(several, Counter())


def _all_marks(in_force: tuple[str, ...], given: Mapping[str, int]) -> tuple[str, ...]:
    return (*in_force, *sorted(set(given) - set(in_force)))
