"""The leaders' board: figures counted from facts, each with the filter that lists the rows behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q

from linli.cases.calc.rates import Period, Rate, period, three_rates
from linli.cases.models import Case
from linli.cases.queries.rows import CaseRow, case_rows
from linli.cases.rules import inside, visible_to, within_reach
from linli.kernel.errors import InvalidInput
from linli.ledger.facts.queries.tallies import (
    FactFilter,
    area_code_at,
    count_by_day,
    count_said,
    count_subjects,
)
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.rules import Viewer

OPENED, CLOSED, VERIFIED = "case.opened", "case.closed", "case.verified"
EFFECTIVE: Mapping[str, Any] = {"effective": True, "subject": "solution"}
SAID: Mapping[str, Mapping[str, Any]] = {
    "contacted": {"contacted": True},
    "solved": {"solved": True},
    "satisfied": {"satisfaction": "satisfied"},
    "basically": {"satisfaction": "basically"},
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it was in the period before, and its trend by day; before None: not comparable."""

    name: str
    value: int
    before: int | None
    trend: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area beside others of its level; rates in the order response, solution, satisfaction."""

    code: str
    path: str
    open: int
    late: int
    warn: int
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Cockpit:
    """The whole board. hours: mean natural hours from report to close-out of what was closed in the period."""

    period: Period
    area_path: str
    figures: tuple[Figure, ...]
    hours: int | None
    hours_before: int | None
    rates: tuple[Rate, ...]
    rates_before: tuple[Rate, ...]
    areas: tuple[AreaLine, ...]
    late_rows: tuple[CaseRow, ...]
    as_of: datetime


def get_cockpit(*, viewer: Viewer, period_name: str, area_path: str, at: datetime) -> Cockpit:
    """Count the board for a viewer, an area of theirs and a period. 12 queries, whatever the number of rows.

    area_path: "" for all that the viewer's posts reach. Raises InvalidInput for an unknown period.
    """
    try:
        span = period(period_name, at)
    except KeyError as error:
        raise InvalidInput("unknown_period", field="period", params={"period": period_name}) from error
    now, before = fact_filter(viewer, span, area_path), _before(viewer, span, area_path)
    rates, rates_before = _rates(now, 0).get("", _NO_RATES), _rates(before, 0).get("", _NO_RATES)
    path = area_path or _top_path(viewer)
    return Cockpit(
        period=span,
        area_path=path,
        figures=_figures(viewer, span, now, before, area_path, at),
        hours=_mean_hours(viewer, span.since, span.until, area_path),
        hours_before=_mean_hours(viewer, span.before_since, span.before_until, area_path),
        rates=rates,
        rates_before=rates_before,
        areas=_areas(viewer, now, path, at),
        late_rows=tuple(_late_rows(viewer, area_path, at)),
        as_of=at,
    )


def fact_filter(viewer: Viewer, span: Period, area_path: str) -> FactFilter:
    """Give the filter of the facts a viewer's posts reach in a period: the board and its drill-downs share it."""
    posts = viewer.posts_with(Verb.SEE_COCKPIT)
    return FactFilter(
        district_id=viewer.district_id,
        since=span.since,
        until=span.until,
        within=area_path,
        area_paths=tuple(post.area_path for post in posts if post.reach == Reach.AREA),
        organisation_ids=tuple(post.organisation_id for post in posts if post.reach == Reach.ORGANISATION),
    )


def _before(viewer: Viewer, span: Period, area_path: str) -> FactFilter:
    now = fact_filter(viewer, span, area_path)
    return FactFilter(
        now.district_id, span.before_since, span.before_until, now.area_paths, now.organisation_ids, now.within
    )


def _top_path(viewer: Viewer) -> str:
    paths = [post.area_path for post in viewer.posts_with(Verb.SEE_COCKPIT)]
    return min(paths, key=len, default="")


