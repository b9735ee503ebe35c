"""The tables of figures: the three rates, what was due, supervisions and cards, whistles, what was sent back."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from linli.cases.calc.rates import DueCounts, Rate
from linli.cases.calc.windows import Window
from linli.cases.choices import RatesBy
from linli.cases.queries.due_table import get_due
from linli.cases.queries.rate_table import Whole, get_rates
from linli.cases.queries.rates_asked import RatesAsked
from linli.cases.queries.returned import ReturnedLine, count_returned
from linli.cases.queries.said import SaidCounts
from linli.cases.queries.watched_table import WatchedCounts, get_watched
from linli.cases.queries.whistle_figures import CalledLine, CallsAsked, count_calls
from linli.edges.api.fields import Moment, Text
from linli.edges.api.openapi import problems
from linli.edges.api.places import path_of_area
from linli.edges.api.request import ApiRequest, staff
from linli.edges.days import days_between
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere

router = Router(tags=["ledger"])


class TableQuery(BaseModel):
    """Which stretch, whose parts, and by which version of the rules (0: the one in force).

    on: any day of it, left out: the one that runs; custom: from `on` to `last`.
    """

    kind: Literal["day", "week", "month", "year", "custom"] = "month"
    on: date | None = None
    last: date | None = None
    by: RatesBy = RatesBy.AREA
    area: Annotated[Text, Field(max_length=20)] = ""
    rules: Annotated[int, Field(ge=0, le=99_999)] = 0


class DaysQuery(BaseModel):
    """From which day to which, both included; left out, the last thirty."""

    since: date | None = None
    until: date | None = None


class ShareAnswer(BaseModel):
    """A share with its parts. percent null: nothing to count from; is_sampled: enough to lay it beside others."""

    name: str
    percent: float | None
    numerator: str
    denominator: int
    is_sampled: bool


class WindowAnswer(BaseModel):
    """A stretch [since, until), named by its first and last day."""

    kind: str
    first: date
    last: date
    since: Moment
    until: Moment


class RatesLineAnswer(BaseModel):
    """A unit, or all of it. key: an area's code, an organisation's id, a category or a day; together: all three."""

    key: str
    name: str
    received: int
    closed: int
    rates: list[ShareAnswer]
    together: float | None


class RatesAnswer(BaseModel):
    """The three rates of a stretch; whole: pooled, not a mean of the lines. rules: the version it was counted by."""

    window: WindowAnswer
    area_path: str
    rules: int
    whole: RatesLineAnswer
    before: RatesLineAnswer | None
    year_before: RatesLineAnswer | None
    lines: list[RatesLineAnswer]
    as_of: Moment


class DueLineAnswer(BaseModel):
    """What was due of a unit and what became of it; held, extended: put on hold or given more time, in `due` or not."""

    key: str
    name: str
    due: int
    on_time: int
    late: int
    undone: int
    held: int
    extended: int
    shares: list[ShareAnswer]


class DueAnswer(BaseModel):
    """What was due in a stretch. left_out: what the rules leave out of it."""

    window: WindowAnswer
    area_path: str
    rules: int
    left_out: list[str]
    whole: DueLineAnswer
    before: DueLineAnswer | None
    year_before: DueLineAnswer | None
    lines: list[DueLineAnswer]
    as_of: Moment


class WatchedLineAnswer(BaseModel):
    """A unit with its supervisions (opened, and of these answered, missed, closed) and cards."""

    key: str
    name: str
    supervised: int
    answered: int
    missed: int
    closed: int
    yellow: int
    red: int


class WatchedAnswer(BaseModel):
    """Supervisions opened and cards given in a stretch; called off or taken back, they count nowhere."""

    window: WindowAnswer
    area_path: str
    whole: WatchedLineAnswer
    before: WatchedLineAnswer | None
    year_before: WatchedLineAnswer | None
    lines: list[WatchedLineAnswer]
    as_of: Moment


class CalledAnswer(BaseModel):
    """An office and the whistles for it; null: all. marks: how many calls were given each, by kind of mark."""

    organisation_id: UUID | None
    name: str
    calls: int
    in_time: int
    late: int
    missed: int
    opinions: int
    evaluated: int
    share_in_time: ShareAnswer
    marks: dict[str, dict[str, int]]


class WhistlesAnswer(BaseModel):
    """What became of whistles about cases in sight, by office."""

    since: Moment
    until: Moment
    whole: CalledAnswer
    items: list[CalledAnswer]


class ReturnedLineAnswer(BaseModel):
    """A category, an organisation or a reason. cases: sent back at all; returns: how often; held_s: seconds before."""

    key: str
    name: str
    cases: int
    returns: int
    held_s: int


class ReturnedAnswer(BaseModel):
    """What was sent back of the cases in sight that were reported in some days."""

    since: Moment
    until: Moment
    reported: int
    total: ReturnedLineAnswer
    by_category: list[ReturnedLineAnswer]
    by_organisation: list[ReturnedLineAnswer]
    by_reason: list[ReturnedLineAnswer]


@router.get("/rates", operation_id="get_rates", response=RatesAnswer,
            openapi_extra={"responses": problems(401, 403, 404, 422)})  # fmt: skip
def rates(request: ApiRequest, asked: Query[TableQuery]) -> RatesAnswer:
    """Count the three rates by area, organisation, category or stretch, as far as the caller's posts reach."""
    viewer = _leader(request)
    table = get_rates(viewer=viewer, asked=_asked(asked, viewer), at=request.at)
    return RatesAnswer(
        window=_window(table.whole.window), area_path=table.area_path, rules=table.number, whole=_whole(table.whole),
        before=_whole(table.before) if table.before else None,
        year_before=_whole(table.year_before) if table.year_before else None,
        lines=[_rates_line(line.key, line.name, line.received, line.closed, line.said) for line in table.lines],
        as_of=table.as_of,
    )  # fmt: skip


