"""Loading whole lives of cases: a year of a demo, or what another system kept.

The table of stages, the clocks and the scores are those that single steps go through, run on rows in memory; the
database's constraints see every row. What a life says that the table does not allow is refused, with its number.
Lives are lived and packed without the database, by as many processes as there are cores; one writes what they packed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models
from django.utils import timezone

from linli.cases.actions import clocks
from linli.cases.actions.opening import Contact, Report, new_case
from linli.cases.actions.recording import FACTS, fact_data
from linli.cases.actions.routing import Assigned, Promise, promise, rank, segments_of
from linli.cases.actions.stepping import Step, answer_for, apply_effects, change_state, holder_of
from linli.cases.calc.whistles import DEEDS, Deed, tell_calls
from linli.cases.calc.workflow import LEVEL_UP, MOVE, PAUSE, RUN, is_return
from linli.cases.choices import Action
from linli.cases.errors import StepNotPossible
from linli.cases.models import Case, CaseFile, CaseStep, ClockSegment, Reporter, Verification, WhistleCall
from linli.cases.queries.rulebooks import Rulebooks
from linli.kernel.crypto import blind_index, encrypt
from linli.kernel.db.copying import columns_of, copy_text, text_of
from linli.kernel.db.stripping import restore_tables, strip_tables
from linli.kernel.ids import id_at
from linli.kernel.phones import plain_phone
from linli.ledger.commands.actions import raise_counter
from linli.ledger.facts.actions import TABLES as FACT_TABLES
from linli.ledger.facts.actions import NewFact, PackedFacts, load_facts, pack_facts
from linli.registry.people.queries import Holder
from linli.registry.territory.queries import LocatedArea
from linli.support.calendar.calc import WorkingCalendar

# Files hang on cases, so their keys go and come with them.
_TABLES = (Case, ClockSegment, CaseStep, Verification, Reporter, WhistleCall, CaseFile, *FACT_TABLES)
_REVIEWED_AFTER = timedelta(days=30)
_CASE, _SEGMENT, _CALL = columns_of(Case), columns_of(ClockSegment), columns_of(WhistleCall)


@dataclass(frozen=True, slots=True)
class LifeStep:
    """A step of a life. to: who has it afterwards, if given away; review_on: of a suspension, else a month on.

    A deed about whistles says in data what the actions of `whistling.py` write there.
    """

    action: Action
    at: datetime
    by: Holder | None = None
    by_kind: str = "staff"
    reason: str = ""
    note: str = ""
    outcome: str = ""
    to: Holder | None = None
    review_on: date | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Born:
    """A case as it came in, before anything was done: what a life's steps are planned from."""

    case: Case
    assigned: Assigned
    promised: Promise
    contact: Contact


class StepRow(NamedTuple):
    """A row of CaseStep, made some ten times as fast as the model."""

    id: UUID
    district_id: str
    case_id: UUID
    at: datetime
    action: str
    from_state: str
    to_state: str
    by_kind: str
    by_person: UUID | None
    by_post: UUID | None
    reason: str
    note: str
    data: dict[str, Any]


class VerificationRow(NamedTuple):
    """A row of Verification."""

    id: UUID
    district_id: str
    case_id: UUID
    at: datetime
    method: str
    subject: str
    is_effective: bool
    was_contacted: bool
    is_solved: bool
    satisfaction: str
    comment: str
    by_person: UUID | None


class ReporterRow(NamedTuple):
    """A row of Reporter."""

    id: UUID
    district_id: str
    case_id: UUID
    joined_at: datetime
    name: bytes
    phone: bytes
    phone_index: bytes
    text: str
    consent: int
    consent_way: str


@dataclass(slots=True)
class Batch:
    """Rows of one district to be written together."""

    cases: list[Case] = field(default_factory=list)
    steps: list[StepRow] = field(default_factory=list)
    segments: list[ClockSegment] = field(default_factory=list)
    verifications: list[VerificationRow] = field(default_factory=list)
    reporters: list[ReporterRow] = field(default_factory=list)
    calls: list[WhistleCall] = field(default_factory=list)
    facts: list[NewFact] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Packed:
    """A batch as COPY takes it. count: of cases; last: the highest serial number of each year."""

    district_id: str
    count: int
    last: Mapping[int, int]
    cases: bytes
    steps: bytes
    segments: bytes
    verifications: bytes
    reporters: bytes
    calls: bytes
    facts: PackedFacts


