"""The leaders' board: figures, three rates, areas beside each other, what is overdue; each number leads to its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from linli.cases.calc.rates import BASICALLY_PERCENT, Rate
from linli.cases.queries.cockpit import AreaLine, Cockpit, Figure, get_cockpit
from linli.cases.queries.drilldown import SaidCounts, count_said_in, list_behind
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.drawing import AreaCounts, AreaMap, area_maps, trend_path
from linli.edges.web.desk.lines import CaseLine, case_lines
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.cases import PERIODS, RATES, say_tenths
from linli.edges.words.times import LOCAL, say_day, say_moment, say_span
from linli.kernel.errors import InvalidInput
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere
from linli.registry.territory.queries import area_chains, areas_geojson, list_levels

PAGE = 50
_STRIP = 60
_FIRST_TO_LOOK_AT = 3
_FIGURE_WORDS = {
    "opened": gettext_lazy("New cases"),
    "closed": gettext_lazy("Closed in the period"),
    "open": gettext_lazy("Open now"),
    "late": gettext_lazy("Overdue now"),
    "warn": gettext_lazy("Due soon"),
    "rest": gettext_lazy("Not due yet or on hold"),
    "hours": gettext_lazy("Time to close"),
    "effective": gettext_lazy("Effective call-backs"),
    "response": gettext_lazy("Somebody had been in touch"),
    "solution": gettext_lazy("Said it is solved"),
    "satisfied": gettext_lazy("Said they are satisfied"),
    "basically": gettext_lazy("Said they are basically satisfied"),
    "satisfaction": gettext_lazy("Satisfied or basically so"),
}


@dataclass(frozen=True, slots=True)
class FigureBox:
    """A figure as the board shows it. tone: late-ink where the number itself is bad news."""

    name: str
    value: str
    unit: str
    change: str
    url: str
    trend: str
    tone: str
    formula: str


@dataclass(frozen=True, slots=True)
class Part:
    """A number of a formula that leads to its rows."""

    label: str
    value: int
    url: str


@dataclass(frozen=True, slots=True)
class RateBox:
    """A rate.

    x, x_before: places of the dots on a line of 60 that begins at `lowest` percent, None without a sample.
    """

    name: str
    value: str
    has_sample: bool
    change: str
    parts: tuple[Part, ...]
    denominator: Part
    weight: str
    x: float | None
    x_before: float | None
    lowest: int


@dataclass(frozen=True, slots=True)
class Strip:
    """A rate of an area on a line of 60.

    x: its dot; middle: the median of the areas beside it; is_low: below it by a point or more.
    """

    label: str
    value: str
    x: float | None
    middle: float | None
    is_low: bool


@dataclass(frozen=True, slots=True)
class AreaRowBox:
    """An area as a row of the table."""

    name: str
    url: str
    open: int
    open_url: str
    late: int
    late_url: str
    strips: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the trends, for those who read tables."""

    day: str
    opened: int
    closed: int


@dataclass(frozen=True, slots=True)
class LateRow:
    """An overdue case of the board's list."""

    line: CaseLine
    due: str
    late_by: str


@require_GET
@staff_only
@tells_errors
def show_cockpit(request: ViewerRequest) -> HttpResponse:
    """Show the board for a period and an area."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    period, area = request.GET.get("period", "month"), _area(request)
    board = get_cockpit(viewer=viewer, period_name=period, area_path=area, at=at)
    said = count_said_in(viewer=viewer, period_name=period, area_path=area, at=at)
    return render(request, "web/desk/cockpit.html", _context(viewer, board, said, area, at))


@require_GET
@staff_only
@tells_errors
def show_behind(request: ViewerRequest, figure: str) -> HttpResponse:
    """List the rows behind a number of the board: as many as it says."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    period, area = request.GET.get("period", "month"), _area(request)
    start = request.GET.get("from", "0")
    offset = int(start[:9]) if start.isdecimal() else 0
    page = list_behind(
        viewer=viewer, figure=figure, period_name=period, area_path=area, at=at, offset=offset, limit=PAGE
    )
    lines = {
        line.id: line for line in case_lines(
            [behind.row for behind in page.rows if behind.row], categories=_category_names(viewer), at=at
        )
    }  # fmt: skip
    following = offset + len(page.rows)
    context = {
        "heading": _FIGURE_WORDS[figure],
        "total": page.total,
        "period": PERIODS.get(period, period),
        "rows": [(lines.get(behind.case_id), say_moment(behind.at, at) if behind.at else "") for behind in page.rows],
        "is_call_backs": figure in {"effective", "response", "solution", "satisfied", "basically", "satisfaction"},
        "more_url": _behind(figure, period, area, start=following) if following < page.total else "",
        "back": _board(period, area),
        "area": _area_name(area, at),
        "has_period": figure not in {"open", "late", "warn", "rest"},
    }
    return render(request, "web/desk/cockpit_rows.html", context)


