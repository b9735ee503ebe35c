"""The leaders' board: figures counted from facts, each with the filter that lists the rows behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q, Value

from linli.cases.calc.rate_scheme import RateScheme
from linli.cases.calc.rates import LOCAL, Period, RateRules, against_year_before, period
from linli.cases.models import Case
from linli.cases.queries.kept_board import BoardCounts, Lights, kept_board
from linli.cases.queries.rows import CaseRow, case_rows
from linli.cases.queries.rulebooks import current_rates
from linli.cases.queries.said import (
    CLOSED,
    NOTHING_SAID,
    OPENED,
    REPORTED,
    SaidCounts,
    count_by_area,
    fact_filter,
    said_filter,
    summed,
)
from linli.cases.queries.standing import Stretch, stand_by_day
from linli.cases.rules import inside, visible_to, within_reach
from linli.kernel.errors import InvalidInput
from linli.ledger.facts.queries.tallies import (
    area_code_at,
    count_subjects,
)
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer
from linli.registry.territory.choices import AreaMix
from linli.registry.territory.queries import area_mixes


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it was in the period compared with, and its trend by day; before None: not comparable."""

    name: str
    value: int
    before: int | None
    trend: tuple[int, ...]


_NO_LIGHTS = Lights(0, 0, 0)


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area beside others of its level. mix: what kinds of communities it is made of; like is laid beside like."""

    code: str
    path: str
    mix: AreaMix
    open: int
    late: int
    warn: int
    said: SaidCounts


@dataclass(frozen=True, slots=True)
class Cockpit:
    """The whole board. hours: mean natural hours from report to close-out of what was closed in the period.

    warn: due soon at this moment; has_before: the data reach back to the begin of what the period is compared with.
    days, days_before: the trends; rules, rules_number: what the rates are counted by, and its version.
    """

    period: Period
    rules: RateRules
    rules_number: int
    has_before: bool
    area_path: str
    figures: tuple[Figure, ...]
    warn: int
    hours: int | None
    hours_before: int | None
    days: tuple[Stretch, ...]
    days_before: tuple[Stretch, ...]
    said: SaidCounts
    said_before: SaidCounts
    areas: tuple[AreaLine, ...]
    late_rows: tuple[CaseRow, ...]
    as_of: datetime


def get_cockpit(*, viewer: Viewer, period_name: str, area_path: str, at: datetime) -> Cockpit:
    """Count the board for a viewer, an area of theirs and a period. At most 21 queries.

    area_path: "" for all that the viewer's posts reach. The period is compared with the same days of the year before
    where the district's data reach back to them, else with the stretch right before it. A whole district is told from
    its kept days where there are such, everything else is counted. Raises InvalidInput for an unknown period.
    """
    first, span, has_before = _compared(viewer, period_name, at)
    number, scheme = current_rates(viewer.district_id)
    path = area_path or _top_path(viewer)
    lights = _lights(viewer, path, at)
    counted = None
    if (
        first is not None
        and path == viewer.district_id
        and within_reach(viewer, Verb.SEE_COCKPIT) == Q(district_id=path)
    ):
        day = first.astimezone(LOCAL).date()
        now = Lights(*(sum(each) for each in zip(*lights.values(), strict=True))) if lights else _NO_LIGHTS
        counted = kept_board(
            district_id=path, span=span, reported_from=day, has_before=has_before, now=now, at=at
        )  # fmt: skip
        if counted is not None and not scheme.counts_all:
            by_area, said_before = _said(viewer, span, area_path, path, scheme, has_before=has_before)
            counted = replace(counted, by_area=by_area, said_before=said_before)
    if counted is None:
        counted = _counted(viewer, span, area_path, path, scheme, at, has_before=has_before)
    said = {code: each.by(scheme.rules) for code, each in counted.by_area.items()}
    standing = counted.standing
    before = (
        (counted.opened_before, counted.closed_before, standing.open_before, standing.late_before)
        if has_before else (None,) * 4
    )  # fmt: skip
    days = standing.days
    return Cockpit(
        period=span,
        rules=scheme.rules,
        rules_number=number,
        has_before=has_before,
        area_path=path,
        figures=(
            Figure("opened", counted.opened, before[0], tuple(day.opened for day in days)),
            Figure("closed", counted.closed, before[1], tuple(day.closed for day in days)),
            Figure("open", standing.open, before[2], tuple(day.open for day in days)),
            Figure("late", standing.late, before[3], tuple(day.late for day in days)),
        ),
        warn=standing.warn,
        hours=standing.hours,
        hours_before=standing.hours_before if has_before else None,
        days=days,
        days_before=standing.days_before if has_before else (),
        said=summed(said.values()).by(scheme.rules),
        said_before=counted.said_before.by(scheme.rules),
        areas=_areas(lights, said, path, at),
        late_rows=tuple(_late_rows(viewer, area_path, at)),
        as_of=at,
    )


def _counted(
    viewer: Viewer, span: Period, area_path: str, path: str, scheme: RateScheme, at: datetime, *, has_before: bool
) -> BoardCounts:
    """Count from facts and cases. 5 queries, 3 without a period before."""
    now = fact_filter(viewer, span, area_path)
    before = replace(now, since=span.before_since, until=span.before_until)
    counted = count_subjects(now, (OPENED, CLOSED))
    earlier = count_subjects(before, (OPENED, CLOSED)) if has_before else {}
    by_area, said_before = _said(viewer, span, area_path, path, scheme, has_before=has_before)
    return BoardCounts(
        standing=stand_by_day(reached=_reach(viewer, area_path), span=span, at=at),
        opened=counted[OPENED], closed=counted[CLOSED],
        opened_before=earlier.get(OPENED, 0), closed_before=earlier.get(CLOSED, 0),
        by_area=by_area, said_before=said_before,
    )  # fmt: skip


def _said(
    viewer: Viewer, span: Period, area_path: str, path: str, scheme: RateScheme, *, has_before: bool
) -> tuple[dict[str, SaidCounts], SaidCounts]:
    """Count what call-backs said by area, and in all in the period before. 2 queries, 1 without one."""
    now = said_filter(fact_filter(viewer, span, area_path), scheme)
    before = replace(now, since=span.before_since, until=span.before_until)
    by_area = count_by_area(now, path.count("/") + 2)
    return by_area, summed(count_by_area(before).values()) if has_before else NOTHING_SAID


def _compared(viewer: Viewer, name: str, at: datetime) -> tuple[datetime | None, Period, bool]:
    """Tell the first report, what a period is compared with, and whether the data reach back to its begin. 1 query."""
    try:
        span = period(name, at)
    except KeyError as error:
        raise InvalidInput("unknown_period", field="period", params={"period": name}) from error
    reported = Case.objects.filter(district_id=viewer.district_id).order_by("reported_at")
    first = reported.values_list("reported_at", flat=True).first()
    if first is None:
        return None, span, False
    a_year_before = against_year_before(span)
    if first <= a_year_before.before_since:
        return first, a_year_before, True
    return first, span, first <= span.before_since


def _top_path(viewer: Viewer) -> str:
    paths = [post.area_path for post in viewer.posts_with(Verb.SEE_COCKPIT)]
    return min(paths, key=len, default="")


def _reach(viewer: Viewer, area_path: str) -> Q:
    reached = within_reach(viewer, Verb.SEE_COCKPIT) & REPORTED
    return reached & inside(area_path) if area_path else reached


def _lights(viewer: Viewer, path: str, at: datetime) -> dict[str, Lights]:
    """Count what is open, late and due soon by the code of the area one level below. 1 query."""
    lights = (
        Case.objects.filter(_reach(viewer, path), closed_at=None)
        .annotate(code=area_code_at(path.count("/") + 2))
        .values("code")
        .order_by("code")
        .annotate(
            open=Count("*"),
            late=Count(Value(1), filter=Q(due_at__lt=at)),
            warn=Count(Value(1), filter=Q(due_at__gte=at, amber_at__lte=at)),
        )
    )
    return {code: Lights(*counts) for code, *counts in lights.values_list("code", *Lights._fields)}


def _areas(
    lights: Mapping[str, Lights], said: Mapping[str, SaidCounts], path: str, at: datetime
) -> tuple[AreaLine, ...]:
    """Lay the areas one level below beside each other, by code: a list, not a ranking. 1 query."""
    paths = {f"{path}/{code}": code for code in sorted({*lights, *said}) if code}
    return tuple(
        AreaLine(
            code=paths[each], path=each, mix=mix, said=said.get(paths[each], NOTHING_SAID),
            **lights.get(paths[each], _NO_LIGHTS)._asdict(),
        )
        for each, mix in area_mixes(paths, at=at).items()
    )  # fmt: skip


def _late_rows(viewer: Viewer, area_path: str, at: datetime, limit: int = 6) -> list[CaseRow]:
    late = Case.objects.filter(visible_to(viewer), _reach(viewer, area_path), closed_at=None, due_at__lt=at)
    return case_rows(late.order_by("due_at", "id")[:limit], at=at)
