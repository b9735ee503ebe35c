"""One case as its page shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.cases.calc.doors import masked_address, split_address
from linli.cases.calc.workflow import Transition, is_return
from linli.cases.choices import Source, State
from linli.cases.errors import NoSuchCase
from linli.cases.models import Case, CaseFile, CaseStep, ClockSegment, HotlineOrder, Merging, Reporter
from linli.cases.queries.calls import Beside, beside_of
from linli.cases.queries.rows import CaseRow, case_rows
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks
from linli.cases.rules import may_merge, may_read_door, may_see_case, may_take, visible_to
from linli.kernel.crypto import decrypt
from linli.kernel.decision import Decision, denied
from linli.kernel.masking import masked_name, masked_phone
from linli.registry.people.choices import Verb
from linli.registry.people.queries import names_of
from linli.registry.people.rules import Viewer, may

_OTHERS = frozenset({"leading", "merged", "joined"})  # of a case that the viewer may not see, and of its reporter


_NOT_ASKED = denied("not_signed_in")


@dataclass(frozen=True, slots=True)
class StepRow:
    """A line of the timeline; by_name: the person, "" for residents and the system; for_name: whose deputy, or "".

    told_name: the person whom the ladder named, or "".
    """

    id: UUID
    at: datetime
    action: str
    from_state: str
    to_state: str
    by_kind: str
    by_name: str
    reason: str
    note: str
    data: dict[str, Any]
    for_name: str = ""
    told_name: str = ""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A stretch in which a clock ran."""

    clock: str
    timer: str
    amount: int
    started_at: datetime
    stopped_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A photo of the case. looked_at: when a program looked for numbers on it; numbers_seen: the kinds it found."""

    file_id: UUID
    kind: str
    looked_at: datetime | None
    numbers_seen: list[str]


@dataclass(frozen=True, slots=True)
class MaskedContact:
    """A reporter as everybody sees them: 王*明, 138****5678. text: what one who joined said, "" of the first."""

    id: UUID
    name: str
    phone: str
    joined_at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step the table has from here, and whether this viewer may take it."""

    transition: Transition
    decision: Decision


@dataclass(frozen=True, slots=True)
class OrderRow:
    """What the hotline calls a case that it sent, in its words."""

    number: str
    kind: str
    nature: str
    origin: str
    classification: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class MergedRow:
    """A case that this one is dealt with together with, seen by a viewer who may see it."""

    id: UUID
    number: str
    title: str
    state: str
    reporters: int


@dataclass(frozen=True, slots=True)
class Together:
    """What is dealt with as one: the leading case of a merged one, or those merged into this one.

    leading: None if there is none or the viewer may not see it; led: those the viewer may see; hidden: how many others.
    """

    leading: MergedRow | None = None
    led: tuple[MergedRow, ...] = ()
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """A case with everything that may be seen of it. address: up to the building, **** for a door behind it."""

    row: CaseRow
    text: str
    address: str
    source: str
    is_category_suggested: bool
    place_reason: str
    boundary_number: int
    level: str
    priority_parts: list[dict[str, Any]]
    is_overridden: bool
    why: list[dict[str, Any]]
    response_due_at: datetime
    solution_due_at: datetime | None
    responded_at: datetime | None
    solved_at: datetime | None
    verified_at: datetime | None
    is_sampled: bool
    times_reopened: int
    review_on: date | None
    compound_id: UUID | None
    steps: list[StepRow]
    segments: list[SegmentRow]
    files: list[FileRow]
    contacts: list[MaskedContact]
    next_steps: list[NextStep]
    may_unmask: Decision
    may_read_door: Decision
    beside: Beside
    order: OrderRow | None = None
    together: Together = Together()
    may_merge: Decision = _NOT_ASKED


def get_case(*, viewer: Viewer, case_id: UUID, at: datetime) -> CaseDetail:
    """Read a case with its timeline, clocks, files, masked contacts and possible steps. At most 16 queries.

    Raises NoSuchCase alike for none and for none this viewer may see.
    """
    found = Case.objects.filter(district_id=viewer.district_id, id=case_id)
    case = found.select_related("answerable_organisation").first()
    if case is None or not may_see_case(viewer, case):
        raise NoSuchCase("no_such_case")
    return _detail(viewer, case, current_rulebooks(case.district_id), at)


def find_case_id(*, viewer: Viewer, number: str) -> UUID | None:
    """Find a case by its number, if the viewer may see it. At most 2 queries."""
    case = Case.objects.filter(district_id=viewer.district_id, number=number).first()
    return case.id if case is not None and may_see_case(viewer, case) else None


def may_see_file(*, viewer: Viewer, file_id: UUID) -> bool:
    """Say whether a photo belongs to a case that the viewer may see. At most 2 queries."""
    found = CaseFile.objects.filter(district_id=viewer.district_id, file_id=file_id).select_related("case").first()
    return found is not None and bool(may_see_case(viewer, found.case))