def bear(
    *,
    case_id: UUID,
    number: str,
    report: Report,
    source: str,
    located: LocatedArea,
    assigned: Assigned,
    repeats: int,
    books: Rulebooks,
    calendar: WorkingCalendar,
    at: datetime,
) -> Born:
    """Make a case in memory, ranked and promised as `open_case` would. No query."""
    priority = rank(
        text=report.text, category=report.category, households=located.households, repeats=repeats, books=books
    )
    promised = promise(category=report.category, level=priority.level, books=books, calendar=calendar, at=at)
    case = new_case(
        case_id=case_id,
        number=number,
        report=report,
        category=report.category,
        located=located,
        assigned=assigned,
        priority=priority,
        promised=promised,
        books=books,
        at=at,
    )
    case.source = source
    return Born(case, assigned, promised, report.contact)


def live(born: Born, life: Iterable[LifeStep], *, books: Rulebooks, calendar: WorkingCalendar, batch: Batch) -> None:
    """Run a life through the table and the clocks, and add its rows to the batch. No query.

    Raises StepNotPossible naming the case and the step.
    """
    case = born.case
    segments = [
        ClockSegment(
            id=_later(case.id, n),
            district_id=case.district_id,
            case_id=case.id,
            clock=clock,
            timer=timer,
            amount=amount,
            started_at=at,
        )
        for n, (clock, timer, amount, at) in enumerate(segments_of(born.promised, case.reported_at), start=1)
    ]
    reported = LifeStep(
        Action.REPORT,
        case.reported_at,
        by_kind="resident",
        data={"source": case.source, "category": case.category, "score": case.score},
    )
    _write(case, reported, "", 10, batch)
    deeds: list[Deed] = []
    for n, step in enumerate(life, start=11):
        if step.action in DEEDS:
            deeds.append(_write_deed(case, step, n, batch))
        else:
            _step(case, segments, step, n, books=books, calendar=calendar, batch=batch)
    batch.calls += _calls(case, deeds, calendar)
    clocks.show(case, segments, calendar, books.deadlines)
    for n, segment in enumerate(segments, start=1):
        segment.id = _later(case.id, n)
    batch.cases.append(case)
    batch.segments += segments
    if born.contact.name or born.contact.phone:
        batch.reporters.append(_reporter(case, born.contact))


def begin_large_load() -> list[str]:
    """Take keys and indexes off the empty tables that loads fill. Returns what `end_large_load` needs.

    Only the tables' owner can do this. Raises Conflict("table_not_empty").
    """
    return strip_tables(_TABLES)


def end_large_load(kept: list[str], done: Callable[[int], None]) -> None:
    """Build keys and indexes, check every foreign key, and count for the planner; done is told of each.

    Raises IntegrityError.
    """
    restore_tables(kept, done)


def pack(batch: Batch, *, seal_number: int) -> Packed:
    """Write a batch that isn't empty as text, and seal its facts. No query, so any process can do it."""
    return Packed(
        district_id=batch.cases[0].district_id,
        count=len(batch.cases),
        last=_last_serials(batch.cases),
        cases=text_of(map(attrgetter(*_attributes(Case)), batch.cases)),
        segments=text_of(map(attrgetter(*_attributes(ClockSegment)), batch.segments)),
        steps=text_of(batch.steps),
        verifications=text_of(batch.verifications),
        reporters=text_of(batch.reporters),
        calls=text_of(map(attrgetter(*_attributes(WhistleCall)), batch.calls)),
        facts=pack_facts(batch.facts, seal_number=seal_number),
    )


def load_packed(packed: Packed, *, at: datetime, is_frozen: bool = False) -> int:
    """Write what was packed, in the present transaction: all of it or nothing. Returns how many cases.

    at: when its facts are sealed; is_frozen: as in `copy_text`. 8 copies, 2 queries and 1 a year. Raises
    IntegrityError, Conflict("seal_taken").
    """
    load_facts(packed.facts, at=at, is_frozen=is_frozen)
    copy_text(Case, _CASE, packed.cases, is_frozen=is_frozen)
    copy_text(ClockSegment, _SEGMENT, packed.segments, is_frozen=is_frozen)
    copy_text(CaseStep, StepRow._fields, packed.steps, is_frozen=is_frozen)
    copy_text(Verification, VerificationRow._fields, packed.verifications, is_frozen=is_frozen)
    copy_text(Reporter, ReporterRow._fields, packed.reporters, is_frozen=is_frozen)
    copy_text(WhistleCall, _CALL, packed.calls, is_frozen=is_frozen)
    for year, last in packed.last.items():
        raise_counter(district_id=packed.district_id, name="case", year=year, to=last)
    return packed.count


