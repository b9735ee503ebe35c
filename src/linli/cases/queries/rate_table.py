"""The three rates of a stretch of time, by area, organisation, category or part of the stretch; each number's rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from linli.cases.calc import windows
from linli.cases.calc.rate_scheme import RateScheme
from linli.cases.calc.rates import Standing, places
from linli.cases.calc.rulebooks import Content, read_rates
from linli.cases.calc.windows import Window, parts_of
from linli.cases.choices import RatesBy, RulebookKind
from linli.cases.models import Case
from linli.cases.queries.drilldown import SAID_FIGURES, BehindPage, page_of_call_backs, page_of_cases
from linli.cases.queries.rulebook_faults import require_no_faults
from linli.cases.queries.rulebooks import current_rates, current_rulebooks
from linli.cases.queries.said import (
    CLOSED,
    NOTHING_SAID,
    OPENED,
    SaidCounts,
    cases_of_holes,
    count_said_by,
    said_filter,
    summed,
)
from linli.kernel.errors import Conflict, InvalidInput, NotFound
from linli.ledger.facts.queries.tallies import (
    FactFilter,
    Group,
    area_code_at,
    count_subjects,
    count_subjects_by,
    has_key,
    organisation_of,
    said_at,
    stretch_of,
    subject_ids,
)
from linli.registry.orgs.queries import organisations_by_id
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may
from linli.registry.territory.queries import area_mixes

TABLE_FIGURES = ("opened", "closed", *SAID_FIGURES)
_KINDS = {"opened": OPENED, "closed": CLOSED}
_LONGEST_DAYS = 3660
_YEARS = (2000, 2100)
_HALF_A_MONTH = timedelta(days=14)


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
class RateLine:
    """A unit with its figures. key: what tells it from others, "" for none; name, like: a name and a kind, if any.

    said_before: of the stretch compared with, None where there is nothing to compare with; place: among its like,
    None without one; part: the stretch itself where the lines are stretches.
    """

    key: str
    name: str
    like: str
    received: int
    closed: int
    said: SaidCounts
    said_before: SaidCounts | None = None
    place: int | None = None
    part: Window | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """Figures of all lines together, of some stretch: pooled, not a mean of theirs."""

    window: Window
    received: int
    closed: int
    said: SaidCounts


@dataclass(frozen=True, slots=True)
class RateTable:
    """The whole page. area_path: whose parts the lines are; before, year_before: None where no data reach back."""

    asked: RatesAsked
    scheme: RateScheme
    number: int
    area_path: str
    whole: Whole
    before: Whole | None
    year_before: Whole | None
    lines: tuple[RateLine, ...]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class _Cut:
    """A question taken apart: its window, whose facts, and what they are grouped by."""

    window: Window
    scheme: RateScheme
    number: int
    path: str
    facts: FactFilter
    group: Group
    parts: Mapping[str, Window]


@dataclass(frozen=True, slots=True)
class RatesPreview:
    """The last month by the rules in force and by new ones, area by area."""

    number: int
    old: RateTable
    new: RateTable

    @property
    def is_none(self) -> bool:
        """Whether both versions say the same."""
        return self.old.scheme == self.new.scheme

    def pairs(self) -> list[tuple[str, RateLine | None, RateLine | None]]:
        """Lay the lines of both beside each other, by code."""
        old, new = ({line.key: line for line in table.lines} for table in (self.old, self.new))
        return [(key, old.get(key), new.get(key)) for key in sorted({*old, *new})]


def preview_rates(*, viewer: Viewer, content: Content, follows: int, at: datetime) -> RatesPreview:
    """Tell what a month would have looked like by a new version: the one that runs, before its middle the one before.

    At most 24 queries. Counts what the right to edit rulebooks reaches. Raises NotAllowed, Conflict if a newer version
    than `follows` counts by now, RulebookHasFaults.
    """
    district_id = viewer.district_id
    may(viewer, Verb.EDIT_RULEBOOKS, district_id=district_id, area_path=district_id).require()
    number, old = current_rates(district_id)
    if number != follows:
        raise Conflict("rulebook_changed", params={"kind": RulebookKind.RATES.value, "number": number})
    require_no_faults(district_id=district_id, kind=RulebookKind.RATES, content=content, on=timezone.localdate(at))
    asked = RatesAsked(first=timezone.localdate(at) - _HALF_A_MONTH)
    cuts = (_cut(viewer, asked, at, Verb.EDIT_RULEBOOKS, scheme) for scheme in (old, read_rates(content)))
    before, after = (_counted(viewer, asked, cut, at) for cut in cuts)
    return RatesPreview(number, before, after)


def get_rates(*, viewer: Viewer, asked: RatesAsked, at: datetime) -> RateTable:
    """Count the table. At most 15 queries, however many lines.

    Facts say whose work they count for: area, organisation and category are those of then. Raises InvalidInput
    (unknown_period, period_too_long), NotFound for another version of the rules.
    """
    return _counted(viewer, asked, _cut(viewer, asked, at), at)


def _counted(viewer: Viewer, asked: RatesAsked, cut: _Cut, at: datetime) -> RateTable:
    before = windows.before(cut.window, cut.scheme)
    year_before = windows.year_before(cut.window, cut.scheme)
    reported_from = _first_report(viewer)
    comparable = [each for each in (before, year_before) if reported_from and reported_from <= each.since]
    counted = {each: _whole(cut, each, at) for each in comparable}
    against = year_before if asked.against == "year" else before
    compared = against in counted and asked.by != RatesBy.PERIOD
    lines = _lines(cut, asked, _moved(cut, against, at) if compared else None, at)
    subjects = count_subjects(cut.facts, (OPENED, CLOSED))
    whole = Whole(cut.window, subjects[OPENED], subjects[CLOSED], summed(line.said for line in lines))
    return RateTable(
        asked=asked, scheme=cut.scheme, number=cut.number, area_path=cut.path,
        whole=replace(whole, said=whole.said.by(cut.scheme.rules)),
        before=counted.get(before), year_before=counted.get(year_before),
        lines=tuple(_in_order(cut.scheme, lines, asked.by)), as_of=at,
    )  # fmt: skip


def list_rate_rows(
    *, viewer: Viewer, asked: RatesAsked, figure: str, key: str | None, at: datetime, offset: int = 0, limit: int = 50
) -> BehindPage:
    """List the cases, or the call-backs, that a number of the table counts. At most 5 queries.

    figure: one of TABLE_FIGURES; key: of a line, None for the whole. Raises NotFound (unknown_figure), InvalidInput.
    """
    if figure not in TABLE_FIGURES:
        raise NotFound("unknown_figure", params={"figure": figure})
    cut = _cut(viewer, asked, at)
    wanted = cut.facts if key is None else _of_line(cut, asked.by, key)
    if figure in _KINDS:
        found = Case.objects.filter(
            district_id=viewer.district_id, id__in=subject_ids(wanted, _KINDS[figure])
        )  # fmt: skip
        return page_of_cases(viewer, found, "-id", at, offset, limit)
    return page_of_call_backs(viewer, said_filter(wanted, cut.scheme), figure, at, offset, limit)


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


def _cut(
    viewer: Viewer, asked: RatesAsked, at: datetime, verb: Verb = Verb.SEE_COCKPIT, scheme: RateScheme | None = None
) -> _Cut:
    number = asked.number
    if scheme is None:
        number, scheme = current_rates(viewer.district_id, asked.number)
    window = window_asked(asked, scheme, at)
    path = asked.area_path or min((post.area_path for post in viewer.posts_with(verb)), key=len, default="")
    parts = {part.key: part for part in parts_of(window, scheme)}
    facts = FactFilter(
        viewer.district_id, window.since, min(window.until, at), within=asked.area_path,
        area_paths=viewer.areas_with(verb), organisation_ids=viewer.organisations_with(verb),
        but_subjects=cases_of_holes(viewer.district_id),
    )  # fmt: skip
    groups: Mapping[RatesBy, Callable[[], Group]] = {
        RatesBy.AREA: lambda: area_code_at(path.count("/") + 2),
        RatesBy.ORGANISATION: organisation_of,
        RatesBy.CATEGORY: lambda: said_at("category"),
        RatesBy.PERIOD: lambda: stretch_of([(key, part.since, part.until) for key, part in parts.items()]),
    }
    return _Cut(window, scheme, number, path, facts, groups[asked.by](), parts)


def _of_line(cut: _Cut, by: RatesBy, key: str) -> FactFilter:
    """Narrow the facts to those of a line."""
    if by == RatesBy.PERIOD:
        part = cut.parts.get(key)
        if part is None:
            raise InvalidInput("unknown_filter", field="row")
        return replace(cut.facts, since=part.since, until=min(part.until, cut.facts.until))
    found: str | UUID | None = key
    if by == RatesBy.ORGANISATION:
        try:
            found = UUID(key) if key else None
        except ValueError as error:
            raise InvalidInput("unknown_filter", field="row") from error
    return replace(cut.facts, only=has_key(cut.group, found))


def _first_report(viewer: Viewer) -> datetime | None:
    """Tell when the district's first report came in. 1 query."""
    found = Case.objects.filter(district_id=viewer.district_id).order_by("reported_at")
    return found.values_list("reported_at", flat=True).first()


