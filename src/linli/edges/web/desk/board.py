"""The leaders' board in words: figures with their trends, rates with their formulas, areas beside their like."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.cases.calc.rates import Period, Rate
from linli.cases.queries.cockpit import AreaLine, Cockpit, Figure
from linli.cases.queries.standing import Stretch
from linli.edges.web.desk.drawing import trend_path
from linli.edges.words.cases import RATES, say_tenths
from linli.registry.territory.choices import AreaMix

STRIP = 60
_A_POINT = 10  # in tenths of a percent
_FIRST_TO_LOOK_AT = 3
_HOURS_SAID_AS_DAYS = 48
FIGURE_WORDS: Mapping[str, Any] = {
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
_FORMULAS: Mapping[str, Any] = {
    "opened": gettext_lazy("cases that came in within the period"),
    "closed": gettext_lazy("cases closed out within the period"),
    "open": gettext_lazy("cases that are not closed at this moment"),
    "late": gettext_lazy("open cases past their deadline at this moment"),
    "hours": gettext_lazy("mean time from report to close, of what was closed in the period"),
}
_MIXES: Mapping[AreaMix, Any] = {
    AreaMix.URBAN: gettext_lazy("Urban communities only"),
    AreaMix.BOTH: gettext_lazy("Urban communities and villages"),
    AreaMix.VILLAGE: gettext_lazy("Villages only"),
    AreaMix.PLAIN: gettext_lazy("Others"),
}
# More is better of some figures and worse of others; of new cases it is neither.
_BETTER = {"closed": 1, "open": -1, "late": -1, "hours": -1}


@dataclass(frozen=True, slots=True)
class Address:
    """What the board is asked for: a period, an area ("" for all within reach), and whether it hangs on a wall."""

    period: str
    area: str = ""
    wall: bool = False

    def board(self, **changed: str) -> str:
        """Give the address of the board, with some things changed."""
        said = {"period": self.period, "area": self.area, "wall": "1" if self.wall else "", **changed}
        return f"{reverse('cockpit')}?{urlencode({name: value for name, value in said.items() if value})}"

    def rows(self, figure: str, *, area: str | None = None, start: int = 0) -> str:
        """Give the address of the rows behind a number, of another area if one is named."""
        said = {"period": self.period, "area": self.area if area is None else area, "from": str(start or "")}
        asked = urlencode({name: value for name, value in said.items() if value})
        return f"{reverse('cockpit_rows', args=[figure])}?{asked}"


@dataclass(frozen=True, slots=True)
class Change:
    """How a number stands beside that of the period compared with. number "": not comparable, words say why."""

    number: str
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class FigureBox:
    """A figure as the board shows it. tone: late-ink where the number itself is bad news; old: the trend before."""

    code: str
    name: str
    value: str
    unit: str
    change: Change
    url: str
    trend: str
    old: str
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
    change: Change
    parts: tuple[Part, ...]
    denominator: Part
    weight: str
    x: float | None
    x_before: float | None
    lowest: int


@dataclass(frozen=True, slots=True)
class Strip:
    """A rate of an area on a line of 60, with the call-backs it was counted from.

    x: its dot, None where too few were asked; middle: the median of its like; is_low: below it by a point or more.
    """

    label: str
    value: str
    count: int
    url: str
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
class MixTab:
    """Areas of one kind: a tab of the table."""

    words: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class AreaTable:
    """Areas beside their like. tabs: the kinds there are, none where all are of one."""

    tabs: tuple[MixTab, ...]
    rows: tuple[AreaRowBox, ...]
    has_median: bool


def figure_boxes(board: Cockpit, asked: Address) -> list[FigureBox]:
    """Put the figures into words: four counts and the time to close."""
    boxes = [_figure(board, figure, asked) for figure in board.figures]
    hours, days = "hours", board.days
    trend, old = _trends([day.hours for day in days], [day.hours for day in board.days_before])
    value, unit = _said_hours(board.hours)
    return [
        *boxes,
        FigureBox(hours, str(FIGURE_WORDS[hours]), value, unit, _hours_change(board), asked.rows(hours), trend, old, "",
                  str(_FORMULAS[hours])),
    ]  # fmt: skip


def _figure(board: Cockpit, figure: Figure, asked: Address) -> FigureBox:
    trend, old = _trends(figure.trend, [_VALUES[figure.name](day) for day in board.days_before])
    change = say_change(figure, board.period, has_before=board.has_before)
    return FigureBox(
        figure.name, str(FIGURE_WORDS[figure.name]), f"{figure.value:,}", _("cases"), change,
        asked.rows(figure.name), trend, old, "late-ink" if figure.name == "late" and figure.value else "",
        str(_FORMULAS[figure.name]),
    )  # fmt: skip


_VALUES: Mapping[str, Any] = {
    "opened": lambda day: day.opened, "closed": lambda day: day.closed, "open": lambda day: day.open,
    "late": lambda day: day.late,
}  # fmt: skip


def _trends(now: Sequence[float | None], before: Sequence[float | None]) -> tuple[str, str]:
    """Draw a trend and the one before it between the same bounds; what hardly moves is not blown up."""
    values = [value for value in (*now, *before) if value is not None]
    top = max(values, default=1) or 1
    lowest = min(min(values, default=0), top * 0.8)
    return trend_path(now, lowest=lowest, highest=top), trend_path(before, lowest=lowest, highest=top)


def _against(span: Period) -> str:
    return _("on the same days of last year") if span.is_year_before else _("on the period before")


def _incomparable(*, has_before: bool) -> Change:
    return Change("", _("none in the period before") if has_before else _("no whole period before it"))


def say_change(figure: Figure, span: Period, *, has_before: bool) -> Change:
    """Say how a count grew: in percent what happened within the period, in cases what stands at a moment."""
    is_flow = figure.name in {"opened", "closed"}
    if figure.before is None or (is_flow and not figure.before):
        return _incomparable(has_before=has_before)
    grown = figure.value - figure.before
    if is_flow:
        number = f"{grown * 100 / figure.before:+.1f}%"
    else:
        number = ngettext("%(n)s case", "%(n)s cases", grown) % {"n": f"{grown:+,}"}
    return Change(_minus(number), _against(span), _tone(grown * _BETTER.get(figure.name, 0)))


def _tone(gain: float) -> str:
    return "ok-ink" if gain > 0 else "warn-ink" if gain < 0 else ""


def _minus(number: str) -> str:
    return number.replace("-", "−")


def _said_hours(hours: int | None) -> tuple[str, str]:
    if hours is None:
        return "–", ""
    if hours < _HOURS_SAID_AS_DAYS:
        return str(hours), _("hours")
    return f"{hours / 24:.1f}", _("days")


def _hours_change(board: Cockpit) -> Change:
    hours, before = board.hours, board.hours_before
    if hours is None:
        return Change("", _("nothing was closed in the period"))
    if before is None:
        return _incomparable(has_before=board.has_before)
    grown = hours - before
    if hours < _HOURS_SAID_AS_DAYS:
        number = _("%(n)s hours") % {"n": f"{grown:+d}"}
    else:
        number = _("%(n)s days") % {"n": f"{grown / 24:+.1f}"}
    return Change(_minus(number), _against(board.period), _tone(-grown))


def rate_boxes(board: Cockpit, asked: Address) -> list[RateBox]:
    """Put the three rates into words, every number of their formulas with the rows behind it."""
    said = board.said

    def part(figure: str, value: int) -> Part:
        return Part(str(FIGURE_WORDS[figure]), value, asked.rows(figure))

    parts = {
        "response": (part("response", said.contacted),), "solution": (part("solution", said.solved),),
        "satisfaction": (part("satisfied", said.satisfied), part("basically", said.basically)),
    }  # fmt: skip
    return [
        RateBox(
            name=str(RATES[rate.name]), value=say_tenths(rate.tenths), has_sample=rate.tenths is not None,
            change=_rate_change(board, rate, before), parts=parts[rate.name],
            denominator=part("effective", said.effective),
            weight=f"{board.rules.basically_percent / 100:g}" if rate.name == "satisfaction" else "",
            x=_place(rate.tenths, low), x_before=_place(before.tenths, low), lowest=low // 10,
        )
        for rate, before in zip(said.rates, board.said_before.rates, strict=True)
        for low in (_lowest([value for value in (rate.tenths, before.tenths) if value is not None]),)
    ]  # fmt: skip


def _lowest(tenths: Sequence[int]) -> int:
    """Choose where a line of rates begins: at 85 %, or at the five percent below the lowest."""
    return min(850, *(value // 50 * 50 for value in tenths)) if tenths else 850


def _rate_change(board: Cockpit, rate: Rate, before: Rate) -> Change:
    if rate.tenths is None or before.tenths is None:
        return _incomparable(has_before=board.has_before) if rate.tenths is not None else Change("", "")
    grown = rate.tenths - before.tenths
    return Change(_minus(_("%(n)s points") % {"n": f"{grown / 10:+.1f}"}), _against(board.period), _tone(grown))


def _place(tenths: int | None, lowest: int) -> float | None:
    """Place a rate on a line of 60 that runs from the lowest to 100 %."""
    return None if tenths is None else round((tenths - lowest) / max(1000 - lowest, 1) * STRIP, 1)


def area_table(board: Cockpit, names: Mapping[str, str], asked: Address, mix: str) -> AreaTable:
    """Lay the areas of one kind beside each other, by code. mix: the kind asked for; else the one with most areas."""
    kinds = {kind: [line for line in board.areas if line.mix == kind] for kind in AreaMix}
    kinds = {kind: lines for kind, lines in kinds.items() if lines}
    if not kinds:
        return AreaTable((), (), has_median=False)
    shown = AreaMix(mix) if mix in kinds else max(kinds, key=lambda kind: len(kinds[kind]))
    tabs = [
        MixTab(str(_MIXES[kind]), len(lines), asked.board(mix=kind), kind == shown) for kind, lines in kinds.items()
    ]
    beside = [[line.said.rates[n].tenths or 0 for line in kinds[shown] if _is_sampled(line)] for n in range(3)]
    return AreaTable(
        tabs=tuple(tabs) if len(tabs) > 1 else (),
        rows=tuple(_area_row(line, names, asked, beside) for line in kinds[shown]),
        has_median=len(beside[0]) > 1,
    )


def _is_sampled(line: AreaLine) -> bool:
    return line.said.rates[0].is_sampled


def _area_row(line: AreaLine, names: Mapping[str, str], asked: Address, beside: Sequence[Sequence[int]]) -> AreaRowBox:
    def rows(figure: str) -> str:
        return asked.rows(figure, area=line.path)

    return AreaRowBox(
        name=names.get(line.path, line.code), url=asked.board(area=line.path), open=line.open, open_url=rows("open"),
        late=line.late, late_url=rows("late"),
        strips=tuple(_strip(rate, beside[n], rows("effective")) for n, rate in enumerate(line.said.rates)),
    )  # fmt: skip


def _strip(rate: Rate, beside: Sequence[int], url: str) -> Strip:
    lowest = _lowest(beside)
    middle = int(median(beside)) if len(beside) > 1 else None
    is_few = not rate.is_sampled
    is_low = not is_few and rate.tenths is not None and middle is not None and rate.tenths <= middle - _A_POINT
    value = _("too few") if is_few and rate.denominator else say_tenths(rate.tenths)
    return Strip(
        label=str(RATES[rate.name]), value=value, count=rate.denominator, url=url,
        x=None if is_few else _place(rate.tenths, lowest), middle=_place(middle, lowest), is_low=is_low,
    )  # fmt: skip


def look_first(board: Cockpit, names: Mapping[str, str], asked: Address) -> list[Part]:
    """Name the areas with most overdue cases: where help is needed, not who is worst."""
    late = sorted((line for line in board.areas if line.late), key=lambda line: -line.late)[:_FIRST_TO_LOOK_AT]
    return [Part(names.get(line.path, line.code), line.late, asked.rows("late", area=line.path)) for line in late]


def day_rows(days: Iterable[Stretch]) -> list[tuple[Stretch, str]]:
    """Give the trends for those who read tables, the newest first, with the time to close in words."""
    told = []
    for day in reversed(tuple(days)):
        value, unit = _said_hours(None if day.hours is None else round(day.hours))
        told.append((day, f"{value} {unit}".strip()))
    return told