def _attributes(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _last_serials(cases: Iterable[Case]) -> dict[int, int]:
    serials: dict[int, int] = defaultdict(int)
    for case in cases:
        head, serial = case.number.rsplit("-", 1)
        year = 2000 + int(head[-2:])
        serials[year] = max(serials[year], int(serial))
    return dict(serials)


def _step(
    case: Case,
    segments: clocks.Segments,
    step: LifeStep,
    n: int,
    *,
    books: Rulebooks,
    calendar: WorkingCalendar,
    batch: Batch,
) -> None:
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


def _calls(case: Case, deeds: Iterable[Deed], calendar: WorkingCalendar) -> Iterator[WhistleCall]:
    """Give the calls that the deeds of a case leave."""
    for n, call in enumerate(tell_calls(deeds, calendar), start=400):
        told = asdict(call)
        offices = {f"{name}_id": UUID(told.pop(name)) for name in ("organisation", "caller")}
        yield WhistleCall(id=_later(case.id, n), district_id=case.district_id, case_id=case.id,
                          calendar_number=calendar.version, **offices, **told)  # fmt: skip


def _write(
    case: Case, step: LifeStep, from_state: str, n: int, batch: Batch, *,
    rated: tuple[UUID | None, UUID | None] | None = None,
) -> None:  # fmt: skip
    data = dict(step.data)
    organisation_id, post_id = rated or (case.organisation_id, case.post_id)
    person = step.by.person_id if step.by else None
    batch.steps.append(
        StepRow(
            id=_at(step.at, case.id, n),
            district_id=case.district_id,
            case_id=case.id,
            at=step.at,
            action=step.action,
            from_state=from_state,
            to_state=case.state,
            by_kind=step.by_kind,
            by_person=person,
            by_post=step.by.post_id if step.by else None,
            reason=step.reason,
            note=step.note,
            data=data,
        )
    )
    batch.facts.append(
        NewFact(
            id=_at(step.at, case.id, n + 100),
            district_id=case.district_id,
            kind=FACTS[step.action],
            subject_id=case.id,
            at=step.at,
            recorded_at=step.at,
            actor_id=person,
            area_path=case.area_path,
            organisation_id=organisation_id,
            post_id=post_id,
            data=fact_data(case, from_state=from_state, reason=step.reason, values=data),
        )
    )


def _verification(case: Case, step: LifeStep, n: int) -> VerificationRow:
    said = step.data
    return VerificationRow(
        id=_at(step.at, case.id, n + 200),
        district_id=case.district_id,
        case_id=case.id,
        at=step.at,
        method=said["method"],
        subject=said["subject"],
        is_effective=said["effective"],
        was_contacted=said["contacted"],
        is_solved=said["solved"],
        satisfaction=said["satisfaction"],
        comment=step.note,
        by_person=step.by.person_id if step.by else None,
    )


def _reporter(case: Case, contact: Contact) -> ReporterRow:
    number, way = contact.agreed(case.district_id)
    return ReporterRow(
        id=_later(case.id, 300),
        district_id=case.district_id,
        case_id=case.id,
        joined_at=case.reported_at,
        name=encrypt(contact.name, purpose="reporter.name"),
        phone=encrypt(contact.phone, purpose="reporter.phone"),
        phone_index=blind_index(plain_phone(contact.phone), purpose="reporter.phone"),
        text="",
        consent=number,
        consent_way=way.value,
    )


def _later(case_id: UUID, n: int) -> UUID:
    """Make an id that belongs to a case's, the same each time."""
    return UUID(int=case_id.int + n)


def _at(at: datetime, case_id: UUID, n: int) -> UUID:
    """Make an id of an instant that belongs to a case, the same each time."""
    return id_at(int(at.timestamp() * 1000), (case_id.int + n) & ((1 << 74) - 1))
