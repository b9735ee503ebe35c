"""Where a new case belongs, who has it, how urgent it is and by when: one reading of the rules, with the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from linli.cases.calc.deadlines import DeadlineRule
from linli.cases.calc.dispatch import Candidate, Chosen, DispatchRule, choose
from linli.cases.calc.ladder import Clock, first_of, next_at
from linli.cases.calc.priority import Priority, Weighed, weigh
from linli.cases.choices import ClockKind
from linli.cases.queries.nearby import count_repeats
from linli.cases.queries.rulebooks import Rulebooks
from linli.registry.people.queries import Holder, list_holders
from linli.registry.people.rules import is_within
from linli.registry.territory.queries import LocatedArea
from linli.support.calendar.calc import Budget, Segment, WorkingCalendar, amber_at, deadline, is_provisional
from linli.support.calendar.choices import Timer

Why = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Promise:
    """The deadlines of a case. amber_at: when the light of the first clock turns amber; rung_at: of the first rung."""

    rule: DeadlineRule
    response_due_at: datetime
    solution_due_at: datetime
    amber_at: datetime
    rung_at: datetime | None
    calendar_number: int
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who has a case, at which level, by which line of the catalogue."""

    rule: DispatchRule | None
    chosen: Chosen
    level: str
    holder: Holder | None


def assign(*, located: LocatedArea, category: str, books: Rulebooks, at: datetime) -> Assigned:
    """Find who has a case there. 1 query."""
    rule = rule_of(located=located, category=category, books=books)
    holders = list_holders(
        district_id=located.district_id,
        area_ids=[step.id for step in located.chain],
        organisation_codes=[rule.organisation_code] if rule and rule.organisation_code else [],
        roles=sorted({*books.dispatch.fallback_roles, *([rule.role] if rule else [])}),
        on=timezone.localdate(at),
    )
    near = [holder for holder in holders if is_within(located.path, holder.area_path)]
    return assign_among(near, rule=rule, books=books)


def rule_of(*, located: LocatedArea, category: str, books: Rulebooks) -> DispatchRule | None:
    """Find the line of the catalogue that speaks of such a case. No query."""
    return books.dispatch.rule_for(category, is_in_compound=located.compound_id is not None)


def assign_among(holders: Sequence[Holder], *, rule: DispatchRule | None, books: Rulebooks) -> Assigned:
    """Choose among holders who were read already, lowest area first. No query."""
    candidates = [Candidate(h.post_id, h.role, h.organisation_id, h.organisation_code, h.is_on_duty) for h in holders]
    chosen = choose(rule, candidates, books.dispatch.fallback_roles)
    holder = next((h for h in holders if h.post_id == chosen.post_id), None)
    return Assigned(rule, chosen, holder.level if holder else "district", holder)


def rank(*, text: str, category: str, households: int, repeats: int, books: Rulebooks) -> Priority:
    """Weigh a case by the scheme in force. households: of the building it is in, 0 if unknown."""
    kind = books.categories[category]
    weighed = Weighed(text, kind.danger, kind.pressing, kind.spread, households, repeats)
    return weigh(weighed, books.priority)


def repeats_of(*, located: LocatedArea, category: str, lng: float | None, lat: float | None, at: datetime) -> int:
    """Count others who reported the like nearby. 1 query."""
    return count_repeats(district_id=located.district_id, category=category, lng=lng, lat=lat, at=at)


def promise(*, category: str, level: int, books: Rulebooks, calendar: WorkingCalendar, at: datetime) -> Promise:
    """Count the deadlines from an instant. No query."""
    rule = books.deadlines.rule_for(category, level)
    running = (Segment(at, None, ""),)
    response_budget = Budget(Timer(rule.response.timer), rule.response.amount)
    solution_budget = Budget(Timer(rule.solution.timer), rule.solution.amount)
    response = deadline(calendar, response_budget, running)
    solution = deadline(calendar, solution_budget, running)
    amber = amber_at(calendar, response_budget, running, books.deadlines.amber_percent)
    if response is None or solution is None or amber is None:
        message = "a clock that runs always has an end"
        raise AssertionError(message)
    rung = first_rung(response_budget, solution_budget, books=books, calendar=calendar, at=at)
    return Promise(rule, response, solution, amber, rung, calendar.version, is_provisional(calendar, solution))


def first_rung(*budgets: Budget, books: Rulebooks, calendar: WorkingCalendar, at: datetime) -> datetime | None:
    """Find when the first of several clocks that start now comes to its first rung. No query."""
    running = (Segment(at, None, ""),)
    return first_of([next_at(calendar, Clock(budget, running), books.deadlines) for budget in budgets])


def segments_of(promised: Promise, at: datetime) -> list[tuple[str, str, int, datetime]]:
    """List the two clocks that start: (clock, timer, amount, started_at)."""
    rule = promised.rule
    return [
        (ClockKind.RESPONSE, rule.response.timer, rule.response.amount, at),
        (ClockKind.SOLUTION, rule.solution.timer, rule.solution.amount, at),
    ]


def reasons(
    *, located: LocatedArea, assigned: Assigned, priority: Priority, promised: Promise, books: Rulebooks
) -> list[Why]:
    """Write down why here, why this one, why so urgent, why by then: codes and plain values, worded at the edges."""
    lines: list[Why] = [
        {
            "about": "where",
            "code": f"place_{located.reason}",
            "area": located.name,
            "level": located.level,
            "version": located.boundary_number,
        },
        {
            "about": "who",
            "code": assigned.chosen.reason,
            "rule": assigned.rule.id if assigned.rule else "",
            "version": books.numbers["dispatch"],
            "role": assigned.rule.role if assigned.rule else "",
            "holder": assigned.holder.role_name if assigned.holder else "",
            "area": assigned.holder.area_name if assigned.holder else "",
        },
        why_so_pressing(priority, books),
    ]
    provisional = promised.solution_due_at.year if promised.is_provisional else None
    return [*lines, *why_by_then(promised.rule, promised.calendar_number, books, provisional_year=provisional)]


def why_so_pressing(priority: Priority, books: Rulebooks) -> Why:
    """Write down why a case is so urgent."""
    return {
        "about": "priority",
        "code": "priority_level",
        "level": priority.level,
        "urgency": priority.urgency,
        "importance": priority.importance,
        "version": books.numbers["priority"],
    }


def why_by_then(
    rule: DeadlineRule, calendar_number: int, books: Rulebooks, *, provisional_year: int | None
) -> list[Why]:  # fmt: skip
    """Write down why by then. provisional_year: of the solution's deadline, if its holidays are not announced yet."""
    line = {
        "about": "deadline",
        "code": "deadline_rule",
        "rule": rule.id,
        "version": books.numbers["deadlines"],
        "calendar": calendar_number,
        "response_timer": rule.response.timer,
        "response_amount": rule.response.amount,
        "solution_timer": rule.solution.timer,
        "solution_amount": rule.solution.amount,
    }
    if provisional_year is None:
        return [line]
    return [line, {"about": "deadline", "code": "calendar_year_not_published", "year": provisional_year}]
