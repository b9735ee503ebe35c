"""Looking through whole districts: do loaded cases stand as single writes would have left them? Nothing is changed.

It lies among the actions because it computes with what they compute with: the clocks, the weighing, the locating. All
rows are asked whether they fit each other (`queries/soundness.py`), whistles are told again from history
(`queries/told_again.py`); of a sample, spread by ids, place, score and clocks are computed anew.
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

import numpy as np

from linli.cases.actions import clocks
from linli.cases.actions.recording import FACTS
from linli.cases.actions.routing import rank
from linli.cases.choices import ClockKind, RulebookKind
from linli.cases.models import Case, ClockSegment
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks, list_workflows
from linli.cases.queries.soundness import Fault, find_faults, sample_ids
from linli.cases.queries.told_again import find_whistles_told_otherwise
from linli.registry.territory.choices import PlaceReason
from linli.registry.territory.queries import LocatedArea, Locator, current_boundary_version
from linli.support.calendar.calc import WorkingCalendar
from linli.support.calendar.queries import current_calendar

_BATCH = 500
_BY_POINT = frozenset({PlaceReason.INSIDE, PlaceReason.NOBODY_OWNS})
_SHOWN = ("response_due_at", "solution_due_at", "due_at", "amber_at")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check saw. cases: how many there are; sampled: cases of which all was computed anew."""

    district_id: str
    cases: int
    sampled: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Means:
    """What values are computed anew with, as it stands now."""

    books: Rulebooks
    calendar: WorkingCalendar
    locate: Locator
    boundary_number: int


def check_cases(
    *, district_id: str, sample: int, at: datetime, done: Callable[[int], None] = lambda _more: None
) -> Checked:
    """Check all cases of a district against each other, and about `sample` of them against the rules.

    Values that were made by rules, calendars or boundaries of another version than today's are not computed anew.
    done: told of sampled cases. 19 queries and 2 more each 500 sampled cases; a minute a million cases.
    """
    books = current_rulebooks(district_id)
    faults = find_faults(district_id, workflows=list_workflows(district_id), fact_kinds=FACTS)
    means = _Means(books, current_calendar(), Locator(at=at), current_boundary_version(district_id, at=at))
    found: dict[str, list[UUID]] = {}
    if told_otherwise := find_whistles_told_otherwise(district_id, means.calendar):
        found["whistles_not_as_steps"] = told_otherwise
    ids = sample_ids(district_id, sample=sample)
    for start in range(0, len(ids), _BATCH):
        chosen = ids[start : start + _BATCH]
        cases = list(Case.objects.filter(district_id=district_id, id__in=chosen).order_by("id"))
        segments, places = _segments_of(district_id, chosen), _places_of(cases, means.locate)
        for case in cases:
            for kind in _faults_of(case, segments.get(case.id, []), places.get(case.id), means):
                found.setdefault(kind, []).append(case.id)
        done(len(chosen))
    faults += [Fault(kind, len(cases), str(min(cases))) for kind, cases in sorted(found.items())]
    return Checked(district_id, Case.objects.filter(district_id=district_id).count(), len(ids), tuple(faults))


def _segments_of(district_id: str, ids: list[UUID]) -> dict[UUID, clocks.Segments]:
    rows = ClockSegment.objects.filter(district_id=district_id, case_id__in=ids).order_by("case_id", "started_at", "id")
    return {key: list(found) for key, found in groupby(rows, lambda row: row.case_id)}


def _places_of(cases: list[Case], locate: Locator) -> dict[UUID, LocatedArea]:
    points = {case.id: (case.lng, case.lat) for case in cases if case.lng is not None}
    return dict(zip(points, locate(np.array(list(points.values()), dtype=float).reshape(-1, 2)), strict=True))


def _faults_of(case: Case, segments: clocks.Segments, located: LocatedArea | None, means: _Means) -> Iterator[str]:
    if located is not None and case.boundary_number == means.boundary_number and case.place_reason in _BY_POINT:
        if located.path != case.area_path or located.compound_id != case.compound_id:
            yield "located_elsewhere"
        elif not _is_weighed_right(case, located.households, means.books):
            yield "weighed_otherwise"
    if case.calendar_number == means.calendar.version and not _has_right_clocks(case, segments, means):
        yield "clocks_not_as_segments"


def _is_weighed_right(case: Case, households: int, books: Rulebooks) -> bool:
    """Weigh the case again, with the repeats that were counted when it came in."""
    if case.is_overridden or case.rulebooks.get(RulebookKind.PRIORITY) != books.numbers[RulebookKind.PRIORITY]:
        return True
    repeats = next((int(part["detail"]) for part in case.priority_parts if part["name"] == "repeats"), 0)
    priority = rank(text=case.text, category=case.category, households=households, repeats=repeats, books=books)
    parts = [(part.name, part.points, part.reason, part.detail) for part in priority.parts]
    stored = [(part["name"], part["points"], part["reason"], part["detail"]) for part in case.priority_parts]
    return (priority.score, priority.level, parts) == (case.score, case.priority_level, stored)


def _has_right_clocks(case: Case, segments: clocks.Segments, means: _Means) -> bool:
    """Show the clocks on a copy, first as when each ran last, which made the deadlines, then as they stand."""
    kinds = {segment.clock for segment in segments}
    if kinds != set(ClockKind):
        return False
    shown, table = copy(case), means.books.deadlines
    shown.responded_at = None
    clocks.show(shown, [_running(row, segments) for row in segments], means.calendar, table)
    shown.responded_at = case.responded_at
    clocks.show(shown, segments, means.calendar, table)
    if case.closed_at is not None:
        shown.due_at = shown.amber_at = shown.rung_at = None
    return all(getattr(shown, name) == getattr(case, name) for name in _SHOWN)


def _running(row: ClockSegment, segments: clocks.Segments) -> ClockSegment:
    """Give the last segment of its clock as it was before it was stopped, any other as it is."""
    if row is not clocks.of_clock(segments, ClockKind(row.clock))[-1]:
        return row
    before = copy(row)
    before.stopped_at = None
    return before
