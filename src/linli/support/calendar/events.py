"""What happened to the calendar."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CalendarPublished:
    """A new version counts from now on. Published in its transaction; whoever keeps open deadlines recomputes them."""

    version: int
    at: datetime
