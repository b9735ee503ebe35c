"""Climbing the ladder: warnings before a deadline, and the next one up named after it; each rung once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.cases.actions import clocks
from linli.cases.actions.recording import FACTS, fact_data
from linli.cases.actions.supervising import NewCard, give_cards
from linli.cases.calc.ladder import DUE, Rung, first_of, next_at, reached, told_at
from linli.cases.choices import Action, CardColour, CardReason, ClockKind, RulebookKind
from linli.cases.models import Case, CaseRung, CaseStep, ClockSegment
from linli.cases.queries.above import Above, Named
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks
from linli.ledger.commands.actions import NewMessage, queue_messages
from linli.ledger.facts.actions import NewFact, record_many
from linli.registry.people.rules import NOBODY
from linli.support.calendar.calc import WorkingCalendar
from linli.support.calendar.queries import current_calendar

_MARKS = {ClockKind.RESPONSE: "response_mark", ClockKind.SOLUTION: "solution_mark"}
_COLUMNS = ("response_mark", "solution_mark", "rung_at")


@dataclass(frozen=True, slots=True)
class Climbed:
    """A rung that a case has just climbed. timer: of its clock; named: who is told above, None for a warning."""

    case: Case
    clock: ClockKind
    rung: Rung
    timer: str
    named: Named | None

    @property
    def action(self) -> Action:
        """Give the word for the history."""
        return Action.WARN if self.rung.mark < DUE else Action.ESCALATE


@dataclass(frozen=True, slots=True)
class _Means:
    books: Rulebooks
    calendar: WorkingCalendar
    at: datetime


def climb(*, district_id: str, at: datetime, batch: int = 200, batches: int = 20) -> int:
    """Let every case whose clock has come to a rung climb it. Returns how many rungs were climbed.

    Each batch of cases is a transaction of its own, passing over what others have locked; 17 queries a batch, however
    many cases. A rung leaves a row, a line of history and a fact; of several at once, as after the program stood still,
    only the highest is told. The case stays with whoever has it, and its version as it was: nothing that somebody has
    open becomes stale. Messages wait for the end of the quiet hours; what runs day and night does not.
    """
    found = 0
    for _ in range(batches):
        looked, climbed = _climb_some(district_id, at, batch)
        found += climbed
        if looked < batch:
            break
    return found


@transaction.atomic
def _climb_some(district_id: str, at: datetime, batch: int) -> tuple[int, int]:
    due = Case.objects.filter(district_id=district_id, closed_at=None, rung_at__lt=at).order_by("rung_at", "id")
    cases = list(due.select_for_update(skip_locked=True)[:batch])
    if not cases:
        return 0, 0
    means = _Means(current_rulebooks(district_id), current_calendar(), at)
    segments: dict[UUID, clocks.Segments] = defaultdict(list)
    rows = ClockSegment.objects.filter(district_id=district_id, case_id__in=[case.id for case in cases])
    for row in rows.order_by("started_at", "id"):
        segments[row.case_id].append(row)
    above = Above(cases, district_id=district_id, books=means.books, on=timezone.localdate(at))
    climbed = [each for case in cases for each in _climb_one(case, segments[case.id], above, means)]
    Case.objects.bulk_update(cases, _COLUMNS)
    _write(climbed, means)
    return len(cases), len(climbed)


def _climb_one(case: Case, segments: clocks.Segments, above: Above, means: _Means) -> Iterator[Climbed]:
    """Move a case up its ladders, in the order in which the clocks came to the rungs."""
    table, found = means.books.deadlines, []
    for kind, clock in clocks.ladder_clocks(case, segments).items():
        rungs = reached(means.calendar, clock, table, at=means.at)
        found += [Climbed(case, kind, rung, clock.budget.timer, above.step(case, rung.step)) for rung in rungs]
        if rungs:
            setattr(case, _MARKS[kind], rungs[-1].mark)
    again = clocks.ladder_clocks(case, segments).values()
    case.rung_at = first_of([next_at(means.calendar, clock, table) for clock in again])
    yield from sorted(found, key=lambda each: (each.rung.at, each.rung.mark))


def _write(climbed: Sequence[Climbed], means: _Means) -> None:
    """Write what was climbed: rows, cards, history, facts, messages. 4 queries, 4 more where something is overdue."""
    if not climbed:
        return
    CaseRung.objects.bulk_create(_row(each, means) for each in climbed)
    CaseStep.objects.bulk_create(_step(each, means.at) for each in climbed)
    record_many([_fact(each, means.at) for each in climbed])
    give_cards(_cards(climbed), at=means.at)
    told: dict[UUID, Climbed] = {}
    for each in climbed:
        if each.case.id not in told or each.rung.mark >= told[each.case.id].rung.mark:
            told[each.case.id] = each
    messages = [_message(each, means) for each in told.values()]
    queue_messages(district_id=climbed[0].case.district_id, messages=messages, at=means.at)


def _cards(climbed: Sequence[Climbed]) -> list[NewCard]:
    """Name the cards for what is overdue: a yellow one for the first clock of a case, a red one for the second."""
    found = []
    for each in climbed:
        organisation = each.case.organisation_id
        if each.rung.mark != DUE or organisation is None:
            continue
        other = ClockKind.SOLUTION if each.clock == ClockKind.RESPONSE else ClockKind.RESPONSE
        earlier = [one for one in climbed if one.case is each.case and one.rung.mark == DUE]
        is_second = earlier[0] is not each if len(earlier) > 1 else getattr(each.case, _MARKS[other]) >= DUE
        colour = CardColour.RED if is_second else CardColour.YELLOW
        reason = CardReason.OVERDUE_AGAIN if is_second else CardReason.OVERDUE
        found.append(NewCard(each.case, organisation, colour, reason, f"overdue:{each.clock}"))
    return found


def _row(each: Climbed, means: _Means) -> CaseRung:
    return CaseRung(
        district_id=each.case.district_id, case=each.case, clock=each.clock, mark=each.rung.mark,
        reached_at=each.rung.at, at=means.at, calendar_number=means.calendar.version,
        rulebook_number=means.books.numbers[RulebookKind.DEADLINES],
        level=each.named.level if each.named else "", to_post=each.named.post_id if each.named else None,
        to_person=each.named.person_id if each.named else None,
    )  # fmt: skip


def _said(each: Climbed) -> dict[str, Any]:
    said: dict[str, Any] = {"clock": each.clock, "mark": each.rung.mark, "reached_at": each.rung.at.isoformat()}
    if each.named:
        said |= {"told": str(each.named.post_id), "person": str(each.named.person_id), "level": each.named.level}
    return said


def _step(each: Climbed, at: datetime) -> CaseStep:
    case = each.case
    return CaseStep(
        district_id=case.district_id, case=case, at=at, action=each.action, from_state=case.state, to_state=case.state,
        by_kind="system", by_person=NOBODY.person_id, data=_said(each),
    )  # fmt: skip


def _fact(each: Climbed, at: datetime) -> NewFact:
    case = each.case
    return NewFact(
        district_id=case.district_id, kind=FACTS[each.action], subject_id=case.id, at=at, recorded_at=at,
        actor_id=None, area_path=case.area_path, organisation_id=case.organisation_id, post_id=case.post_id,
        data=fact_data(case, from_state=case.state, reason="", values=_said(each)),
    )  # fmt: skip


def _message(each: Climbed, means: _Means) -> NewMessage:
    """Tell whoever has the case, and of an overdue one the person named above, by the name in the message."""
    case, named = each.case, each.named
    return NewMessage(
        FACTS[each.action], case.id, told_at(means.books.deadlines, each.timer, means.at),
        {
            "area_path": case.area_path, "organisation": str(case.organisation_id or ""),
            "post": str(case.post_id or ""), "opened_by": str(case.opened_by or ""), "version": case.version,
            "person": str(named.person_id) if named else "",
        },
    )  # fmt: skip
