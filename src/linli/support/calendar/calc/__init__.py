"""The arithmetic of working time; pure."""

from linli.support.calendar.calc.clocks import (
    Budget,
    Segment,
    allowance,
    amber_at,
    deadline,
    is_provisional,
    overrun_at,
    remaining,
    used,
)
from linli.support.calendar.calc.lights import light
from linli.support.calendar.calc.tables import DayException, check_table, read_table
from linli.support.calendar.calc.working_calendar import DEFAULT_HOURS, SHANGHAI, WorkingCalendar

__all__ = [
    "DEFAULT_HOURS",
    "SHANGHAI",
    "Budget",
    "DayException",
    "Segment",
    "WorkingCalendar",
    "allowance",
    "amber_at",
    "check_table",
    "deadline",
    "is_provisional",
    "light",
    "overrun_at",
    "read_table",
    "remaining",
    "used",
]