def _moved(cut: _Cut, other: Window, at: datetime) -> FactFilter:
    since, until = windows.up_to(cut.window, other, at)
    return replace(cut.facts, since=since, until=until)


def _whole(cut: _Cut, other: Window, at: datetime) -> Whole:
    """Count all of another window, as far as this one has come. 2 queries."""
    facts = _moved(cut, other, at)
    subjects = count_subjects(facts, (OPENED, CLOSED))
    said = count_said_by(said_filter(facts, cut.scheme), None).get("", NOTHING_SAID)
    return Whole(other, subjects[OPENED], subjects[CLOSED], said.by(cut.scheme.rules))


def _lines(cut: _Cut, asked: RatesAsked, against: FactFilter | None, at: datetime) -> list[RateLine]:
    """Count line by line. 2 queries, 1 more to compare, and those for names."""
    counted = count_subjects_by(cut.facts, (OPENED, CLOSED), cut.group)
    said = count_said_by(said_filter(cut.facts, cut.scheme), cut.group)
    earlier = count_said_by(said_filter(against, cut.scheme), cut.group) if against is not None else {}
    rules = cut.scheme.rules
    keys = {*said, *(key for _kind, key in counted)}
    if asked.by == RatesBy.PERIOD:
        keys = {key for key, part in cut.parts.items() if part.since < cut.facts.until}
    known = _known(cut, asked.by, keys, at)
    return [
        RateLine(
            key="" if key is None else str(key), name=known.get(key, ("", ""))[0], like=known.get(key, ("", ""))[1],
            received=counted.get((OPENED, key), 0), closed=counted.get((CLOSED, key), 0),
            said=said.get(key, NOTHING_SAID).by(rules), part=cut.parts.get(key) if asked.by == RatesBy.PERIOD else None,
            said_before=None if against is None else earlier.get(key, NOTHING_SAID).by(rules),
        )
        for key in [*(each for each in known if each in keys), *sorted(keys - set(known), key=str)]
    ]  # fmt: skip