def _detail(viewer: Viewer, case: Case, books: Rulebooks, at: datetime) -> CaseDetail:
    only = {"district_id": case.district_id, "case_id": case.id}
    row = case_rows(Case.objects.filter(district_id=case.district_id, id=case.id), at=at)[0]
    segments = ClockSegment.objects.filter(**only).order_by("clock", "started_at", "id")
    files = CaseFile.objects.filter(**only).order_by("added_at", "id")
    address = decrypt(case.address, purpose="case.address")
    return CaseDetail(
        row=row,
        text=case.text,
        address=masked_address(address),
        source=case.source,
        is_category_suggested=case.is_category_suggested,
        place_reason=case.place_reason,
        boundary_number=case.boundary_number,
        level=case.level,
        priority_parts=case.priority_parts,
        is_overridden=case.is_overridden,
        why=case.why,
        response_due_at=case.response_due_at,
        solution_due_at=case.solution_due_at,
        responded_at=case.responded_at,
        solved_at=case.solved_at,
        verified_at=case.verified_at,
        is_sampled=case.is_sampled,
        times_reopened=case.times_reopened,
        review_on=case.review_on,
        compound_id=case.compound_id,
        steps=list_steps(case),
        segments=[
            SegmentRow(*values)
            for values in segments.values_list("clock", "timer", "amount", "started_at", "stopped_at", "why")
        ],
        files=[
            FileRow(*values) for values in files.values_list("file_id", "kind", "file__looked_at", "file__numbers_seen")
        ],
        contacts=_contacts(case),
        next_steps=[
            NextStep(found, _may_take(viewer, case, found, books)) for found in books.workflow.from_state(case.state)
        ],
        may_unmask=may(
            viewer,
            Verb.SEE_CONTACTS,
            district_id=case.district_id,
            area_path=case.area_path,
            organisation_id=case.organisation_id,
        ),
        may_read_door=may_read_door(viewer, case) if split_address(address).door else denied("no_door"),
        beside=beside_of(viewer, case, books, at=at),
        order=_order(case),
        together=_together(viewer, case),
        may_merge=may_merge(viewer, case),
    )


def _together(viewer: Viewer, case: Case) -> Together:
    """Read what a case is dealt with together with. At most 2 queries; none where nobody else reported it."""
    mergings = Merging.objects.filter(district_id=case.district_id, until=None)
    columns = ("id", "number", "title", "state", "reporters")
    if case.state == State.MERGED:
        ids = mergings.filter(case_id=case.id).values("leading_id")
        found = Case.objects.filter(visible_to(viewer), id__in=ids).values_list(*columns).first()
        return Together(leading=MergedRow(*found)) if found else Together(hidden=1)
    if case.reporters == 1:
        return Together()
    led = list(mergings.filter(leading_id=case.id).order_by("at", "id").values_list("case_id", flat=True))
    seen = Case.objects.filter(visible_to(viewer), id__in=led) if led else Case.objects.none()
    rows = tuple(MergedRow(*row) for row in seen.order_by("id").values_list(*columns))
    return Together(led=rows, hidden=len(led) - len(rows))


def _may_take(viewer: Viewer, case: Case, row: Transition, books: Rulebooks) -> Decision:
    """Say whether a step can be taken now: by this viewer, and sent back not more often than the table allows."""
    if is_return(row) and case.times_returned >= books.workflow.most_returns:
        return denied("returned_too_often", times=case.times_returned)
    return may_take(viewer, case, row)


def _order(case: Case) -> OrderRow | None:
    """Read the hotline's work order; 1 query where the case came from there, none for others."""
    if case.source != Source.HOTLINE:
        return None
    found = HotlineOrder.objects.filter(district_id=case.district_id, case_id=case.id)
    row = found.values_list("number", "kind", "nature", "origin", "classification", "due_at").first()
    return OrderRow(*row) if row else None


def list_steps(case: Case) -> list[StepRow]:
    """List a case's history, oldest first. 2 queries."""
    steps = list(CaseStep.objects.filter(district_id=case.district_id, case_id=case.id).order_by("at", "id"))
    deputised = {s.id: UUID(s.data["deputy_for"]) for s in steps if "deputy_for" in s.data}
    told = {s.id: UUID(s.data["person"]) for s in steps if "person" in s.data}
    people = names_of(
        district_id=case.district_id,
        person_ids=[*(s.by_person for s in steps if s.by_person), *deputised.values(), *told.values()],
    )
    return [
        StepRow(
            s.id,
            s.at,
            s.action,
            s.from_state,
            s.to_state,
            s.by_kind,
            people.get(s.by_person, "") if s.by_person else "",
            s.reason,
            s.note,
            {name: value for name, value in s.data.items() if name not in _OTHERS},
            people.get(deputised[s.id], "") if s.id in deputised else "",
            people.get(told[s.id], "") if s.id in told else "",
        )
        for s in steps
    ]


def _contacts(case: Case) -> list[MaskedContact]:
    rows = Reporter.objects.filter(district_id=case.district_id, case_id=case.id).order_by("joined_at", "id")
    return [
        MaskedContact(
            row.id,
            masked_name(decrypt(row.name, purpose="reporter.name")),
            masked_phone(decrypt(row.phone, purpose="reporter.phone")),
            row.joined_at,
            row.text,
        )
        for row in rows
        if row.name or row.phone or row.text
    ]
