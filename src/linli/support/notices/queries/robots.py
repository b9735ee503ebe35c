"""Robots of group chats, for the system administrator; their addresses and secrets are told to nobody again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.support.notices.models import Robot


@dataclass(frozen=True, slots=True)
class RobotRow:
    """A robot as the administrator sees it."""

    id: UUID
    name: str
    channel: str
    organisation_id: UUID
    organisation_name: str
    made_at: datetime


def list_robots(*, district_id: str) -> list[RobotRow]:
    """List the robots in use, by organisation. 1 query."""
    rows = Robot.objects.filter(district_id=district_id, ended_at=None).order_by("organisation__name", "id")
    return [RobotRow(*row) for row in rows.values_list("id", "name", "channel", "organisation_id",
                                                       "organisation__name", "made_at")]  # fmt: skip


def robots_of(*, district_id: str, organisation_ids: Sequence[UUID]) -> list[tuple[UUID, str]]:
    """List robot and channel of those in use at these organisations. 1 query."""
    rows = Robot.objects.filter(district_id=district_id, organisation_id__in=organisation_ids, ended_at=None)
    return list(rows.order_by("id").values_list("id", "channel"))
