"""Follow-ups and figures of a report as lines of a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy

from linli.edges.words.cases import say_rate, say_state, say_tenths
from linli.edges.words.remarks import light_of, say_standing
from linli.edges.words.reviews import REMARKS
from linli.edges.words.times import say_day
from linli.oversight.reviews.queries.follow_ups import FollowUp
from linli.oversight.reviews.queries.materials import Material

FIGURES = {
    "closed": gettext_lazy("closed this year"),
    "open": gettext_lazy("not closed yet"),
    "late": gettext_lazy("of these overdue"),
}


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """A follow-up. state: of its case; url: of the case, "" where it is beyond the viewer's reach."""

    text: str
    kind: str
    said: str
    due: str
    light: str
    standing: str
    state: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A number of the material with where its rows are. how: what a rate was counted from, "" of a count."""

    label: str
    value: str
    url: str
    how: str = ""
    is_late: bool = False


def follow_up_lines(rows: Iterable[FollowUp], today: date) -> list[FollowUpLine]:
    """Word follow-ups, in their order."""
    return [
        FollowUpLine(
            row.text, str(REMARKS[row.kind]), row.session, say_day(row.due_on, today), light_of(row),
            say_standing(row), say_state(row.case_state), row.case_number,
            reverse("desk_case", args=[row.case_id]) if row.may_open else "",
        )
        for row in rows
    ]  # fmt: skip


def figure_lines(material: Material, rows_of: str) -> list[FigureLine]:
    """Word the figures; rows_of: the address of their rows, to which the figure's name is added."""
    counts = material.counts
    numbers = {"closed": counts.closed, "open": counts.open, "late": counts.late}
    return [
        FigureLine(str(FIGURES[name]), str(number), f"{rows_of}{name}/", is_late=name == "late" and number > 0)
        for name, number in numbers.items()
    ]  # fmt: skip


def rate_lines(material: Material, rows_of: str) -> Sequence[FigureLine]:
    """Word the three rates with what they were counted from; a rate of nothing says so."""
    return [
        FigureLine(
            say_rate(rate.name),
            say_tenths(rate.tenths) + ("%" if rate.tenths is not None else ""),
            f"{rows_of}{rate.name}/",
            f"{rate.numerator}/{rate.denominator}" if rate.denominator else "",
        )
        for rate in material.rates
    ]  # fmt: skip
