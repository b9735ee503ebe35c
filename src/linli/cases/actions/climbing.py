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
from linli.cases.choices import Action, BesideClock, CardColour, CardReason, ClockKind, RulebookKind
from linli.cases.models import Case, CaseRung, CaseStep, ClockSegment, Dispute, WhistleCall
from linli.cases.queries.above import Above, Named
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks
from linli.cases.queries.waiting import MARKS, Waiting, clocks_beside, clocks_of
from linli.kernel.ids import new_id
from linli.ledger.commands.actions import NewMessage, queue_messages
from linli.ledger.facts.actions import NewFact, record_many
from linli.registry.people.rules import NOBODY
from linli.support.calendar.calc import WorkingCalendar
from linli.support.calendar.queries import current_calendar

_MARKS = {ClockKind.RESPONSE: "response_mark", ClockKind.SOLUTION: "solution_mark"}
_COLUMNS = ("response_mark", "solution_mark", "rung_at")


@dataclass(frozen=True, slots=True)
class Climbed:
    """A rung that a clock has just climbed. timer: of it; named: who is told above, None for a warning.

    waiting: the dispute or the call whose clock it is, None for one of the case's two.
    """

    case: Case
    clock: ClockKind | BesideClock
    rung: Rung
    timer: str
    named: Named | None
    waiting: Waiting | None = None

    @property
    def action(self) -> Action:
        """Give the word for the history."""
        return Action.WARN if self.rung.mark < DUE else Action.ESCALATE

    @property
    def about(self) -> UUID | None:
        """Give the id of the dispute or the call."""
        return self.waiting.row.id if self.waiting else None

    @property
    def whose(self) -> tuple[UUID | None, UUID | None]:
        """Name the organisation and the post that have to act: who has the case, or who is waited for."""
        having = self.waiting or self.case
        return having.organisation_id, having.post_id


@dataclass(frozen=True, slots=True)
class _Means:
    books: Rulebooks
    calendar: WorkingCalendar
    at: datetime


