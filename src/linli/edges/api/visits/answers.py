"""What the API answers about campaigns of visits and whom they are for."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from linli.edges.api.answers import AreaAnswer, area_answer
from linli.programmes.visits.queries.campaigns import CampaignRow
from linli.programmes.visits.queries.targets import TargetRow
from linli.registry.territory.queries import AreaRow


class SetAnswer(BaseModel):
    """One of a campaign's sets. cycle_days: a new round begins after so many, 0 for one; begins_on: of this round.

    kinds: of organisations, where these are visited; roles: codes of those that visit, empty for all who work there.
    """

    id: UUID
    name: str
    kind: str
    kinds: list[str]
    roles: list[str]
    cycle_days: int
    goal_percent: int
    begins_on: date


class CampaignAnswer(BaseModel):
    """A campaign that concerns the caller. may_change: and that the caller may change and end."""

    id: UUID
    name: str
    purpose: str
    area: AreaAnswer | None
    begins_on: date
    ends_on: date
    is_running: bool
    may_change: bool
    sets: list[SetAnswer]


class TargetAnswer(BaseModel):
    """A building or an organisation. doors: to call at; visited: of these in this round; nobody can read which.

    is_out: it was taken out and does not count; why: in words, why it was, or was put back or added later.
    """

    id: UUID
    set_name: str
    kind: str
    code: str
    name: str
    area: AreaAnswer | None
    doors: int
    visited: int
    may_visit: bool
    is_out: bool
    why: str


def campaign_answer(row: CampaignRow, chain: Sequence[AreaRow]) -> CampaignAnswer:
    """Put a campaign into an answer. chain: of its area."""
    return CampaignAnswer(
        id=row.id, name=row.name, purpose=row.purpose, area=area_answer(chain), begins_on=row.begins_on,
        ends_on=row.ends_on, is_running=row.is_running, may_change=row.may_change,
        sets=[SetAnswer(id=each.id, name=each.name, kind=each.kind, kinds=list(each.kinds),
                        roles=list(each.roles), cycle_days=each.cycle_days, goal_percent=each.goal_percent,
                        begins_on=each.begins_on) for each in row.sets],
    )  # fmt: skip


def target_answer(row: TargetRow, chain: Sequence[AreaRow]) -> TargetAnswer:
    """Put a target into an answer. chain: of its area."""
    return TargetAnswer(
        id=row.id, set_name=row.set_name, kind=row.kind, code=row.code, name=row.name, area=area_answer(chain),
        doors=row.doors, visited=row.visited, may_visit=row.may_visit, is_out=row.is_out,
        why=row.why,
    )  # fmt: skip
