"""Cases as the lines of lists, tables and maps show them: rows put into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from linli.cases.queries.rows import CaseRow
from linli.edges.words.cases import say_left, say_light, say_state
from linli.registry.territory.queries import AreaRow, area_chains

_COMMUNITY_DEPTH = 3


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a list shows it, all in words. level: of the priority, 1 the most urgent."""

    id: UUID
    url: str
    number: str
    title: str
    light: str
    light_text: str
    state_text: str
    area: str
    place: str
    whom: str
    left: str
    category: str
    level: int
    score: int
    reporters: int
    version: int
    due_at: datetime | None


def case_lines(rows: Sequence[CaseRow], *, categories: Mapping[str, str], at: datetime) -> list[CaseLine]:
    """Put rows into words. categories: names by code. 1 query for the names of the areas."""
    chains = area_chains({row.area_path for row in rows}, at=at)
    return [_line(row, chains.get(row.area_path, ()), categories, at) for row in rows]


def say_area(chain: Sequence[AreaRow]) -> str:
    """Name an area as staff of a district do: community and grid; above that its own name."""
    lower = [area.name for area in chain if area.depth >= _COMMUNITY_DEPTH][:2]
    return "·".join(lower) if lower else (chain[-1].name if chain else "")


def _line(row: CaseRow, chain: Sequence[AreaRow], categories: Mapping[str, str], at: datetime) -> CaseLine:
    return CaseLine(
        id=row.id, url=reverse("desk_case", args=[row.id]), number=row.number, title=row.title, light=row.light,
        light_text=say_light(row.light), state_text=say_state(row.state), area=say_area(chain), place=row.place,
        whom=row.holder_name,
        left=say_left(light=row.light, due_at=row.due_at, review_on=row.review_on, state=row.state, at=at),
        category=categories.get(row.category, row.category), level=row.priority_level, score=row.score,
        reporters=row.reporters, version=row.version, due_at=row.due_at,
    )  # fmt: skip
