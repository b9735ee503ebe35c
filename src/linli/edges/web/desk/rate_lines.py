"""The table of rates in words: what is asked as an address, boxes with their formulas, lines whose numbers lead on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.calc.rates import Rate
from linli.cases.calc.windows import CUSTOM, Window
from linli.cases.choices import RatesBy
from linli.cases.queries.due_table import DueLine
from linli.cases.queries.rate_table import RateLine, RateTable
from linli.cases.queries.rates_asked import RatesAsked
from linli.cases.queries.said import SaidCounts
from linli.cases.queries.watched_table import WatchedLine
from linli.edges.words.cases import ORGANISATION_KINDS, RATES, say_tenths
from linli.edges.words.times import say_day, say_moment
from linli.registry.territory.choices import AreaMix

KINDS: Mapping[str, Any] = {
    "day": gettext_lazy("By day"), "week": gettext_lazy("By week"), "month": gettext_lazy("By month"),
    "year": gettext_lazy("By year"),
}  # fmt: skip
BY: Mapping[str, Any] = {
    RatesBy.AREA: gettext_lazy("Areas"), RatesBy.ORGANISATION: gettext_lazy("Organisations"),
    RatesBy.CATEGORY: gettext_lazy("Categories"), RatesBy.PERIOD: gettext_lazy("Course"),
}  # fmt: skip
AGAINST: Mapping[str, Any] = {
    "before": gettext_lazy("on the period before"), "year": gettext_lazy("on the year before"),
}  # fmt: skip
_LONG = 40  # lines from which on those with too few to have a rate are folded away
# Short words over the columns of numbers, in their order; those of `list_rate_rows`.
COLUMNS: Mapping[str, Any] = {
    "opened": gettext_lazy("Cases received"), "closed": gettext_lazy("Cases closed"),
    "effective": gettext_lazy("Call-backs"),
    "response": gettext_lazy("In touch"), "solution": gettext_lazy("Solved"), "satisfied": gettext_lazy("Satisfied"),
    "basically": gettext_lazy("Basically satisfied"),
}  # fmt: skip
MIXES: Mapping[str, Any] = {
    AreaMix.URBAN: gettext_lazy("Urban communities only"), AreaMix.BOTH: gettext_lazy("Urban communities and villages"),
    AreaMix.VILLAGE: gettext_lazy("Villages only"), AreaMix.PLAIN: gettext_lazy("Others"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """What is asked for, as an address says it. table: rates, due or watched."""

    asked: RatesAsked
    table: str = "rates"

    def page(self, **changed: Any) -> str:
        """Give the address of the table, with some things changed."""
        return f"{reverse(self.table)}?{urlencode(spelt(replace(self.asked, **changed)))}"

    def rows(self, figure: str, key: str | None = None, start: int = 0) -> str:
        """Give the address of the rows behind a number; key: of a line, None for the whole."""
        said = spelt(self.asked) | ({} if key is None else {"row": key}) | ({"from": str(start)} if start else {})
        return f"{reverse(f'{self.table}_rows', args=[figure])}?{urlencode(said)}"

    @property
    def query(self) -> str:
        """Give what is asked as the end of an address."""
        return urlencode(spelt(self.asked))


def spelt(asked: RatesAsked) -> dict[str, str]:
    """Spell what is asked as an address does; what is usual is left out."""
    is_custom = asked.kind == CUSTOM
    said = {
        "kind": asked.kind, "on": "" if is_custom else asked.first or "", "since": asked.first if is_custom else "",
        "until": (asked.last or "") if is_custom else "", "by": asked.by, "area": asked.area_path,
        "against": "" if asked.against == "before" else asked.against, "rules": asked.number or "",
    }  # fmt: skip
    return {name: str(value) for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Number:
    """A number that leads to its rows."""

    label: str
    value: int
    url: str


@dataclass(frozen=True, slots=True)
class Percent:
    """A rate in a line. formula: with its numbers; is_few: too few call-backs, so words stand for it."""

    label: str
    text: str
    formula: str
    is_few: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table. place: "" without one; url: where its name leads, "" if nowhere; change: of all together."""

    name: str
    url: str
    numbers: tuple[Number, ...]
    rates: tuple[Percent, ...]
    together: Percent | None = None
    change: str = ""
    tone: str = ""
    place: str = ""

    @property
    def is_few(self) -> bool:
        """Whether too little was counted to give the line a rate."""
        return any(rate.is_few for rate in self.rates)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one kind, beside which no other stands."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How a rate stands beside another stretch. number "": not comparable, words say why."""

    number: str
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rate of the whole. parts, denominator: the numbers of its formula, with their rows; together has none."""

    name: str
    value: str
    has_sample: bool
    parts: tuple[Number, ...]
    weight: str
    denominator: Number | None
    sum: str
    changes: tuple[Change, ...]


def boxes(table: RateTable, asked: Address) -> list[Box]:
    """Put the three rates of the whole and what they make together into words."""
    said, rules = table.whole.said, table.scheme.rules

    def number(figure: str, value: int) -> Number:
        return Number(str(COLUMNS[figure]), value, asked.rows(figure))

    parts = {
        "response": (number("response", said.contacted),), "solution": (number("solution", said.solved),),
        "satisfaction": (number("satisfied", said.satisfied), number("basically", said.basically)),
    }  # fmt: skip
    whole = number("effective", said.effective)
    return [
        *(
            Box(
                str(RATES[rate.name]), say_tenths(rate.tenths), rate.tenths is not None, parts[rate.name],
                f"{rules.basically_percent / 100:g}" if rate.name == "satisfaction" else "", whole, "",
                _changes(table, rate.tenths, n),
            )
            for n, rate in enumerate(said.rates)
        ),
        Box(_("All together"), say_tenths(said.together), said.together is not None, (), "", None,
            _together_formula(said), _changes(table, said.together, None)),
    ]  # fmt: skip


def _tenths(said: SaidCounts, n: int | None) -> int | None:
    return said.together if n is None else said.rates[n].tenths


def _changes(table: RateTable, tenths: int | None, n: int | None) -> tuple[Change, ...]:
    """Lay a rate beside that of the stretch before and of the year before."""
    none = _("%(which)s: no call-back")
    earlier = [(_tenths(other.said, n), none) if other else None for other in (table.before, table.year_before)]
    return changes_of(tenths, earlier)


def changes_of(tenths: int | None, earlier: Sequence[tuple[int | None, str] | None]) -> tuple[Change, ...]:
    """Lay a rate beside those of earlier stretches, before and a year before.

    earlier: each with what is said where it had no sample; None where data do not reach back.
    """
    if tenths is None:
        return ()
    return tuple(_change(tenths, other, words) for other, words in zip(earlier, AGAINST.values(), strict=True))


def _change(tenths: int, other: tuple[int | None, str] | None, words: Any) -> Change:
    before, said = other or (None, _("%(which)s: no data"))
    if before is None:
        return Change("", said % {"which": words}, "")
    grown = tenths - before
    return Change(say_points(grown), str(words), _tone(grown))


def say_points(tenths: int) -> str:
    """Say how far a rate went: +1.2 points."""
    return (_("%(n)s points") % {"n": f"{tenths / 10:+.1f}"}).replace("-", "−")


def _tone(grown: int) -> str:
    return "ok-ink" if grown > 0 else "warn-ink" if grown < 0 else ""


def _together_formula(said: SaidCounts) -> str:
    parts = [
        f"{say_tenths(rate.tenths)} × {weight}%" for rate, weight in zip(said.rates, said.rules.weights, strict=True)
    ]
    return " + ".join(parts)


def groups(table: RateTable, names: Mapping[str, str], asked: Address, today: date) -> list[Group]:
    """Put the lines into words, each kind by itself."""
    return by_kind(((line.like, _line(table, line, names, asked, today)) for line in table.lines), asked)


def by_kind(lines: Iterable[tuple[str, Line]], asked: Address) -> list[Group]:
    """Put lines with what they are like into their groups, without a title where there is only one."""
    likes: dict[str, list[Line]] = {}
    for like, line in lines:
        likes.setdefault(like, []).append(line)
    titles = MIXES if asked.asked.by == RatesBy.AREA else ORGANISATION_KINDS
    return [
        Group(str(titles.get(like, "")) if len(likes) > 1 else "", tuple(same)) for like, same in likes.items()
    ]  # fmt: skip


def apart(several: list[Group]) -> tuple[list[Group], list[Group]]:
    """Part many lines into those with enough and those with too few to have a rate, each in their groups.

    Empty groups go.
    """
    if sum(len(group.lines) for group in several) <= _LONG:
        return several, []
    return (_kept(several, is_few=False), _kept(several, is_few=True))


def _kept(several: Iterable[Group], *, is_few: bool) -> list[Group]:
    kept = (Group(group.title, tuple(line for line in group.lines if line.is_few == is_few)) for group in several)
    return [group for group in kept if group.lines]


def _line(table: RateTable, line: RateLine, names: Mapping[str, str], asked: Address, today: date) -> Line:
    values = (line.received, line.closed, *line.said.parts)
    numbers = tuple(
        Number(str(words), value, asked.rows(figure, line.key))
        for (figure, words), value in zip(COLUMNS.items(), values, strict=True)
    )
    name, url = named(line, table.area_path, names, asked, today)
    change = _line_change(line)
    return Line(
        name=name, url=url, numbers=numbers, rates=tuple(percent(rate) for rate in line.said.rates),
        together=_together(line.said), change=say_points(change) if change is not None else "",
        tone=_tone(change) if change is not None else "", place=str(line.place or ""),
    )  # fmt: skip


def _line_change(line: RateLine) -> int | None:
    """Tell how far a line's rates together went; None where either time too few were called back to say."""
    before = line.said_before
    if before is None or not (_is_sampled(line.said) and _is_sampled(before)):
        return None
    return (line.said.together or 0) - (before.together or 0)


