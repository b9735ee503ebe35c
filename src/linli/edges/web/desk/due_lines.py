"""What was due to be dealt with in words: boxes with their formulas, lines whose numbers lead on, rows of a sheet."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.calc.rate_scheme import RateScheme
from linli.cases.calc.rates import DueCounts
from linli.cases.queries.due_table import DUE_FIGURES, DueLine, DueTable
from linli.edges.web.desk.rate_lines import Address, Box, Group, Line, Number, by_kind, changes_of, named, percent
from linli.edges.words.cases import DUE_LEFT_OUT, say_tenths

# Short words over the columns of numbers, in the order of DUE_FIGURES; and of the shares.
DUE_COLUMNS: Mapping[str, Any] = {
    "due": gettext_lazy("Cases due"), "on_time": gettext_lazy("Dealt with in time"), "late": gettext_lazy("Too late"),
    "undone": gettext_lazy("Not dealt with"), "held": gettext_lazy("On hold"),
    "extended": gettext_lazy("With time granted"),
}  # fmt: skip
SHARES: Mapping[str, Any] = {
    "on_time": gettext_lazy("Share dealt with in time"), "dealt": gettext_lazy("Share dealt with"),
}  # fmt: skip


def due_boxes(table: DueTable, asked: Address) -> list[Box]:
    """Put both shares of the whole into words."""
    counts, none = table.whole, _("%(which)s: nothing due")

    def number(figure: str) -> Number:
        return Number(str(DUE_COLUMNS[figure]), getattr(counts, figure), asked.rows(figure))

    parts = {"on_time": (number("on_time"),), "dealt": (number("on_time"), number("late"))}
    return [
        Box(
            str(SHARES[rate.name]), say_tenths(rate.tenths), rate.tenths is not None, parts[rate.name], "",
            number("due"), "", changes_of(rate.tenths, [
                (earlier.rates[n].tenths, none) if earlier else None for earlier in (table.before, table.year_before)
            ]),
        )
        for n, rate in enumerate(counts.rates)
    ]  # fmt: skip


def due_groups(table: DueTable, names: Mapping[str, str], asked: Address, today: date) -> list[Group]:
    """Put the lines into words, each kind by itself."""
    return by_kind(((line.like, _line(table, line, names, asked, today)) for line in table.lines), asked)


def _line(table: DueTable, line: DueLine, names: Mapping[str, str], asked: Address, today: date) -> Line:
    name, url = named(line, table.area_path, names, asked, today)
    numbers = tuple(
        Number(str(words), getattr(line.counts, figure), asked.rows(figure, line.key))
        for figure, words in DUE_COLUMNS.items()
    )
    return Line(name, url, numbers, tuple(percent(rate, str(SHARES[rate.name])) for rate in line.counts.rates))


def whole_due(counts: DueCounts) -> list[object]:
    """Give the whole as a row of a sheet."""
    shares = (None if rate.tenths is None else rate.tenths / 10 for rate in counts.rates)
    return [_("Total of all lines"), *(getattr(counts, figure) for figure in DUE_FIGURES), *shares, ""]


def say_due_rules(scheme: RateScheme) -> list[str]:
    """Say what counts as due, and how the shares are formed."""
    left_out = [str(words) for code, words in DUE_LEFT_OUT.items() if code in scheme.due_without]
    beside = (
        _("Left out are those %(which)s.") % {"which": _(", and those ").join(left_out)} if left_out
        else _("Cases on hold and those with time granted count like all others.")
    )  # fmt: skip
    return [
        _("Share dealt with in time = dealt with in time ÷ due; share dealt with = (in time + too late) ÷ due."),
        _("Due: cases whose deadline for a solution lay in these days, up to now; each once, by the deadline it ended "
          "with, without cases turned down or dealt with together with another."),
        beside,
    ]  # fmt: skip
