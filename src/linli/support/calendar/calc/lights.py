"""The light of a deadline."""

from datetime import datetime

from linli.support.calendar.choices import Light

_WHOLE = 100


def light(
    due_at: datetime | None,
    started_at: datetime,
    at: datetime,
    *,
    is_paused: bool,
    amber_at: datetime | None = None,
    percent_left: int = 20,
) -> Light:
    """Say how a deadline stands; on the very instant it is due nobody is late yet.

    due_at: what `deadline` says; None while the clock stands with budget left. What was late before a pause stays
    late. amber_at: what `amber_at` says, exact over holidays and pauses; without it the light warns when that share
    of the time from start to deadline is left by the wall clock.
    """
    if due_at is not None and at > due_at:
        return Light.LATE
    if due_at is None or is_paused:
        return Light.HOLD
    warn_from = amber_at or due_at - (due_at - started_at) * percent_left / _WHOLE
    return Light.WARN if at >= warn_from else Light.OK
