"""What a life is told in, and the rows of its case as they are written, made without models where there are many."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from linli.cases.choices import Action
from linli.cases.models import Case, ClockSegment, WhistleCall
from linli.ledger.facts.actions import NewFact
from linli.registry.people.queries import Holder


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