def _known(cut: _Cut, by: RatesBy, keys: Iterable[Any], at: datetime) -> dict[Any, tuple[str, str]]:
    """Tell of each key, in the order of the lines, its name and what it is like. At most 4 queries.

    Names of areas are left to whoever shows them.
    """
    if by == RatesBy.AREA:
        mixes = area_mixes([f"{cut.path}/{key}" for key in keys if key], at=at)
        return {path.rsplit("/", 1)[-1]: ("", mix.value) for path, mix in mixes.items()}
    if by == RatesBy.ORGANISATION:
        rows = organisations_by_id(district_id=cut.facts.district_id, ids=[key for key in keys if key])
        return {
            row.id: (row.name, row.kind) for row in sorted(rows.values(), key=lambda row: (row.kind, row.code))
        }  # fmt: skip
    if by == RatesBy.CATEGORY:
        return {
            code: (kind.name, "") for code, kind in current_rulebooks(cut.facts.district_id).categories.items()
        }  # fmt: skip
    return dict.fromkeys(cut.parts, ("", ""))


def _in_order(scheme: RateScheme, lines: list[RateLine], by: RatesBy) -> list[RateLine]:
    """Give places among lines of one kind where the scheme wants places; the others stay in their order, after them."""
    if not scheme.has_places or by not in {RatesBy.AREA, RatesBy.ORGANISATION}:
        return lines
    likes: dict[str, list[RateLine]] = {}
    for line in lines:
        likes.setdefault(line.like, []).append(line)
    ordered = []
    for like, same in likes.items():
        found = places((line.key, _standing(line)) for line in same) if like else {}
        placed = [replace(line, place=found.get(line.key)) for line in same]
        ordered += sorted(placed, key=lambda line: (line.place is None, line.place or 0))
    return ordered


def _standing(line: RateLine) -> Standing:
    sampled = line.key and line.said.rates[0].is_sampled
    return Standing(line.said.together if sampled else None, line.received)
