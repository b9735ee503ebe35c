"""Correcting the category of a case: what it is about, how pressing, by when; who has it, has it still."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.actions import clocks
from linli.cases.actions.beside import check_note, check_version, leave_trace
from linli.cases.actions.routing import rank, repeats_of, why_by_then, why_so_pressing
from linli.cases.actions.stepping import Actor, lock_case
from linli.cases.calc.categories import Category, offered
from linli.cases.calc.rulebooks import read_priority
from linli.cases.choices import Action, ClockKind, RulebookKind, Source
from linli.cases.errors import StepNotPossible
from linli.cases.models import Case
from linli.cases.queries.replay import households_of
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks, rulebook_content
from linli.cases.rules import may_recategorise
from linli.kernel.errors import InvalidInput
from linli.registry.territory.queries import LocatedArea, locate, place_by_code
from linli.support.calendar.calc import is_provisional
from linli.support.calendar.queries import current_calendar

_NEW_RULES = (RulebookKind.CATEGORIES, RulebookKind.PRIORITY)


@dataclass(frozen=True, slots=True)
class Correction:
    """What the category should have been, why, and the version of the case that was seen; None asks nothing."""

    category: str
    note: str
    version: int | None = None


@transaction.atomic
def recategorise_case(
    *, district_id: str, case_id: UUID, correction: Correction, by: Actor, at: datetime
) -> Case:  # fmt: skip
    """Correct the category of a case that is not closed; the reason is needed.

    It stays with whom it is, at its stage; whoever thinks that others should have it dispatches it. It is weighed anew
    by the rules in force, unless its level was set by hand. As long as it is not solved, its clocks get the time of the
    new category, counted from the report: what ran and what was granted counts, rungs that were climbed stay climbed.
    What was solved keeps its deadlines, and a day named by leaders stays. A chosen category teaches.

    Locks the case; writes its row, at most two segments, step, fact and message. At most 20 queries. Raises NoSuchCase,
    PreconditionFailed, NotAllowed, StepNotPossible (closed, merged, opened by the program), InvalidInput
    (category_not_chosen, unknown_category, category_is_that, say_why).
    """
    case = lock_case(district_id=district_id, case_id=case_id, by=by)
    check_version(case, correction.version)
    may_recategorise(by.viewer, case).require()
    if case.closed_at is not None or case.source == Source.SYSTEM:
        raise StepNotPossible("step_not_possible", params={"action": Action.RECATEGORISE, "state": case.state})
    if not correction.category:
        raise InvalidInput("category_not_chosen", field="category")
    books, before = current_rulebooks(district_id), case.category
    kind = next((each for each in offered(books.categories.values()) if each.code == correction.category), None)
    if kind is None:
        raise InvalidInput("unknown_category", field="category", params={"category": correction.category})
    if kind.code == before:
        raise InvalidInput("category_is_that", field="category")
    check_note(correction.note, is_needed=True)
    level, due = case.priority_level, case.solution_due_at
    _weigh(case, kind, books, at)
    if case.solved_at is None:
        _count_deadlines(case, kind, books, at)
    case.rulebooks = {**case.rulebooks, **{name: books.numbers[name] for name in _NEW_RULES}}
    case.category, case.is_category_suggested = kind.code, False
    leave_trace(
        case, Action.RECATEGORISE, by=by, at=at, note=correction.note, of=case.organisation_id,
        data={"before": before, "after": kind.code, "level_before": level, "level": case.priority_level,
              "due_before": due.isoformat() if due else "",
              "due": case.solution_due_at.isoformat() if case.solution_due_at else ""},
    )  # fmt: skip
    return case


def _weigh(case: Case, kind: Category, books: Rulebooks, at: datetime) -> None:
    """Weigh a case anew in memory; a level set by hand stays. At most 7 queries, mostly 2."""
    if case.is_overridden:
        return
    located = _located(case, at)
    repeats = repeats_of(located=located, category=kind.code, lng=case.lng, lat=case.lat, at=at)
    households = located.households if case.lng is not None else _households(case, books)
    priority = rank(
        text=case.text, category=kind.code, households=households, repeats=max(repeats, case.reporters - 1),
        books=books,
    )  # fmt: skip
    case.score, case.priority_level = priority.score, priority.level
    case.priority_parts = [
        {"name": part.name, "points": part.points, "reason": part.reason, "detail": part.detail}
        for part in priority.parts
    ]
    _explain(case, "priority", [why_so_pressing(priority, books)])


def _located(case: Case, at: datetime) -> LocatedArea:
    if case.lng is None or case.lat is None:
        return place_by_code(code=case.area_path.rsplit("/", 1)[-1], at=at)
    return locate(lng=case.lng, lat=case.lat, crs="GCJ-02", at=at)


def _households(case: Case, books: Rulebooks) -> int:
    """Tell the households that a case without a point was weighed with. 1 query."""
    number = case.rulebooks.get(RulebookKind.PRIORITY, 0)
    _, content = rulebook_content(district_id=case.district_id, kind=RulebookKind.PRIORITY, number=number)
    spread = next((part for part in case.priority_parts if part["name"] == "spread"), None)
    return households_of(case.text, books.categories[case.category], spread, read_priority(content))


def _count_deadlines(case: Case, kind: Category, books: Rulebooks, at: datetime) -> None:
    """Give the clocks the time of the new category, and write on the case what they say. At most 5 queries."""
    if any(line["code"] == "day_named" for line in case.why):
        return
    case.rulebooks = {**case.rulebooks, RulebookKind.DEADLINES: books.numbers[RulebookKind.DEADLINES]}
    rule, calendar = books.deadlines.rule_for(kind.code, case.priority_level), current_calendar()
    segments = clocks.load_segments(case)
    stood = clocks.of_clock(segments, ClockKind.SOLUTION)[-1].stopped_at is not None
    if case.responded_at is None:
        clocks.allow(case, segments, ClockKind.RESPONSE, rule.response, why=Action.RECATEGORISE, at=at)
    new = clocks.allow(case, segments, ClockKind.SOLUTION, rule.solution, why=Action.RECATEGORISE, at=at)
    clocks.show(case, segments, calendar, books.deadlines)
    if stood:  # on hold: the deadline is that of going on now, and nothing runs
        new.stopped_at, new.why = at, Action.RECATEGORISE
        clocks.show(case, segments, calendar, books.deadlines)
    clocks.save_segments(segments)
    due = case.solution_due_at
    provisional = due.year if due and is_provisional(calendar, due) else None
    _explain(case, "deadline", why_by_then(rule, calendar.version, books, provisional_year=provisional))


def _explain(case: Case, about: str, lines: list[dict[str, object]]) -> None:
    """Put new reasons in the place of those about one thing."""
    case.why = [*(line for line in case.why if line["about"] != about), *lines]
