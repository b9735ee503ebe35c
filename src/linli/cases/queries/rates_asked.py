"""What is asked of the tables of figures: a stretch, an area, what the lines are; taken apart once for all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.cases.calc import windows
from linli.cases.calc.rate_scheme import RateScheme
from linli.cases.calc.windows import Window, parts_of
from linli.cases.choices import RatesBy
from linli.cases.models import Case
from linli.cases.queries.rulebooks import current_rates, current_rulebooks
from linli.kernel.errors import InvalidInput
from linli.registry.orgs.queries import organisations_by_id
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import area_mixes

_LONGEST_DAYS = 3660
_YEARS = (2000, 2100)


@dataclass(frozen=True, slots=True)
class RatesAsked:
    """What is asked for.

    kind: day, week, month, year, or custom from `first` to `last`; first: any day in it, None for the one that runs;
    area_path: "" for all within reach; number: the version of the rules, 0 for the one in force; against: before,
    year.
    """

    kind: str = "month"
    first: date | None = None
    last: date | None = None
    by: RatesBy = RatesBy.AREA
    area_path: str = ""
    against: str = "before"
    number: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart.

    verb: by which right; number, scheme: the version of the rules; path: whose parts the lines are; until: where
    counting ends, now at the latest; parts: of the stretch, by key.
    """

    viewer: Viewer
    verb: Verb
    asked: RatesAsked
    window: Window
    scheme: RateScheme
    number: int
    path: str
    until: datetime
    parts: Mapping[str, Window]

    @property
    def district_id(self) -> str:
        """Whose figures these are."""
        return self.viewer.district_id

    def part(self, key: str) -> tuple[datetime, datetime]:
        """Give the bounds of a part of the stretch. Raises InvalidInput if there is none under that key."""
        part = self.parts.get(key)
        if part is None:
            raise InvalidInput("unknown_filter", field="row")
        return part.since, min(part.until, self.until)

    def stretches(self) -> list[tuple[str, datetime, datetime]]:
        """List all parts with their bounds."""
        return [(key, part.since, part.until) for key, part in self.parts.items()]

    def part_of_line(self, key: Any) -> Window | None:
        """Give the part of the stretch that a line is of; None where lines are something else."""
        return self.parts.get(key) if self.asked.by == RatesBy.PERIOD else None

    def key(self, text: str) -> str | UUID | None:
        """Read the key of a line that is no part of the stretch. Raises InvalidInput."""
        if self.asked.by != RatesBy.ORGANISATION:
            return text
        try:
            return UUID(text) if text else None
        except ValueError as error:
            raise InvalidInput("unknown_filter", field="row") from error


def take_apart(
    viewer: Viewer, asked: RatesAsked, at: datetime, verb: Verb = Verb.SEE_COCKPIT, scheme: RateScheme | None = None
) -> Question:
    """Find the rules and the stretch that are asked for. At most 1 query.

    scheme: other rules than any version. Raises InvalidInput (unknown_period, period_too_long), NotFound for another
    version of the rules.
    """
    number = asked.number
    if scheme is None:
        number, scheme = current_rates(viewer.district_id, asked.number)
    window = window_asked(asked, scheme, at)
    return Question(
        viewer=viewer, verb=verb, asked=asked, window=window, scheme=scheme, number=number,
        path=asked.area_path or min((post.area_path for post in viewer.posts_with(verb)), key=len, default=""),
        until=min(window.until, at), parts={part.key: part for part in parts_of(window, scheme)},
    )  # fmt: skip


def window_asked(asked: RatesAsked, scheme: RateScheme, at: datetime) -> Window:
    """Give the window that is asked for. Raises InvalidInput (unknown_period, period_too_long)."""
    if any(day and not _YEARS[0] <= day.year <= _YEARS[1] for day in (asked.first, asked.last)):
        raise InvalidInput("unknown_period", field="on", params={"period": asked.kind})
    try:
        if asked.kind != windows.CUSTOM:
            if asked.first is None:
                return windows.window_at(asked.kind, at, scheme)
            return windows.window_of(asked.kind, asked.first, scheme)
    except KeyError as error:
        raise InvalidInput("unknown_period", field="kind", params={"period": asked.kind}) from error
    if asked.first is None or asked.last is None or asked.last < asked.first:
        raise InvalidInput("unknown_period", field="since", params={"period": asked.kind})
    if (asked.last - asked.first).days > _LONGEST_DAYS:
        raise InvalidInput("period_too_long", field="until", params={"most_days": _LONGEST_DAYS})
    return windows.custom(asked.first, asked.last, scheme)


def earlier_of(question: Question) -> tuple[Window, Window]:
    """Give the stretch before and that of the year before. No query."""
    return windows.before(question.window, question.scheme), windows.year_before(question.window, question.scheme)


def comparable(question: Question) -> list[Window]:
    """List those of the earlier stretches that data reach back to. 1 query."""
    cases = Case.objects.filter(district_id=question.district_id).order_by("reported_at")
    first = cases.values_list("reported_at", flat=True).first()
    return [each for each in earlier_of(question) if first and first <= each.since]


def keys_of_lines(question: Question, counted: set[Any]) -> set[Any]:
    """Tell of which keys there are lines: of all parts that have begun, else of those that something was counted of."""
    if question.asked.by != RatesBy.PERIOD:
        return counted
    return {key for key, part in question.parts.items() if part.since < question.until}


def known_lines(question: Question, keys: Iterable[Any], at: datetime) -> dict[Any, tuple[str, str]]:
    """Tell of each key, in the order of the lines, its name and what it is like. At most 4 queries.

    Names of areas are left to whoever shows them.
    """
    by = question.asked.by
    if by == RatesBy.AREA:
        mixes = area_mixes([f"{question.path}/{key}" for key in keys if key], at=at)
        return {path.rsplit("/", 1)[-1]: ("", mix.value) for path, mix in mixes.items()}
    if by == RatesBy.ORGANISATION:
        rows = organisations_by_id(district_id=question.district_id, ids=[key for key in keys if key])
        return {
            row.id: (row.name, row.kind) for row in sorted(rows.values(), key=lambda row: (row.kind, row.code))
        }  # fmt: skip
    if by == RatesBy.CATEGORY:
        return {
            code: (kind.name, "") for code, kind in current_rulebooks(question.district_id).categories.items()
        }  # fmt: skip
    return dict.fromkeys(question.parts, ("", ""))


def in_order_of_lines(known: Mapping[Any, tuple[str, str]], keys: set[Any]) -> list[Any]:
    """Put the keys into the order of the lines; those that nothing is known of come last."""
    return [*(each for each in known if each in keys), *sorted(keys - set(known), key=str)]