def _reach(viewer: Viewer, area_path: str) -> Q:
    reached = within_reach(viewer, Verb.SEE_COCKPIT)
    return reached & inside(area_path) if area_path else reached


def _figures(
    viewer: Viewer, span: Period, now: FactFilter, before: FactFilter, area_path: str, at: datetime
) -> tuple[Figure, ...]:
    counted, earlier = count_subjects(now, (OPENED, CLOSED)), count_subjects(before, (OPENED, CLOSED))
    standing = Case.objects.filter(_reach(viewer, area_path), closed_at=None).aggregate(
        open=Count("id"), late=Count("id", filter=Q(due_at__lt=at))
    )
    return (
        Figure("opened", counted[OPENED], earlier[OPENED], _trend(now, OPENED, span)),
        Figure("closed", counted[CLOSED], earlier[CLOSED], _trend(now, CLOSED, span)),
        Figure("open", standing["open"], None, ()),
        Figure("late", standing["late"], None, ()),
    )


def _trend(now: FactFilter, kind: str, span: Period) -> tuple[int, ...]:
    """Count by day, days without any as zero; a day alone is shown beside the six before it."""
    first: date = min(span.since.date(), span.until.date() - timedelta(days=6))
    days = count_by_day(
        FactFilter(now.district_id, _start(first, span), now.until, now.area_paths, now.organisation_ids, now.within),
        kind,
    )
    length = (span.until.date() - first).days + 1
    return tuple(days.get(first + timedelta(days=n), 0) for n in range(length))


def _start(first: date, span: Period) -> datetime:
    return datetime.combine(first, datetime.min.time(), tzinfo=span.since.tzinfo)


def _mean_hours(viewer: Viewer, since: datetime, until: datetime, area_path: str) -> int | None:
    closed = Case.objects.filter(_reach(viewer, area_path), closed_at__gte=since, closed_at__lt=until, state="closed")
    mean: timedelta | None = closed.aggregate(mean=Avg(F("closed_at") - F("reported_at")))["mean"]
    return round(mean.total_seconds() / 3600) if mean is not None else None


_NO_RATES = three_rates(effective=0, contacted=0, solved=0, satisfied=0, basically=0)


def _rates(wanted: FactFilter, depth: int) -> dict[str, tuple[Rate, ...]]:
    counted = count_said(wanted, VERIFIED, SAID, base=EFFECTIVE, depth=depth)
    return {
        code: three_rates(
            effective=row["all"],
            contacted=row["contacted"],
            solved=row["solved"],
            satisfied=row["satisfied"],
            basically=row["basically"],
        )
        for code, row in counted.items()
    }


def _areas(viewer: Viewer, now: FactFilter, path: str, at: datetime) -> tuple[AreaLine, ...]:
    """Lay the areas one level below beside each other, by code: a list, not a ranking."""
    depth = path.count("/") + 2
    rates = _rates(now, depth)
    standing = (
        Case.objects.filter(_reach(viewer, path), closed_at=None)
        .annotate(code=area_code_at(depth))
        .values("code")
        .order_by("code")
        .annotate(
            open=Count("id"),
            late=Count("id", filter=Q(due_at__lt=at)),
            warn=Count("id", filter=Q(due_at__gte=at, amber_at__lte=at)),
        )
    )
    lines = {row["code"]: row for row in standing if row["code"]}
    return tuple(
        AreaLine(
            code,
            f"{path}/{code}",
            lines[code]["open"] if code in lines else 0,
            lines[code]["late"] if code in lines else 0,
            lines[code]["warn"] if code in lines else 0,
            rates.get(code, _NO_RATES),
        )
        for code in sorted({*lines, *(code for code in rates if code)})
    )


def _late_rows(viewer: Viewer, area_path: str, at: datetime, limit: int = 6) -> list[CaseRow]:
    late = Case.objects.filter(visible_to(viewer), _reach(viewer, area_path), closed_at=None, due_at__lt=at)
    return case_rows(late.order_by("due_at", "id")[:limit], at=at)
