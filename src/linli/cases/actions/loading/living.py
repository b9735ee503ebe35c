"""Running whole lives through the table of stages, the clocks and the scores, on rows in memory. No query."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from linli.cases.actions import clocks
from linli.cases.actions.beside import wind
from linli.cases.actions.loading.rows import Batch, LifeStep, ReporterRow, StepRow, VerificationRow
from linli.cases.actions.opening import Contact, Report, new_case
from linli.cases.actions.recording import FACTS, fact_data
from linli.cases.actions.routing import Assigned, Promise, promise, rank, segments_of
from linli.cases.actions.stepping import Step, answer_for, apply_effects, change_state, holder_of
from linli.cases.calc.whistles import DEEDS, Deed, tell_calls
from linli.cases.calc.workflow import LEVEL_UP, MOVE, PAUSE, RUN, is_return
from linli.cases.choices import Action
from linli.cases.errors import StepNotPossible
from linli.cases.models import Case, ClockSegment, WhistleCall
from linli.cases.queries.rulebooks import Rulebooks
from linli.kernel.crypto import blind_index, encrypt
from linli.kernel.ids import id_at
from linli.kernel.phones import plain_phone
from linli.ledger.facts.actions import NewFact
from linli.registry.territory.queries import LocatedArea
from linli.support.calendar.calc import WorkingCalendar

_REVIEWED_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Born:
    """A case as it came in, before anything was done: what a life's steps are planned from."""

    case: Case
    assigned: Assigned
    promised: Promise
    contact: Contact


def bear(
    *, case_id: UUID, number: str, report: Report, source: str, located: LocatedArea, assigned: Assigned, repeats: int,
    books: Rulebooks, calendar: WorkingCalendar, at: datetime,
) -> Born:  # fmt: skip
    """Make a case in memory, ranked and promised as `open_case` would. No query."""
    priority = rank(
        text=report.text, category=report.category, households=located.households, repeats=repeats, books=books
    )
    promised = promise(category=report.category, level=priority.level, books=books, calendar=calendar, at=at)
    case = new_case(
        case_id=case_id, number=number, report=report, category=report.category, located=located, assigned=assigned,
        priority=priority, promised=promised, books=books, at=at,
    )  # fmt: skip
    case.source = source
    return Born(case, assigned, promised, report.contact)


def live(born: Born, life: Iterable[LifeStep], *, books: Rulebooks, calendar: WorkingCalendar, batch: Batch) -> None:
    """Run a life through the table and the clocks, and add its rows to the batch. No query.

    Raises StepNotPossible naming the case and the step.
    """
    case = born.case
    segments = [
        ClockSegment(id=_later(case.id, n), district_id=case.district_id, case_id=case.id, clock=clock, timer=timer,
                     amount=amount, started_at=at)
        for n, (clock, timer, amount, at) in enumerate(segments_of(born.promised, case.reported_at), start=1)
    ]  # fmt: skip
    said = {"source": case.source, "category": case.category, "score": case.score}
    _write(case, LifeStep(Action.REPORT, case.reported_at, by_kind="resident", data=said), "", 10, batch)
    deeds: list[Deed] = []
    for n, step in enumerate(life, start=11):
        if step.action in DEEDS:
            deeds.append(_write_deed(case, step, n, batch))
        else:
            _step(case, segments, step, n, books=books, calendar=calendar, batch=batch)
    batch.calls += _calls(case, deeds, books, calendar)
    clocks.show(case, segments, calendar, books.deadlines)
    for n, segment in enumerate(segments, start=1):
        segment.id = _later(case.id, n)
    batch.cases.append(case)
    batch.segments += segments
    if born.contact.name or born.contact.phone:
        batch.reporters.append(_reporter(case, born.contact))


