"""What an organisation has to be before it fits the rest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.kernel.errors import InvalidInput
from linli.registry.orgs.choices import OrganisationKind

LONGEST_CODE = 40
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """A row to be loaded; parent rows come before their children. starts_on: None for the load's own day."""

    id: UUID
    code: str
    name: str
    kind: str
    area_id: UUID
    parent_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def check_kind(code: str, kind: str) -> None:
    """Raise InvalidInput (unknown_organisation_kind, naming the row by its code) unless there is such a kind."""
    if kind not in OrganisationKind.__members__.values():
        raise InvalidInput("unknown_organisation_kind", field="kind", params={"row": code, "kind": kind})


def check_term(starts_on: date, ends_on: date | None) -> None:
    """Raise InvalidInput (ends_before_start) unless it ends on its first day or later, or not at all."""
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput("ends_before_start", field="ends_on")


def check_parent(code: str, parent_code: str, organisations: Collection[str]) -> None:
    """Raise InvalidInput (parent_unknown) unless the one above is there and is another one."""
    if parent_code and (parent_code not in organisations or parent_code == code):
        raise InvalidInput("parent_unknown", field="parent_code", params={"parent": parent_code})