@router.get("/due", operation_id="get_due", response=DueAnswer,
            openapi_extra={"responses": problems(401, 403, 404, 422)})  # fmt: skip
def due(request: ApiRequest, asked: Query[TableQuery]) -> DueAnswer:
    """Count what was due to be dealt with, each case once, by the deadline it ended with."""
    viewer = _leader(request)
    table = get_due(viewer=viewer, asked=_asked(asked, viewer), at=request.at)
    return DueAnswer(
        window=_window(table.window), area_path=table.area_path, rules=table.number,
        left_out=list(table.scheme.due_without),
        whole=_due_line("", "", table.whole), before=_due_line("", "", table.before) if table.before else None,
        year_before=_due_line("", "", table.year_before) if table.year_before else None,
        lines=[_due_line(line.key, line.name, line.counts) for line in table.lines], as_of=table.as_of,
    )  # fmt: skip


@router.get("/watched", operation_id="get_watched", response=WatchedAnswer,
            openapi_extra={"responses": problems(401, 403, 404, 422)})  # fmt: skip
def watched(request: ApiRequest, asked: Query[TableQuery]) -> WatchedAnswer:
    """Count supervisions and cards by area, organisation, category or stretch, as far as the caller's posts reach."""
    viewer = _leader(request)
    table = get_watched(viewer=viewer, asked=_asked(asked, viewer), at=request.at)
    return WatchedAnswer(
        window=_window(table.window), area_path=table.area_path, whole=_watched_line("", "", table.whole),
        before=_watched_line("", "", table.before) if table.before else None,
        year_before=_watched_line("", "", table.year_before) if table.year_before else None,
        lines=[_watched_line(line.key, line.name, line.counts) for line in table.lines], as_of=table.as_of,
    )  # fmt: skip


@router.get("/whistles", operation_id="get_whistles", response=WhistlesAnswer,
            openapi_extra={"responses": problems(401, 403, 422)})  # fmt: skip