def _area(request: ViewerRequest) -> str:
    """Read the area asked for; one of another district is refused."""
    area = request.GET.get("area", "")[:120]
    if area and area.split("/")[0] != request.viewer.district_id:
        raise InvalidInput("unknown_filter", field="area")
    return area


def _context(viewer: Viewer, board: Cockpit, said: SaidCounts, area: str, at: datetime) -> dict[str, object]:
    period = board.period.name
    chains = area_chains([board.area_path, *(line.path for line in board.areas)], at=at)
    names = {path: chain[-1].name if chain else path.rsplit("/", 1)[-1] for path, chain in chains.items()}
    lines = case_lines(board.late_rows, categories=_category_names(viewer), at=at)
    today = at.astimezone(LOCAL).date()
    drawn, inset, is_schematic = _map(board, at)
    return {
        "heading": names.get(board.area_path, ""),
        "period": period,
        "since": say_day(board.period.since.date(), today),
        "until": say_day(today, today),
        "updated": say_moment(board.as_of, at),
        "periods": [(name, words, _board(name, area), name == period) for name, words in PERIODS.items()],
        "figures": _figures(board, area),
        "rates": _rates(board, said, area),
        "days": _days(board),
        "map": drawn,
        "inset": inset,
        "is_schematic": is_schematic,
        "areas": _area_rows(board, names),
        "has_median": len(_sampled(board)) > 1,
        "look_first": _look_first(board, names),
        "up": _up(board, area, chains[board.area_path]),
        "open": _number(board, "open"),
        "late": _number(board, "late"),
        "warn": sum(line.warn for line in board.areas),
        "open_url": _behind("open", period, area),
        "late_url": _behind("late", period, area),
        "warn_url": _behind("warn", period, area),
        "basically_percent": BASICALLY_PERCENT,
        "late_rows": [
            LateRow(line, say_moment(row.due_at, at), say_span(row.due_at - at))
            for line, row in zip(lines, board.late_rows, strict=True)
            if row.due_at
        ],
        "may_export": bool(may_somewhere(viewer, Verb.EXPORT)),
    }


def _figures(board: Cockpit, area: str) -> list[FigureBox]:
    period = board.period.name
    boxes = [_figure(figure, period, area) for figure in board.figures]
    hours = FigureBox(
        str(_FIGURE_WORDS["hours"]), *_said_hours(board.hours), _hours_change(board.hours, board.hours_before),
        _behind("hours", period, area), "", "", _("mean time from report to close, of what was closed in the period"),
    )  # fmt: skip
    return [*boxes, hours]


def _figure(figure: Figure, period: str, area: str) -> FigureBox:
    formulas = {
        "opened": _("cases that came in within the period"),
        "closed": _("cases closed out within the period"),
        "open": _("cases that are not closed at this moment"),
        "late": _("open cases past their deadline at this moment"),
    }
    return FigureBox(
        str(_FIGURE_WORDS[figure.name]), f"{figure.value:,}", _("cases"), _change(figure),
        _behind(figure.name, period, area), trend_path(figure.trend),
        "late-ink" if figure.name == "late" and figure.value else "", formulas[figure.name],
    )  # fmt: skip


def _change(figure: Figure) -> str:
    if figure.before is None:
        return _("at this moment")
    if not figure.before:
        return _("none in the period before")
    percent = (figure.value - figure.before) * 1000 / figure.before / 10
    return _("%(percent)s%% on the period before") % {"percent": f"{percent:+.1f}"}


def _said_hours(hours: int | None) -> tuple[str, str]:
    if hours is None:
        return "–", ""
    if hours < 48:  # noqa: PLR2004 - two days are easier said in hours
        return str(hours), _("hours")
    return f"{hours / 24:.1f}", _("days")


def _hours_change(hours: int | None, before: int | None) -> str:
    if hours is None:
        return _("nothing was closed in the period")
    if before is None:
        return _("none in the period before")
    return _("%(hours)s hours on the period before") % {"hours": f"{hours - before:+d}"}


def _rates(board: Cockpit, said: SaidCounts, area: str) -> list[RateBox]:
    """Put the three rates into words, every number of their formulas with the rows behind it."""
    period = board.period.name

    def part(figure: str, value: int) -> Part:
        return Part(str(_FIGURE_WORDS[figure]), value, _behind(figure, period, area))

    parts = {
        "response": (part("response", said.contacted),), "solution": (part("solution", said.solved),),
        "satisfaction": (part("satisfied", said.satisfied), part("basically", said.basically)),
    }  # fmt: skip
    return [
        RateBox(
            name=str(RATES[rate.name]), value=say_tenths(rate.tenths), has_sample=rate.tenths is not None,
            change=_rate_change(rate, before), parts=parts[rate.name],
            denominator=part("effective", said.effective),
            weight=f"{BASICALLY_PERCENT / 100:g}" if rate.name == "satisfaction" else "",
            x=_place(rate.tenths, low), x_before=_place(before.tenths, low), lowest=low // 10,
        )
        for rate, before in zip(board.rates, board.rates_before, strict=True)
        for low in (_lowest([value for value in (rate.tenths, before.tenths) if value is not None]),)
    ]  # fmt: skip


