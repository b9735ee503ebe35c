"""What comes back: recurring matters at one place, and what a season or a rise lets expect; of what is in sight."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from linli.cases.calc.series import SEASON, SeriesRule, Span, Spot, clusters, coming_weeks, expects, last_weeks
from linli.cases.choices import Action, Source, State
from linli.cases.errors import NoSuchCase
from linli.cases.models import Case, CaseStep
from linli.cases.queries.lists import CaseFilter, filtered
from linli.cases.queries.rows import CaseRow, case_rows
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.rules import inside, may_see_case, visible_to
from linli.ledger.facts.queries.tallies import area_code_at
from linli.registry.people.rules import Viewer
from linli.registry.territory.calc.coordinates import distance_m

MOST_READ = 20_000  # of the newest cases with a point, so that a page of a whole district stays within a second
MOST_SHOWN = 50
MOST_OF_ONE = 200
_METRES_A_DEGREE = 111_320.0
_COMMUNITY = 3
_OWN = Q(source__in=(Source.SYSTEM, Source.PREVENTION))  # opened because something recurs, not one more time of it


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A recurring matter in the list: the newest case and how many there are around it. since: the oldest of them."""

    newest: CaseRow
    count: int
    since: datetime
    open: int


@dataclass(frozen=True, slots=True)
class SeriesList:
    """Recurring matters, most cases first. is_cut: there were more cases than are read."""

    rows: list[SeriesRow]
    rule: SeriesRule
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that it happened; what: what was reported back last, "" if nothing was."""

    row: CaseRow
    what: str


@dataclass(frozen=True, slots=True)
class Series:
    """A matter that recurs around a case: every time of it that the viewer may see, oldest first.

    root: the case that was opened of the cause, with its number, if the viewer may see it; has_root: there is one.
    """

    anchor: CaseRow
    times: list[Occurrence]
    since: datetime
    rule: SeriesRule
    solvers: list[tuple[str, int]]
    root: CaseRow | None
    has_root: bool


def list_series(*, viewer: Viewer, at: datetime) -> SeriesList:
    """List what recurs within the days and metres of the rule, of the newest 20,000 cases in sight. 4 queries."""
    rule = current_rulebooks(viewer.district_id).series
    since = at - timedelta(days=rule.series_days)
    seen = _with_point(viewer).filter(reported_at__gte=since, reported_at__lte=at).order_by("-reported_at", "-id")
    found = list(seen.values_list("id", "category", "lng", "lat", "reported_at", "closed_at")[: MOST_READ + 1])
    told = {row[0]: (row[4], row[5] is None) for row in found}
    spots = (Spot(row[0], row[1], row[2] or 0.0, row[3] or 0.0) for row in found[:MOST_READ])
    together = clusters(spots, metres=rule.series_metres, least=rule.series_least)
    together.sort(key=len, reverse=True)
    newest = {row.id: row for row in case_rows(
        Case.objects.filter(district_id=viewer.district_id, id__in=[one[0].key for one in together[:MOST_SHOWN]]), at=at
    )}  # fmt: skip
    rows = [
        SeriesRow(newest[one[0].key], len(one), min(told[spot.key][0] for spot in one),
                  sum(told[spot.key][1] for spot in one))
        for one in together[:MOST_SHOWN]
    ]  # fmt: skip
    return SeriesList(rows, rule, len(found) > MOST_READ)


def count_times(*, viewer: Viewer, row: CaseRow) -> tuple[int, SeriesRule]:
    """Tell the how many-th time a case is, of those in sight, within the days of the rule before it. 2 queries."""
    rule = current_rulebooks(row.district_id).series
    if row.lng is None or row.lat is None or viewer.district_id != row.district_id:
        return 1, rule
    since = row.reported_at - timedelta(days=rule.series_days)
    near = _around(_with_point(viewer), row, rule).filter(reported_at__gte=since, reported_at__lte=row.reported_at)
    points = near.order_by("-reported_at").values_list("id", "lng", "lat")[:MOST_OF_ONE]
    return len({row.id, *(each[0] for each in points if _is_near(row, each[1], each[2], rule))}), rule


def get_series(*, viewer: Viewer, case_id: UUID, at: datetime) -> Series:
    """Read the matter that recurs around a case, from the days of the rule before it until now. 7 queries.

    Raises NoSuchCase alike for none, one beyond reach and one without a point.
    """
    case = Case.objects.filter(district_id=viewer.district_id, id=case_id, lng__isnull=False).first()
    if case is None or not may_see_case(viewer, case):
        raise NoSuchCase("no_such_case")
    anchor = case_rows(Case.objects.filter(district_id=viewer.district_id, id=case_id), at=at)[0]
    rule = current_rulebooks(viewer.district_id).series
    since = anchor.reported_at - timedelta(days=rule.series_days)
    near = _around(_with_point(viewer), anchor, rule).filter(reported_at__gte=since, reported_at__lte=at)
    rows = [row for row in case_rows(near.order_by("-reported_at", "-id")[:MOST_OF_ONE], at=at)
            if _is_near(anchor, row.lng, row.lat, rule)]  # fmt: skip
    steps = CaseStep.objects.filter(
        district_id=viewer.district_id, case_id__in=[row.id for row in rows], action=Action.REPORT_BACK
    ).order_by("at", "id")
    notes = dict(steps.values_list("case_id", "note"))
    root_id = root_case_of(anchor, rule, since=since)
    root = case_rows(Case.objects.filter(visible_to(viewer), id=root_id), at=at) if root_id else []
    solvers = Counter(row.holder_name for row in rows if row.state == State.CLOSED and row.holder_name)
    return Series(
        anchor, [Occurrence(row, notes.get(row.id, "")) for row in reversed(rows)], since, rule,
        solvers.most_common(), next(iter(root), None), root_id is not None,
    )  # fmt: skip


def root_case_of(anchor: CaseRow, rule: SeriesRule, *, since: datetime) -> UUID | None:
    """Find the case that was opened of the cause of what recurs there. 1 query."""
    opened = Case.objects.filter(district_id=anchor.district_id, source=Source.PREVENTION, reported_at__gte=since)
    points = _around(opened, anchor, rule).order_by("-reported_at").values_list("id", "lng", "lat")[:MOST_OF_ONE]
    return next((each[0] for each in points if _is_near(anchor, each[1], each[2], rule)), None)


def _with_point(viewer: Viewer) -> QuerySet[Case]:
    return Case.objects.filter(visible_to(viewer), lng__isnull=False).exclude(_OWN)


def _around(found: QuerySet[Case], row: CaseRow, rule: SeriesRule) -> QuerySet[Case]:
    """Narrow to one category in the square around a case, within its community, by the index of areas."""
    lng, lat = row.lng or 0.0, row.lat or 0.0
    north = rule.series_metres / _METRES_A_DEGREE
    east = north / max(cos(radians(lat)), 0.01)
    community = "/".join(row.area_path.split("/")[:_COMMUNITY])
    return found.filter(
        inside(community),
        category=row.category,
        lng__range=(lng - east, lng + east),
        lat__range=(lat - north, lat + north),
    )


def _is_near(row: CaseRow, lng: float | None, lat: float | None, rule: SeriesRule) -> bool:
    if row.lng is None or row.lat is None or lng is None or lat is None:
        return False
    return distance_m(row.lng, row.lat, lng, lat) <= rule.series_metres


@dataclass(frozen=True, slots=True)
class Seen:
    """So many closed cases of some weeks, as a list filtered by `wanted` shows them."""

    span: Span
    count: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of a community: years: the coming weeks in earlier years, the latest first; why: season, rising.

    now, before: the weeks up to yesterday and as many before. task_id: the case that was opened to prevent it, of these
    weeks, if the viewer may see it.
    """

    category: str
    area_path: str
    why: str
    years: tuple[Seen, ...]
    now: Seen
    before: Seen
    task_id: UUID | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is expected in the coming weeks. until: their end."""

    rows: list[Expected]
    rule: SeriesRule
    until: datetime


def expect_ahead(*, viewer: Viewer, at: datetime) -> Ahead:
    """Say what the coming weeks are likely to bring, from closed cases in sight alone, most first. 7 queries.

    Each number is what the list of cases gives for the same stage, category, area and days.
    """
    rule = current_rulebooks(viewer.district_id).series
    years, (now, before) = coming_weeks(at, rule.season_weeks), last_weeks(at, rule.season_weeks)
    spans = [*years, now, before]
    counted = [_count_closed(viewer, span, at) for span in spans]
    tasks = _tasks(viewer, at - timedelta(weeks=rule.season_weeks), at)
    rows = []
    for category, area_path in set().union(*counted):
        numbers = [each.get((category, area_path), 0) for each in counted]
        why = expects(numbers[: len(years)], numbers[-2], numbers[-1], rule)
        if why:
            seen = [Seen(span, count) for span, count in zip(spans, numbers, strict=True)]
            rows.append(Expected(category, area_path, why, tuple(seen[: len(years)]), seen[-2], seen[-1],
                                 tasks.get((category, area_path))))  # fmt: skip
    rows.sort(key=lambda row: (-(row.years[0] if row.why == SEASON else row.now).count, row.area_path, row.category))
    return Ahead(rows[: 2 * MOST_SHOWN], rule, at + timedelta(weeks=rule.season_weeks))


def closed_filter(*, category: str, area_path: str, span: Span) -> CaseFilter:
    """Ask a list for the cases behind a number."""
    return CaseFilter(states=(State.CLOSED,), category=category, area_path=area_path, reported_from=span.since,
                      reported_to=span.until)  # fmt: skip


def _count_closed(viewer: Viewer, span: Span, at: datetime) -> dict[tuple[str, str], int]:
    wanted = CaseFilter(states=(State.CLOSED,), reported_from=span.since, reported_to=span.until)
    found = filtered(viewer=viewer, wanted=wanted, at=at).order_by()
    cells = found.annotate(street=area_code_at(2), community=area_code_at(_COMMUNITY)).exclude(community="")
    counts: dict[tuple[str, str], int] = defaultdict(int)
    rows = cells.values("category", "street", "community").annotate(n=Count("*"))
    for category, street, community, n in rows.values_list("category", "street", "community", "n"):
        counts[category, f"{viewer.district_id}/{street}/{community}"] += n
    return counts


def _tasks(viewer: Viewer, since: datetime, at: datetime) -> dict[tuple[str, str], UUID]:
    """Find the cases that were opened to prevent something, by category and community. 1 query."""
    found = Case.objects.filter(
        visible_to(viewer), source=Source.PREVENTION, lng__isnull=True, reported_at__gte=since, reported_at__lte=at
    )
    rows = found.order_by("reported_at").values_list("category", "area_path", "id")
    return {(category, path): case_id for category, path, case_id in rows}
