"""The clocks beside the two of a case, as the ladder reads them: of a dispute, a call, the opinion of who leads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.cases.calc.dispatch import DispatchCatalogue
from linli.cases.calc.ladder import Clock
from linli.cases.choices import BesideClock
from linli.cases.models import Case, Dispute, WhistleCall
from linli.support.calendar.calc import Budget, Segment
from linli.support.calendar.choices import Timer

MARKS = {BesideClock.DISPUTE: "mark", BesideClock.REPORT_IN: "mark", BesideClock.OPINION: "opinion_mark"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A clock for which somebody other than who has the case is waited for.

    row: what it belongs to; level, organisation_id, post_id: who has to act, a post or anybody of an organisation.
    """

    case: Case
    row: Dispute | WhistleCall
    kind: BesideClock
    clock: Clock
    level: str
    organisation_id: UUID | None
    post_id: UUID | None = None

    @property
    def area_path(self) -> str:
        """Where the case lies."""
        return self.case.area_path


def clocks_beside(cases: Mapping[UUID, Case], *, district_id: str, dispatch: DispatchCatalogue) -> list[Waiting]:
    """Read the clocks of disputes and calls of some cases, those that have stopped too, the oldest first. 2 queries.

    None runs once the case is solved or closed: then nobody has to turn up or decide any more, unless it is reopened.
    """
    about = {"district_id": district_id, "case_id__in": list(cases)}
    found: list[Waiting] = []
    for dispute in Dispute.objects.filter(**about).order_by("raised_at", "id"):
        case = cases[dispute.case_id]
        above = dispatch.next_level(case.level)
        level = dispute.judge_level or (above[0] if above else case.level)
        found += [Waiting(case, dispute, kind, _within(clock, case), level, dispute.judge_id, dispute.judge_post_id)
                  for kind, clock in clocks_of(dispute)]  # fmt: skip
    for call in WhistleCall.objects.filter(**about).select_related("organisation__area").order_by("called_at", "id"):
        case, level = cases[call.case_id], call.organisation.area.level_id
        found += [Waiting(case, call, kind, _within(clock, case), level, call.organisation_id)
                  for kind, clock in clocks_of(call)]  # fmt: skip
    return found


def clocks_of(row: Dispute | WhistleCall) -> Iterator[tuple[BesideClock, Clock]]:
    """Give the clocks of a dispute or a call, whatever became of the case. No query."""
    if isinstance(row, Dispute):
        yield BesideClock.DISPUTE, _clock(row.hours, row.raised_at, row.decided_at, row.mark)
        return
    yield BesideClock.REPORT_IN, _clock(row.hours, row.called_at, row.reported_in_at or row.taken_back_at, row.mark)
    if row.opinion_since is not None:
        yield BesideClock.OPINION, _clock(row.opinion_hours, row.opinion_since, row.opinion_until, row.opinion_mark)


def _clock(hours: int, since: datetime, until: datetime | None, mark: int) -> Clock:
    return Clock(Budget(Timer.WORK_HOUR, hours), (Segment(since, until, ""),), mark)


def _within(clock: Clock, case: Case) -> Clock:
    """Stop a clock with the case it belongs to."""
    (ran,) = clock.segments
    end = case.solved_at or case.closed_at
    if end is None or ran.stopped_at is not None:
        return clock
    return Clock(clock.budget, (Segment(ran.started_at, max(end, ran.started_at), ""),), clock.mark)
