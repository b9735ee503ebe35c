"""The three rates of a stretch of time, by area, organisation, category or part of the stretch; each number's rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from linli.cases.calc import windows
from linli.cases.calc.rate_scheme import RateScheme
from linli.cases.calc.rates import DueCounts, Standing, places
from linli.cases.calc.rulebooks import Content, read_rates
from linli.cases.calc.windows import Window
from linli.cases.choices import RatesBy, RulebookKind
from linli.cases.models import Case
from linli.cases.queries.drilldown import SAID_FIGURES, BehindPage, page_of_call_backs, page_of_cases
from linli.cases.queries.due_table import count_due
from linli.cases.queries.rates_asked import (
    Question,
    RatesAsked,
    comparable,
    earlier_of,
    in_order_of_lines,
    keys_of_lines,
    known_lines,
    take_apart,
)
from linli.cases.queries.rulebook_faults import require_no_faults
from linli.cases.queries.rulebooks import current_rates
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
from linli.kernel.errors import Conflict, NotFound
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
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may

TABLE_FIGURES = ("opened", "closed", *SAID_FIGURES)
_KINDS = {"opened": OPENED, "closed": CLOSED}
_HALF_A_MONTH = timedelta(days=14)


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
    """A question, the facts that answer it, and what these are grouped by."""

    question: Question
    facts: FactFilter
    group: Group


@dataclass(frozen=True, slots=True)
class RatesPreview:
    """The last month by the rules in force and by new ones, area by area. due: what was due in all, old and new."""

    number: int
    old: RateTable
    new: RateTable
    due: tuple[DueCounts, DueCounts]

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

    At most 26 queries. Counts what the right to edit rulebooks reaches. Raises NotAllowed, Conflict if a newer version
    than `follows` counts by now, RulebookHasFaults.
    """
    district_id = viewer.district_id
    may(viewer, Verb.EDIT_RULEBOOKS, district_id=district_id, area_path=district_id).require()
    number, old = current_rates(district_id)
    if number != follows:
        raise Conflict("rulebook_changed", params={"kind": RulebookKind.RATES.value, "number": number})
    require_no_faults(district_id=district_id, kind=RulebookKind.RATES, content=content, on=timezone.localdate(at))
    asked = RatesAsked(first=timezone.localdate(at) - _HALF_A_MONTH)
    cuts = [_cut(viewer, asked, at, Verb.EDIT_RULEBOOKS, scheme) for scheme in (old, read_rates(content))]
    before, after = (_counted(cut, at) for cut in cuts)
    due_before, due_after = (count_due(cut.question) for cut in cuts)
    return RatesPreview(number, before, after, (due_before, due_after))


def get_rates(*, viewer: Viewer, asked: RatesAsked, at: datetime) -> RateTable:
    """Count the table. At most 15 queries, however many lines.

    Facts say whose work they count for: area, organisation and category are those of then. Raises InvalidInput
    (unknown_period, period_too_long), NotFound for another version of the rules.
    """
    return _counted(_cut(viewer, asked, at), at)


def _counted(cut: _Cut, at: datetime) -> RateTable:
    question, scheme = cut.question, cut.question.scheme
    before, year_before = earlier_of(question)
    counted = {each: _whole(cut, each, at) for each in comparable(question)}
    against = year_before if question.asked.against == "year" else before
    compared = against in counted and question.asked.by != RatesBy.PERIOD
    lines = _lines(cut, _moved(cut, against, at) if compared else None, at)
    subjects = count_subjects(cut.facts, (OPENED, CLOSED))
    whole = Whole(question.window, subjects[OPENED], subjects[CLOSED], summed(line.said for line in lines))
    return RateTable(
        asked=question.asked, scheme=scheme, number=question.number, area_path=question.path,
        whole=replace(whole, said=whole.said.by(scheme.rules)),
        before=counted.get(before), year_before=counted.get(year_before),
        lines=tuple(_in_order(scheme, lines, question.asked.by)), as_of=at,
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
    wanted = cut.facts if key is None else _of_line(cut, key)
    if figure in _KINDS:
        found = Case.objects.filter(
            district_id=viewer.district_id, id__in=subject_ids(wanted, _KINDS[figure])
        )  # fmt: skip
        return page_of_cases(viewer, found, "-id", at, offset, limit)
    return page_of_call_backs(viewer, said_filter(wanted, cut.question.scheme), figure, at, offset, limit)


def _cut(
    viewer: Viewer, asked: RatesAsked, at: datetime, verb: Verb = Verb.SEE_COCKPIT, scheme: RateScheme | None = None
) -> _Cut:
    question = take_apart(viewer, asked, at, verb, scheme)
    facts = FactFilter(
        viewer.district_id, question.window.since, question.until, within=asked.area_path,
        area_paths=viewer.areas_with(verb), organisation_ids=viewer.organisations_with(verb),
        but_subjects=cases_of_holes(viewer.district_id),
    )  # fmt: skip
    groups: Mapping[RatesBy, Callable[[], Group]] = {
        RatesBy.AREA: lambda: area_code_at(question.path.count("/") + 2),
        RatesBy.ORGANISATION: organisation_of,
        RatesBy.CATEGORY: lambda: said_at("category"),
        RatesBy.PERIOD: lambda: stretch_of(question.stretches()),
    }
    return _Cut(question, facts, groups[asked.by]())


def _of_line(cut: _Cut, key: str) -> FactFilter:
    """Narrow the facts to those of a line."""
    if cut.question.asked.by == RatesBy.PERIOD:
        since, until = cut.question.part(key)
        return replace(cut.facts, since=since, until=until)
    return replace(cut.facts, only=has_key(cut.group, cut.question.key(key)))


def _moved(cut: _Cut, other: Window, at: datetime) -> FactFilter:
    since, until = windows.up_to(cut.question.window, other, at)
    return replace(cut.facts, since=since, until=until)


def _whole(cut: _Cut, other: Window, at: datetime) -> Whole:
    """Count all of another window, as far as this one has come. 2 queries."""
    facts, scheme = _moved(cut, other, at), cut.question.scheme
    subjects = count_subjects(facts, (OPENED, CLOSED))
    said = count_said_by(said_filter(facts, scheme), None).get("", NOTHING_SAID)
    return Whole(other, subjects[OPENED], subjects[CLOSED], said.by(scheme.rules))


def _lines(cut: _Cut, against: FactFilter | None, at: datetime) -> list[RateLine]:
    """Count line by line. 2 queries, 1 more to compare, and those for names."""
    question, scheme = cut.question, cut.question.scheme
    counted = count_subjects_by(cut.facts, (OPENED, CLOSED), cut.group)
    said = count_said_by(said_filter(cut.facts, scheme), cut.group)
    earlier = count_said_by(said_filter(against, scheme), cut.group) if against is not None else {}
    keys = keys_of_lines(question, {*said, *(key for _kind, key in counted)})
    known = known_lines(question, keys, at)
    return [
        RateLine(
            key="" if key is None else str(key), name=known.get(key, ("", ""))[0], like=known.get(key, ("", ""))[1],
            received=counted.get((OPENED, key), 0), closed=counted.get((CLOSED, key), 0),
            said=said.get(key, NOTHING_SAID).by(scheme.rules), part=question.part_of_line(key),
            said_before=None if against is None else earlier.get(key, NOTHING_SAID).by(scheme.rules),
        )
        for key in in_order_of_lines(known, keys)
    ]  # fmt: skip


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
