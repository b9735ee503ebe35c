"""What happens to coverage, for rooms above."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HoleStands:
    """Nobody holds any of some roles at an area, so that functions lack somebody at places.

    is_new: it appeared just now; else it was known, and the whole district was looked at again. functions, roles:
    their names; places: the names of all places that lack somebody; level: code of the area's level.
    """

    hole_id: UUID
    district_id: str
    area_code: str
    area_path: str
    area_name: str
    level: str
    functions: tuple[str, ...]
    roles: tuple[str, ...]
    places: tuple[str, ...]
    is_new: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class HoleFilled:
    """Somebody holds such a role there again, or nothing there asks for it any more."""

    hole_id: UUID
    district_id: str
    area_path: str
    at: datetime
