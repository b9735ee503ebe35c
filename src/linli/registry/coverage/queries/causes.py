"""What lacks and why, for who keeps watch: causes of holes in an area, and the holes that are known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.registry.coverage.calc.covering import Cause, causes_of
from linli.registry.coverage.models import Hole
from linli.registry.coverage.queries.ground import Ground, read_ground
from linli.registry.territory.queries import AreaRow

SEPARATOR = ","


@dataclass(frozen=True, slots=True)
class FoundCause:
    """A cause with the area where somebody is to be appointed."""

    area: AreaRow
    cause: Cause

    @property
    def key(self) -> tuple[UUID, str]:
        """What tells one cause from another: the area and the roles."""
        return self.area.id, SEPARATOR.join(self.cause.roles)


def causes_at(*, district_id: str, path: str, on: date) -> list[FoundCause]:
    """Find what lacks in an area on a day, by area and roles. 7 queries, however many places."""
    ground: Ground = read_ground(district_id=district_id, path=path, on=on)
    found = causes_of(ground.cover.holes(ground.places, ground.functions))
    return [FoundCause(ground.areas[cause.area_path], cause) for cause in found]


def open_holes(*, district_id: str, path: str) -> Mapping[tuple[UUID, str], Hole]:
    """Read the holes that are known in an area, by area and roles. 1 query."""
    within = Hole.objects.filter(district_id=district_id, closed_at=None, area__path__startswith=path)
    rows = within.select_related("area").order_by("appeared_at", "id")
    return {(row.area_id, row.roles): row for row in rows if (row.area.path + "/").startswith(path + "/")}