def _is_sampled(said: SaidCounts) -> bool:
    return said.rates[0].is_sampled


def percent(rate: Rate, label: str = "") -> Percent:
    """Put a rate of a line into words; label: what stands over it, its own name if left out."""
    return Percent(
        label or str(RATES[rate.name]), say_rate(rate.tenths, is_sampled=rate.is_sampled),
        f"{rate.numerator} ÷ {rate.denominator}", not rate.is_sampled,
    )  # fmt: skip


def _together(said: SaidCounts) -> Percent:
    is_sampled = _is_sampled(said)
    formula = _together_formula(said) if is_sampled else ""
    return Percent(_("All together"), say_rate(said.together, is_sampled=is_sampled), formula, not is_sampled)


def say_rate(tenths: int | None, *, is_sampled: bool) -> str:
    """Write a rate of a line: with too few call-backs it is none."""
    return say_tenths(tenths) if is_sampled or tenths is None else _("too few")


def named(
    line: RateLine | DueLine | WatchedLine, area_path: str, names: Mapping[str, str], asked: Address, today: date
) -> tuple[str, str]:
    """Give a line's name, and where it leads: an area to its own parts, a part of a stretch to itself."""
    if line.part is not None:
        kind = line.part.kind if line.part.kind != CUSTOM else asked.asked.kind
        return say_window(line.part, today), asked.page(kind=kind, first=line.part.first, by=RatesBy.AREA)
    if asked.asked.by == RatesBy.AREA and line.key:
        path = f"{area_path}/{line.key}"
        return names.get(path, line.key), asked.page(area_path=path)
    nobody = {RatesBy.AREA: _("in none of them"), RatesBy.ORGANISATION: _("nobody")}
    return line.name or nobody.get(asked.asked.by, line.key), ""