def _lowest(tenths: Sequence[int]) -> int:
    """Choose where a line of rates begins: at 85 %, or at the five percent below the lowest."""
    return min(850, *(value // 50 * 50 for value in tenths)) if tenths else 850


def _rate_change(rate: Rate, before: Rate) -> str:
    if rate.tenths is None or before.tenths is None:
        return _("nothing to compare with") if rate.tenths is not None else ""
    return _("%(points)s points on the period before") % {"points": f"{(rate.tenths - before.tenths) / 10:+.1f}"}


def _place(tenths: int | None, lowest: int) -> float | None:
    """Place a rate on a line of 60 that runs from the lowest to 100 %."""
    return None if tenths is None else round((tenths - lowest) / max(1000 - lowest, 1) * _STRIP, 1)


def _area_rows(board: Cockpit, names: dict[str, str]) -> list[AreaRowBox]:
    values = [[line.rates[n].tenths for line in board.areas] for n in range(3)]
    return [
        AreaRowBox(
            name=names.get(line.path, line.code), url=_board(board.period.name, line.path), open=line.open,
            open_url=_behind("open", board.period.name, line.path), late=line.late,
            late_url=_behind("late", board.period.name, line.path),
            strips=tuple(_strip(rate, [value for value in values[n] if value is not None])
                         for n, rate in enumerate(line.rates)),
        )
        for line in board.areas
    ]  # fmt: skip


def _strip(rate: Rate, beside: Sequence[int]) -> Strip:
    lowest = _lowest(beside)
    middle = int(median(beside)) if len(beside) > 1 else None
    is_low = rate.tenths is not None and middle is not None and rate.tenths <= middle - 10
    return Strip(
        str(RATES[rate.name]), say_tenths(rate.tenths), _place(rate.tenths, lowest), _place(middle, lowest), is_low
    )


def _sampled(board: Cockpit) -> list[AreaLine]:
    return [line for line in board.areas if line.rates[0].tenths is not None]


def _map(board: Cockpit, at: datetime) -> tuple[AreaMap | None, AreaMap | None, bool]:
    """Draw the areas one level below, those that lie wide apart in a drawing of their own. 3 queries."""
    depth = board.area_path.count("/") + 2
    levels = [level.code for level in list_levels() if level.depth == depth]
    if not levels or not board.area_path:
        return None, None, False
    drawn = areas_geojson(board.area_path, levels=levels, at=at)
    counts = {
        line.code: AreaCounts(line.open, line.late, line.warn, _board(board.period.name, line.path))
        for line in board.areas
    }  # fmt: skip
    return *area_maps(drawn["features"], counts), bool(drawn["is_schematic"])


def _look_first(board: Cockpit, names: dict[str, str]) -> list[tuple[str, int, str]]:
    """Name the areas with most overdue cases: where help is needed, not who is worst."""
    late = sorted((line for line in board.areas if line.late), key=lambda line: -line.late)[:_FIRST_TO_LOOK_AT]
    return [
        (names.get(line.path, line.code), line.late, _behind("late", board.period.name, line.path)) for line in late
    ]  # fmt: skip


def _days(board: Cockpit) -> list[DayRow]:
    opened, closed = board.figures[0].trend, board.figures[1].trend
    today = board.as_of.astimezone(LOCAL).date()
    count = len(opened)
    return [
        DayRow(say_day(today - timedelta(days=count - 1 - n), today), opened[n], closed[n]) for n in range(count)
    ]  # fmt: skip


def _up(board: Cockpit, area: str, chain: Sequence[object]) -> str:
    """Give the way back to the area above, "" at the viewer's own."""
    if not area or len(chain) < 2:  # noqa: PLR2004 - the district has none above
        return ""
    above = area.rsplit("/", 1)[0]
    return _board(board.period.name, above if "/" in above else "")


def _number(board: Cockpit, name: str) -> int:
    return next(figure.value for figure in board.figures if figure.name == name)


def _area_name(area: str, at: datetime) -> str:
    chain = area_chains([area], at=at)[area] if area else ()
    return chain[-1].name if chain else ""


def _category_names(viewer: Viewer) -> dict[str, str]:
    return {code: kind.name for code, kind in current_rulebooks(viewer.district_id).categories.items()}


def _board(period: str, area: str) -> str:
    return f"{reverse('cockpit')}?{urlencode({'period': period, **({'area': area} if area else {})})}"


def _behind(figure: str, period: str, area: str, start: int = 0) -> str:
    said = {"period": period, **({"area": area} if area else {}), **({"from": str(start)} if start else {})}
    return f"{reverse('cockpit_rows', args=[figure])}?{urlencode(said)}"
