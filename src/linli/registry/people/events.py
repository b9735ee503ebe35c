"""What happens to posts."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PostsChanged:
    """Somebody was given a post for an area, or its last day was set. role: its code."""

    district_id: str
    area_path: str
    role: str
    at: datetime