def _step(
    case: Case, segments: clocks.Segments, step: LifeStep, n: int, *, books: Rulebooks, calendar: WorkingCalendar,
    batch: Batch,
) -> None:  # fmt: skip
    row = books.workflow.find(case.state, step.action, step.outcome)
    if row is None:
        raise StepNotPossible(
            "step_not_possible", params={"case": case.number, "action": step.action, "state": case.state}
        )
    from_state = case.state
    is_paused = PAUSE in row.effects
    review_on = step.review_on or (timezone.localdate(step.at + _REVIEWED_AFTER) if is_paused else None)
    change_state(case, row, review_on=review_on)
    before, rated = holder_of(case), (case.organisation_id, case.post_id)
    if step.to is not None:
        case.post_id, case.organisation_id, case.level = step.to.post_id, step.to.organisation_id, step.to.level
        case.is_hole = False
    if {MOVE, LEVEL_UP} & set(row.effects):
        gave = {"gave_from": before, "gave_to": holder_of(case), "level": case.level}
        step = replace(step, data={**step.data, **gave})
    if is_return(row):
        since = next((each.at for each in reversed(batch.steps) if each.case_id == case.id and "gave_to" in each.data),
                     case.reported_at)  # fmt: skip
        said = {"returned_by": str(rated[0] or ""), "held_s": int((step.at - since).total_seconds())}
        step = replace(step, data={**step.data, **said})
    answer_for(case, row, had=rated)
    apply_effects(case, segments, row, Step(step.action, reason=step.reason), at=step.at)
    if RUN in row.effects:  # moves the deadline, which stays as it is when the clock stops again
        clocks.show(case, segments, calendar, books.deadlines)
    case.version += 1
    _write(case, step, from_state, n, batch, rated=rated if step.action == Action.VERIFY else None)
    if step.action == Action.VERIFY:
        batch.verifications.append(_verification(case, step, n))


def _write_deed(case: Case, step: LifeStep, n: int, batch: Batch) -> Deed:
    """Write a deed about whistles, which leaves the case where it is."""
    case.version += 1
    counts_for = UUID(step.data["caller" if step.action == Action.WHISTLE else "organisation"])
    _write(case, step, case.state, n, batch, rated=(counts_for, None))
    return Deed(step.action, step.at, step.by.person_id if step.by else None, step.data)


def _calls(case: Case, deeds: Iterable[Deed], books: Rulebooks, calendar: WorkingCalendar) -> Iterator[WhistleCall]:
    """Give the calls that the deeds of a case leave."""
    for n, call in enumerate(tell_calls(deeds, calendar), start=400):
        told = asdict(call)
        offices = {f"{name}_id": UUID(told.pop(name)) for name in ("organisation", "caller")}
        row = WhistleCall(id=_later(case.id, n), district_id=case.district_id, case_id=case.id, **offices, **told)
        yield wind(row, books.deadlines, calendar)


def _write(
    case: Case, step: LifeStep, from_state: str, n: int, batch: Batch, *,
    rated: tuple[UUID | None, UUID | None] | None = None,
) -> None:  # fmt: skip
    data, (organisation_id, post_id) = dict(step.data), rated or (case.organisation_id, case.post_id)
    person = step.by.person_id if step.by else None
    batch.steps.append(StepRow(
        id=_at(step.at, case.id, n), district_id=case.district_id, case_id=case.id, at=step.at, action=step.action,
        from_state=from_state, to_state=case.state, by_kind=step.by_kind, by_person=person,
        by_post=step.by.post_id if step.by else None, reason=step.reason, note=step.note, data=data,
    ))  # fmt: skip
    batch.facts.append(NewFact(
        id=_at(step.at, case.id, n + 100), district_id=case.district_id, kind=FACTS[step.action], subject_id=case.id,
        at=step.at, recorded_at=step.at, actor_id=person, area_path=case.area_path, organisation_id=organisation_id,
        post_id=post_id, data=fact_data(case, from_state=from_state, reason=step.reason, values=data),
    ))  # fmt: skip


def _verification(case: Case, step: LifeStep, n: int) -> VerificationRow:
    said = step.data
    return VerificationRow(
        id=_at(step.at, case.id, n + 200), district_id=case.district_id, case_id=case.id, at=step.at,
        method=said["method"], subject=said["subject"], is_effective=said["effective"], was_contacted=said["contacted"],
        is_solved=said["solved"], satisfaction=said["satisfaction"], comment=step.note,
        by_person=step.by.person_id if step.by else None,
    )  # fmt: skip


def _reporter(case: Case, contact: Contact) -> ReporterRow:
    number, way = contact.agreed(case.district_id)
    return ReporterRow(
        id=_later(case.id, 300), district_id=case.district_id, case_id=case.id, joined_at=case.reported_at,
        name=encrypt(contact.name, purpose="reporter.name"), phone=encrypt(contact.phone, purpose="reporter.phone"),
        phone_index=blind_index(plain_phone(contact.phone), purpose="reporter.phone"), text="", consent=number,
        consent_way=way.value,
    )  # fmt: skip


def _later(case_id: UUID, n: int) -> UUID:
    """Make an id that belongs to a case's, the same each time."""
    return UUID(int=case_id.int + n)


def _at(at: datetime, case_id: UUID, n: int) -> UUID:
    """Make an id of an instant that belongs to a case, the same each time."""
    return id_at(int(at.timestamp() * 1000), (case_id.int + n) & ((1 << 74) - 1))
