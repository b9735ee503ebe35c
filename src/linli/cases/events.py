"""What happened to cases, for rooms above."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A case came in."""

    case_id: UUID
    district_id: str
    area_path: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseStepped:
    """A case took a step of the table."""

    case_id: UUID
    district_id: str
    action: str
    from_state: str
    to_state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """A case was closed out."""

    case_id: UUID
    district_id: str
    area_path: str
    at: datetime