def whistles(request: ApiRequest, asked: Query[DaysQuery]) -> WhistlesAnswer:
    """Count how offices came when they were whistled for, and what the callers thought of it."""
    viewer = _reader(request)
    since, until = _days(asked, request.at)
    found = count_calls(viewer=viewer, asked=CallsAsked(since, until), at=request.at)
    return WhistlesAnswer(since=since, until=until, whole=_called(found.whole), items=list(map(_called, found.lines)))


@router.get("/returned", operation_id="get_returned", response=ReturnedAnswer,
            openapi_extra={"responses": problems(401, 403, 422)})  # fmt: skip
def returned(request: ApiRequest, asked: Query[DaysQuery]) -> ReturnedAnswer:
    """Count how often cases were sent back: by category, by who did, and why."""
    viewer = _reader(request)
    since, until = _days(asked, request.at)
    told = count_returned(viewer=viewer, since=since, until=until)

    def lines(rows: Iterable[ReturnedLine]) -> list[ReturnedLineAnswer]:
        return [_returned(row, told.names.get(row.code, "")) for row in rows]

    return ReturnedAnswer(
        since=since, until=until, reported=told.reported, total=_returned(told.total, ""),
        by_category=lines(told.by_category), by_organisation=lines(told.by_organisation),
        by_reason=lines(told.by_reason),
    )  # fmt: skip


def _leader(request: ApiRequest) -> Viewer:
    viewer = staff(request)
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    return viewer


def _reader(request: ApiRequest) -> Viewer:
    viewer = staff(request)
    may_somewhere(viewer, Verb.SEE_CASES).require()
    return viewer


def _asked(asked: TableQuery, viewer: Viewer) -> RatesAsked:
    return RatesAsked(
        kind=asked.kind, first=asked.on, last=asked.last, by=asked.by,
        area_path=path_of_area(asked.area, viewer.district_id), number=asked.rules,
    )  # fmt: skip


def _days(asked: DaysQuery, at: datetime) -> tuple[datetime, datetime]:
    days = days_between(asked.since, asked.until, today=timezone.localdate(at))
    return days.begin, days.end


def _share(rate: Rate) -> ShareAnswer:
    return ShareAnswer(
        name=rate.name, percent=_percent(rate.tenths), numerator=rate.numerator, denominator=rate.denominator,
        is_sampled=rate.is_sampled,
    )  # fmt: skip


def _percent(tenths: int | None) -> float | None:
    return None if tenths is None else tenths / 10


def _window(window: Window) -> WindowAnswer:
    return WindowAnswer(kind=window.kind, first=window.first, last=window.last, since=window.since, until=window.until)


def _whole(whole: Whole) -> RatesLineAnswer:
    return _rates_line("", "", whole.received, whole.closed, whole.said)


def _rates_line(key: str, name: str, received: int, closed: int, said: SaidCounts) -> RatesLineAnswer:
    return RatesLineAnswer(key=key, name=name, received=received, closed=closed, rates=list(map(_share, said.rates)),
                           together=_percent(said.together))  # fmt: skip


def _watched_line(key: str, name: str, counts: WatchedCounts) -> WatchedLineAnswer:
    return WatchedLineAnswer(key=key, name=name, **counts._asdict())


def _due_line(key: str, name: str, counts: DueCounts) -> DueLineAnswer:
    return DueLineAnswer(
        key=key, name=name, due=counts.due, on_time=counts.on_time, late=counts.late, undone=counts.undone,
        held=counts.held, extended=counts.extended, shares=list(map(_share, counts.rates)),
    )  # fmt: skip


def _called(line: CalledLine) -> CalledAnswer:
    return CalledAnswer(
        organisation_id=line.office, name=line.name, share_in_time=_share(line.share_in_time),
        marks={mark: dict(given) for mark, given in line.marks.items()},
        **{name: line.numbers[name] for name in ("calls", "in_time", "late", "missed", "opinions", "evaluated")},
    )  # fmt: skip


def _returned(line: ReturnedLine, name: str) -> ReturnedLineAnswer:
    return ReturnedLineAnswer(key=line.code, name=name, cases=line.cases, returns=line.returns, held_s=line.held_s)
