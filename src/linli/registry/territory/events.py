"""What happens to the territory."""

from dataclasses import dataclass
from datetime import datetime
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
