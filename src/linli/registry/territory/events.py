"""What happens to the territory."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BoundariesRedrawn:
    """A district has a new boundary version. area_paths: of the areas whose boundary it draws or withdraws.

    valid_from: from when points are located by it; by: the person, None for a load; at: when it was made.
    """

    district_id: str
    number: int
    area_paths: tuple[str, ...]
    valid_from: datetime
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class AreasChanged:
    """Areas of a district began, ended, were redrawn, renamed or loaded. area_ids: all of them, each once.

    from_on: the first day it counts; at: when it was done. Coverage, posts and figures by place may be others from
    that day on.
    """

    district_id: str
    area_ids: tuple[UUID, ...]
    from_on: date
    at: datetime