def climb(*, district_id: str, at: datetime, batch: int = 200, batches: int = 20) -> int:
    """Let every case, dispute and call whose clock has come to a rung climb it. Returns how many rungs were climbed.

    Each batch of cases is a transaction of its own, passing over what others have locked; 22 queries a batch, however
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
    due = _due(district_id, at, batch)
    found = Case.objects.filter(district_id=district_id, id__in=due, closed_at=None).order_by("rung_at", "id")
    cases = {case.id: case for case in found.select_for_update(skip_locked=True)} if due else {}
    if not cases:
        return 0, 0
    means = _Means(current_rulebooks(district_id), current_calendar(), at)
    segments: dict[UUID, clocks.Segments] = defaultdict(list)
    rows = ClockSegment.objects.filter(district_id=district_id, case_id__in=list(cases))
    for row in rows.order_by("started_at", "id"):
        segments[row.case_id].append(row)
    waiting = clocks_beside(cases, district_id=district_id, dispatch=means.books.dispatch)
    above = Above(
        [*cases.values(), *waiting], district_id=district_id, books=means.books, on=timezone.localdate(at)
    )  # fmt: skip
    climbed = [each for case in cases.values() for each in _climb_one(case, segments[case.id], above, means)]
    climbed += _climb_beside(waiting, above, means)
    Case.objects.bulk_update(cases.values(), _COLUMNS)
    _write(climbed, means)
    return len(due), len(climbed)


def _due(district_id: str, at: datetime, most: int) -> list[UUID]:
    """List the open cases of which a clock has come to a rung, the longest ago first. 1 query."""
    of_case = Case.objects.filter(district_id=district_id, closed_at=None, rung_at__lt=at)
    waits: dict[str, Any] = {"case__closed_at": None, "case__solved_at": None, "rung_at__lt": at}
    disputes = Dispute.objects.filter(district_id=district_id, decided_at=None, **waits).values_list(
        "rung_at", "case_id"
    )
    calls = WhistleCall.objects.filter(district_id=district_id, **waits).values_list("rung_at", "case_id")
    found = of_case.values_list("rung_at", "id").union(disputes, calls, all=True).order_by("rung_at")[:most]
    return [case_id for _rung_at, case_id in found]


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


def _climb_beside(waiting: Sequence[Waiting], above: Above, means: _Means) -> list[Climbed]:
    """Move disputes and calls up theirs, and write where they stand now. At most 2 queries."""
    table, found, moved = means.books.deadlines, [], dict[UUID, Dispute | WhistleCall]()
    for each in waiting:
        rungs = reached(means.calendar, each.clock, table, at=means.at)
        found += [Climbed(each.case, each.kind, rung, each.clock.budget.timer, above.step(each, rung.step), each)
                  for rung in rungs]  # fmt: skip
        if rungs:
            setattr(each.row, MARKS[each.kind], rungs[-1].mark)
            moved[each.row.id] = each.row
    for row in moved.values():
        row.rung_at = first_of([next_at(means.calendar, clock, table) for _kind, clock in clocks_of(row)])
    Dispute.objects.bulk_update([row for row in moved.values() if isinstance(row, Dispute)], ["mark", "rung_at"])
    calls = [row for row in moved.values() if isinstance(row, WhistleCall)]
    WhistleCall.objects.bulk_update(calls, ["mark", "opinion_mark", "rung_at"])
    return sorted(found, key=lambda each: (each.rung.at, each.rung.mark))


def _write(climbed: Sequence[Climbed], means: _Means) -> None:
    """Write what was climbed: rows, cards, history, facts, messages. 4 queries, 4 more where something is overdue."""
    if not climbed:
        return
    CaseRung.objects.bulk_create(_row(each, means) for each in climbed)
    ids = sorted(new_id() for _each in climbed)  # of one instant, and told in this order
    CaseStep.objects.bulk_create(
        _step(each, step_id, means.at) for each, step_id in zip(climbed, ids, strict=True)
    )  # fmt: skip
    record_many([_fact(each, means.at) for each in climbed])
    give_cards(_cards(climbed), at=means.at)
    told: dict[UUID, Climbed] = {}
    for each in climbed:
        of = each.about or each.case.id
        if of not in told or each.rung.mark >= told[of].rung.mark:
            told[of] = each
    messages = [_message(each, means) for each in told.values()]
    queue_messages(district_id=climbed[0].case.district_id, messages=messages, at=means.at)


def _cards(climbed: Sequence[Climbed]) -> list[NewCard]:
    """Name the cards for what is overdue: a yellow one for the first clock of a case, a red one for the second.

    None for disputes and calls: there, whoever is late did not have the case.
    """
    found = []
    for each in climbed:
        organisation = each.case.organisation_id
        if each.rung.mark != DUE or organisation is None or each.waiting:
            continue
        other = ClockKind.SOLUTION if each.clock == ClockKind.RESPONSE else ClockKind.RESPONSE
        earlier = [one for one in climbed if one.case is each.case and one.rung.mark == DUE and not one.waiting]
        is_second = earlier[0] is not each if len(earlier) > 1 else getattr(each.case, _MARKS[other]) >= DUE
        colour = CardColour.RED if is_second else CardColour.YELLOW
        reason = CardReason.OVERDUE_AGAIN if is_second else CardReason.OVERDUE
        found.append(NewCard(each.case, organisation, colour, reason, f"overdue:{each.clock}"))
    return found


def _row(each: Climbed, means: _Means) -> CaseRung:
    return CaseRung(
        district_id=each.case.district_id, case=each.case, clock=each.clock, about=each.about,
        mark=each.rung.mark, reached_at=each.rung.at, at=means.at, calendar_number=means.calendar.version,
        rulebook_number=means.books.numbers[RulebookKind.DEADLINES],
        level=each.named.level if each.named else "", to_post=each.named.post_id if each.named else None,
        to_person=each.named.person_id if each.named else None,
    )  # fmt: skip


def _said(each: Climbed) -> dict[str, Any]:
    said: dict[str, Any] = {"clock": each.clock, "mark": each.rung.mark, "reached_at": each.rung.at.isoformat()}
    if each.waiting:
        said |= {"about": str(each.about), "office": str(each.waiting.organisation_id)}
    if each.named:
        said |= {"told": str(each.named.post_id), "person": str(each.named.person_id), "level": each.named.level}
    return said


def _step(each: Climbed, step_id: UUID, at: datetime) -> CaseStep:
    case = each.case
    return CaseStep(
        id=step_id, district_id=case.district_id, case=case, at=at, action=each.action, from_state=case.state,
        to_state=case.state, by_kind="system", by_person=NOBODY.person_id, data=_said(each),
    )  # fmt: skip


def _fact(each: Climbed, at: datetime) -> NewFact:
    case, (organisation_id, post_id) = each.case, each.whose
    return NewFact(
        district_id=case.district_id, kind=FACTS[each.action], subject_id=case.id, at=at, recorded_at=at,
        actor_id=None, area_path=case.area_path, organisation_id=organisation_id, post_id=post_id,
        data=fact_data(case, from_state=case.state, reason="", values=_said(each)),
    )  # fmt: skip


def _message(each: Climbed, means: _Means) -> NewMessage:
    """Tell whoever has to act, and of what is overdue the person named above, by the name in the message."""
    case, named, (organisation_id, post_id) = each.case, each.named, each.whose
    return NewMessage(
        FACTS[each.action], case.id, told_at(means.books.deadlines, each.timer, means.at),
        {
            "area_path": case.area_path, "organisation": str(organisation_id or ""),
            "post": str(post_id or ""), "opened_by": str(case.opened_by or ""), "version": case.version,
            "person": str(named.person_id) if named else "",
        },
    )  # fmt: skip
