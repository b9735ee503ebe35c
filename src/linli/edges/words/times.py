"""Times as people say them: 今天 14:00 前, 剩 2 小时, 超期 35 分, 明天 10:00. Local time is Shanghai's."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LOCAL = ZoneInfo("Asia/Shanghai")
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
# Up to here a time left is said in minutes and hours; beyond, the hour it is due is easier to keep in mind.
_SHORT_S = 3 * _HOUR_S


def say_moment(moment: datetime, at: datetime) -> str:
    """Say when: 14:00 of a day as seen from now (今天, 明天, 昨天, 11月24日, and the year if it is another)."""
    local, now = moment.astimezone(LOCAL), at.astimezone(LOCAL)
    clock = f"{local.hour}:{local.minute:02d}"
    days = (local.date() - now.date()).days
    if days in {-1, 0, 1}:
        named = {-1: _("yesterday %(clock)s"), 0: _("today %(clock)s"), 1: _("tomorrow %(clock)s")}[days]
        return named % {"clock": clock}
    return _("%(day)s %(clock)s") % {"day": say_day(local.date(), now.date()), "clock": clock}


def say_day(day: date, today: date) -> str:
    """Say a date: 11月24日, with the year only if it is another one."""
    said = {"year": day.year, "month": day.month, "day": day.day}
    if day.year == today.year:
        return _("%(month)s/%(day)s") % said
    return _("%(year)s/%(month)s/%(day)s") % said


def is_same_day(one: datetime, two: datetime) -> bool:
    """Whether two moments lie in one day here."""
    return one.astimezone(LOCAL).date() == two.astimezone(LOCAL).date()


def say_clock(moment: datetime, at: datetime) -> str:
    """Say a moment as short as a timeline needs it: the hour today, else the day with the hour."""
    local = moment.astimezone(LOCAL)
    if is_same_day(moment, at):
        return f"{local.hour}:{local.minute:02d}"
    return say_moment(moment, at)


def say_span(length: timedelta) -> str:
    """Say a length of time in its largest unit, rounded down: 35 分, 2 小时, 3 天; less than a minute is one."""
    seconds = abs(int(length.total_seconds()))
    if seconds < _HOUR_S:
        minutes = max(seconds // _MINUTE_S, 1)
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if seconds < _DAY_S:
        hours = seconds // _HOUR_S
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    days = seconds // _DAY_S
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def say_due(due_at: datetime | None, at: datetime) -> str:
    """Say how a deadline stands: 超期 35 分, 剩 2 小时, 今天 17:00, 11月24日; "" without one."""
    if due_at is None:
        return ""
    left = due_at - at
    if left < timedelta(0):
        return _("late by %(span)s") % {"span": say_span(left)}
    if left.total_seconds() <= _SHORT_S:
        return _("%(span)s left") % {"span": say_span(left)}
    days = (due_at.astimezone(LOCAL).date() - at.astimezone(LOCAL).date()).days
    if days > 1:
        return say_day(due_at.astimezone(LOCAL).date(), at.astimezone(LOCAL).date())
    return say_moment(due_at, at)


def say_by(due_at: datetime, at: datetime, *, is_answered: bool) -> str:
    """Say by when and what: 今天 14:00 前办好，还剩 2 小时; after it: 应在今天 9:49 前办好，超期 35 分.

    is_answered: the case was responded to, so what is due is its solution.
    """
    said = {"moment": say_moment(due_at, at), "span": say_span(due_at - at)}
    if due_at < at:
        late = _("should have been solved by %(moment)s, late by %(span)s")
        late_answer = _("should have been answered by %(moment)s, late by %(span)s")
        return (late if is_answered else late_answer) % said
    due, due_answer = _("solve by %(moment)s, %(span)s left"), _("answer by %(moment)s, %(span)s left")
    return (due if is_answered else due_answer) % said
