"""Cases as the lines of lists, tables and maps show them: rows put into words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from linli.cases.queries.rows import CaseRow
from linli.edges.words.cases import say_left, say_light, say_state
from linli.registry.territory.queries import AreaRow, area_chains

_COMMUNITY_DEPTH = 3
# A number and what it counts, as addresses and reports have them: never "1" at the end of a line and "号楼" below.
_COUNTED = re.compile(r"\d+(?:[-.]\d+)*\s?(?:号楼|单元|网格|小时|分钟|号|栋|楼|层|室|户|组|路|米|天|次|个|人|件)")


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


def keep_numbers(text: str) -> SafeString:
    """Mark up a text so that no line ends between a number and what it counts."""
    parts, end = [], 0
    for found in _COUNTED.finditer(text):
        parts += [escape(text[end : found.start()]), format_html('<span class="nb">{}</span>', found[0])]
        end = found.end()
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308 - each part is escaped


def _line(row: CaseRow, chain: Sequence[AreaRow], categories: Mapping[str, str], at: datetime) -> CaseLine:
    return CaseLine(
        id=row.id, url=reverse("desk_case", args=[row.id]), number=row.number, title=row.title, light=row.light,
        light_text=say_light(row.light), state_text=say_state(row.state), area=say_area(chain), place=row.place,
        whom=row.holder_name,
        left=say_left(light=row.light, due_at=row.due_at, review_on=row.review_on, state=row.state, at=at),
        category=categories.get(row.category, row.category), level=row.priority_level, score=row.score,
        reporters=row.reporters, version=row.version, due_at=row.due_at,
    )  # fmt: skip
