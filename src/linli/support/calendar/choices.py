"""How time is counted, which light a deadline shows, and what to be careful about."""

from enum import StrEnum


class Timer(StrEnum):
    """What runs down a budget. Source: the four timers of running city-management systems (README)."""

    URGENT_HOUR = "urgent_hour"  # runs through nights and holidays
    WORK_HOUR = "work_hour"  # runs in working hours only
    WORK_DAY = "work_day"  # working days; due at the close of the last one
    NATURAL_DAY = "natural_day"  # same clock time so many calendar days later


class Light(StrEnum):
    """How a deadline stands; edges draw it as ● ◐ ○ –, never as a colour alone."""

    LATE = "late"
    WARN = "warn"
    OK = "ok"
    HOLD = "hold"


class Caution(StrEnum):
    """Codes that edges put into words beside a deadline."""

    YEAR_NOT_PUBLISHED = "calendar_year_not_published"  # params: year
