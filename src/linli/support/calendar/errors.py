"""Errors of the calendar.

LinliError
├── InvalidInput
│   ├── BadTable          a calendar that can't be taken; params["row"] counts from 1, 0 = not about one row
│   ├── BadClock          segments or a budget that make no sense
│   └── OutsideCalendar   an instant before 2000 or after 2099, Shanghai time
├── NotFound
│   └── NoCalendar        no version published yet, or not that number
└── Conflict
    └── CalendarChanged   somebody published at the same moment: look at theirs, then try again
"""

from linli.kernel.errors import Conflict, InvalidInput, NotFound


class BadTable(InvalidInput):
    """A calendar that can't be taken."""

    def __init__(self, code: str, *, field: str, row: int = 0, **params: str | int) -> None:
        super().__init__(code, field=field, params={"row": row, **params})


class BadClock(InvalidInput):
    """Segments or a budget that make no sense."""


class OutsideCalendar(InvalidInput):
    """An instant that no calendar reaches."""


class NoCalendar(NotFound):
    """No such version, or none at all."""


class CalendarChanged(Conflict):
    """Another version was published meanwhile."""