def whole_line(table: RateTable) -> list[object]:
    """Give the whole as a row of a sheet: pooled, not a sum or a mean of rates."""
    whole, said = table.whole, table.whole.said
    rates = (*(rate.tenths for rate in said.rates), said.together)
    return [_("Total of all lines"), whole.received, whole.closed, *said.parts,
            *(None if tenths is None else tenths / 10 for tenths in rates), "", ""]  # fmt: skip


def say_window(window: Window, today: date) -> str:
    """Name a window: a day by itself, a month 2026-11, a year, a week or a chosen stretch by both its days."""
    if window.kind == "day":
        return say_day(window.first, today)
    if window.kind == "month":
        return _("%(month)s/%(year)s") % {"month": window.first.month, "year": window.first.year}
    if window.kind == "year":
        return _("Year %(year)s") % {"year": window.first.year}
    return _("%(since)s to %(until)s") % {
        "since": say_day(window.first, today), "until": say_day(window.last, today)
    }  # fmt: skip


def say_bounds(window: Window, at: datetime) -> str:
    """Say from when to when was counted."""
    return _("from %(since)s up to %(until)s") % {
        "since": say_moment(window.since, at), "until": say_moment(min(window.until, at), at),
    }  # fmt: skip


def cells(lines: Iterable[Line]) -> list[list[object]]:
    """Give the lines as rows of a sheet: numbers as numbers; with too few call-backs no rate, and words that say so."""
    return [
        [line.name, *(number.value for number in line.numbers),
         *(None if each.is_few else float(each.text) for each in (*line.rates, line.together) if each),
         _("too few") if line.is_few else "", *([line.place] if line.together else [])]
        for line in lines
    ]  # fmt: skip
