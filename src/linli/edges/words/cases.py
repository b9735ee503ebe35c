"""Codes of cases in words: states, steps, reasons, lights, what a priority is made of, and why a case is where it is.

Every function takes a code and gives plain text in the language of the request. A code that a district made up itself
(its rulebooks are data) is shown as it is written.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from linli.edges.words.times import LOCAL, say_day, say_due

STATES: Mapping[str, Any] = {
    "reported": lazy("Reported"),
    "accepted": lazy("Accepted"),
    "dispatched": lazy("Dispatched"),
    "handling": lazy("Being handled"),
    "suspended": lazy("On hold"),
    "reported_back": lazy("Done, to be verified"),
    "verified": lazy("Verified"),
    "closed": lazy("Closed"),
    "rejected": lazy("Not taken on"),
}
# The word on a button: what pressing it does.
VERBS: Mapping[str, Any] = {
    "report": lazy("Report"),
    "accept": lazy("Accept"),
    "reject": lazy("Do not take on"),
    "dispatch": lazy("Dispatch to…"),
    "handle": lazy("Start handling"),
    "report-back": lazy("It is done"),
    "verify": lazy("Verify"),
    "close": lazy("Close out"),
    "return": lazy("Send back"),
    "reopen": lazy("Open again"),
    "transfer": lazy("Hand on to…"),
    "suspend": lazy("Put on hold"),
    "resume": lazy("Resume"),
    "join": lazy("Join"),
    "override": lazy("Set the priority"),
    "note": lazy("Write a note"),
}
# The word in a history: what was done.
DEEDS: Mapping[str, Any] = {
    "report": lazy("reported"),
    "accept": lazy("accepted"),
    "reject": lazy("did not take it on"),
    "dispatch": lazy("dispatched"),
    "handle": lazy("started handling"),
    "report-back": lazy("reported back"),
    "verify": lazy("verified"),
    "close": lazy("closed out"),
    "return": lazy("sent back"),
    "reopen": lazy("opened again"),
    "transfer": lazy("handed on"),
    "suspend": lazy("put on hold"),
    "resume": lazy("resumed"),
    "join": lazy("one more reporter of the same thing"),
    "override": lazy("set the priority"),
    "note": lazy("wrote a note"),
}
REASONS: Mapping[str, Any] = {
    "statutory_route": lazy("Has its own way by law: complaint, appeal or suit"),
    "emergency_number": lazy("Belongs to 110, 119, 120 or 122"),
    "no_such_thing": lazy("Looked on the spot, no such thing"),
    "withdrawn": lazy("The reporter withdrew it"),
    "outside_district": lazy("Not in this district"),
    "beyond_power": lazy("Beyond what this level may do"),
    "wrong_place": lazy("Not our place"),
    "wrong_category": lazy("Put under the wrong category"),
    "needs_others": lazy("Others have to take part"),
    "not_done": lazy("Not done yet"),
    "evidence_unclear": lazy("The proof is not clear"),
    "waits_for_owners_vote": lazy("Waits for the owners' vote"),
    "waits_for_season": lazy("Waits for the season"),
    "waits_for_project": lazy("Waits for a works project"),
    "waits_for_reporter": lazy("Waits for the reporter"),
    "dissatisfied": lazy("The reporter is not satisfied"),
    "came_back": lazy("It came back"),
    "closed_by_mistake": lazy("Closed by mistake"),
}
LIGHTS: Mapping[str, Any] = {
    "late": lazy("overdue"),
    "warn": lazy("due soon"),
    "ok": lazy("on time"),
    "hold": lazy("on hold"),
    "done": lazy("closed"),
}
SOURCES: Mapping[str, Any] = {
    "portal": lazy("reported by a resident"),
    "desk": lazy("written down by staff"),
    "api": lazy("from another system"),
}
PARTS: Mapping[str, Any] = {
    "danger": lazy("Danger"),
    "vulnerable": lazy("Vulnerable person"),
    "time_pressure": lazy("Time pressure"),
    "spread": lazy("How far it reaches"),
    "repeats": lazy("Reported again"),
    "key_place": lazy("Key place"),
}
TIMERS: Mapping[str, Any] = {
    "urgent_hour": lazy("round the clock"),
    "work_hour": lazy("working hours"),
    "work_day": lazy("working days"),
    "natural_day": lazy("calendar days"),
}
LEVELS: Mapping[str, Any] = {
    "district": lazy("district"),
    "subdistrict": lazy("subdistrict"),
    "community": lazy("community"),
    "grid": lazy("grid"),
    "subgrid": lazy("subgrid"),
}
METHODS: Mapping[str, Any] = {
    "reporter": lazy("The reporter said so"),
    "call": lazy("By telephone"),
    "visit": lazy("On the spot"),
    "timeout": lazy("Nobody answered in time"),
}
SATISFACTIONS: Mapping[str, Any] = {
    "satisfied": lazy("Satisfied"),
    "basically": lazy("Basically satisfied"),
    "dissatisfied": lazy("Not satisfied"),
    "unknown": lazy("Not known"),
}
RATES: Mapping[str, Any] = {
    "response": lazy("Response rate"),
    "solution": lazy("Solution rate"),
    "satisfaction": lazy("Satisfaction rate"),
}
PERIODS: Mapping[str, Any] = {
    "today": lazy("Today"),
    "week": lazy("This week"),
    "month": lazy("This month"),
    "year": lazy("This year"),
}
BOXES: Mapping[str, Any] = {
    "todo": lazy("To do"),
    "done": lazy("Done by me"),
    "mine": lazy("Started by me"),
    "overdue": lazy("Overdue"),
    "open": lazy("All open"),
    "verify": lazy("To be verified"),
    "unowned": lazy("Nobody owns it"),
    "": lazy("All cases"),
}
CLOCKS: Mapping[str, Any] = {"response": lazy("Response"), "solution": lazy("Solution")}
RULEBOOKS: Mapping[str, Any] = {
    "categories": lazy("Categories"),
    "workflow": lazy("Table of stages"),
    "dispatch": lazy("Dispatch catalogue"),
    "deadlines": lazy("Deadlines"),
    "priority": lazy("Priority weights"),
}
_PART_REASONS: Mapping[str, Any] = {
    "danger_word": lazy("the text says “%(detail)s”"),
    "danger_of_category": lazy("this kind of thing is dangerous, step %(detail)s of 3"),
    "vulnerable_word": lazy("the text says “%(detail)s”"),
    "pressing_word": lazy("the text says “%(detail)s”"),
    "pressing_category": lazy("each hour makes this kind of thing worse"),
    "spread_word": lazy("the text says “%(detail)s”"),
    "spread_of_category": lazy("how far this kind of thing reaches, and how many live there"),
    "key_place_word": lazy("the text says “%(detail)s”"),
}
_WHERE: Mapping[str, Any] = {
    "place_inside": lazy("The point on the map lies in %(area)s"),
    "place_on_border": lazy("The point lies on a border; %(area)s is the area above all that claim it"),
    "place_nobody_owns": lazy("The point lies in %(area)s, but in no community of it"),
    "place_outside": lazy("The point lies outside the district; it waits in the queue of %(area)s"),
    "place_named": lazy("%(area)s was named; no point on the map"),
}
_WHO: Mapping[str, Any] = {
    "first_on_duty": lazy("%(holder)s of %(area)s is the one responsible and on duty"),
    "fallback": lazy("Nobody on duty holds the post that is responsible, so %(holder)s of %(area)s has it"),
    "nobody": lazy("Nobody holds the post that is responsible, nor the posts above it"),
}


def say_state(code: str) -> str:
    """Word a state."""
    return str(STATES.get(code, code))


def say_verb(code: str) -> str:
    """Word a step as its button does."""
    return str(VERBS.get(code, code))


def say_deed(code: str) -> str:
    """Word a step as a history does."""
    return str(DEEDS.get(code, code))


def say_reason(code: str) -> str:
    """Word the reason of a step."""
    return str(REASONS.get(code, code))


def say_light(code: str) -> str:
    """Word a light."""
    return str(LIGHTS.get(code, code))


def say_level(code: str) -> str:
    """Word a level of the territory."""
    return str(LEVELS.get(code, code))


def say_priority_level(level: int) -> str:
    """Word a priority level."""
    return _("Level %(n)d") % {"n": level}


def say_source(code: str) -> str:
    """Word by which way a case came in."""
    return str(SOURCES.get(code, code))


def say_rate(name: str) -> str:
    """Word the name of a rate."""
    return str(RATES.get(name, name))


def say_tenths(tenths: int | None) -> str:
    """Write a rate: 98.6; 无样本 without a single effective call-back."""
    return _("no sample") if tenths is None else f"{tenths // 10}.{tenths % 10}"


def say_part(name: str) -> str:
    """Word a part of the priority."""
    return str(PARTS.get(name, name))


def say_part_reason(reason: str, detail: str) -> str:
    """Word why a part of the priority has its points."""
    if reason == "repeats":
        count = int(detail) if detail.isdigit() else 0
        return ngettext("%(n)d other report of the like nearby", "%(n)d other reports of the like nearby", count) % {
            "n": count
        }
    return str(_PART_REASONS.get(reason, reason)) % {"detail": detail}


def say_allowance(timer: str, amount: int) -> str:
    """Word a time given: 2 小时(不分昼夜), 8 个工作小时, 5 个工作日, 30 天."""
    said = {"n": amount}
    match timer:
        case "urgent_hour":
            return ngettext("%(n)d hour, day and night", "%(n)d hours, day and night", amount) % said
        case "work_hour":
            return ngettext("%(n)d working hour", "%(n)d working hours", amount) % said
        case "work_day":
            return ngettext("%(n)d working day", "%(n)d working days", amount) % said
        case "natural_day":
            return ngettext("%(n)d calendar day", "%(n)d calendar days", amount) % said
    return f"{amount} {timer}"


def say_why(line: Mapping[str, Any]) -> str:
    """Word one line of why a case is where it is, as `routing.reasons` writes them; without rule and version."""
    code = str(line.get("code", ""))
    if code in _WHERE:
        return str(_WHERE[code]) % {"area": line.get("area", "")}
    if code in _WHO:
        return str(_WHO[code]) % {"holder": line.get("holder", ""), "area": line.get("area", "")}
    if code == "priority_level":
        return _("Level %(level)s: urgency %(urgency)s, importance %(importance)s") % dict(line)
    if code == "deadline_rule":
        return _("Answer within %(response)s, solved within %(solution)s") % {
            "response": say_allowance(str(line["response_timer"]), int(line["response_amount"])),
            "solution": say_allowance(str(line["solution_timer"]), int(line["solution_amount"])),
        }
    if code == "calendar_year_not_published":
        return _("The holidays of %(year)s are not announced yet, so the deadline may move") % dict(line)
    return code


def say_rule(line: Mapping[str, Any]) -> str:
    """Word by which rule and version a line of why was reached: 派单目录 D03，第 2 版."""
    about, version = line.get("about"), line.get("version")
    names = {"where": _("boundaries"), "who": _("dispatch catalogue"), "priority": _("priority weights"),
             "deadline": _("deadlines")}  # fmt: skip
    if version is None or about not in names:
        return ""
    said = {"book": names[str(about)], "rule": line.get("rule", ""), "version": version}
    if line.get("calendar"):
        return _("%(book)s %(rule)s, version %(version)s; calendar version %(calendar)s") % {
            **said, "calendar": line["calendar"],
        }  # fmt: skip
    if said["rule"]:
        return _("%(book)s %(rule)s, version %(version)s") % said
    return _("%(book)s, version %(version)s") % said


def say_about(about: str) -> str:
    """Word the question that a line of why answers."""
    asked = {"where": _("Why here"), "who": _("Why with them"), "priority": _("Why this level"),
             "deadline": _("Why by then")}  # fmt: skip
    return asked.get(about, about)


def say_left(*, light: str, due_at: datetime | None, review_on: date | None, state: str, at: datetime) -> str:
    """Word what a list says at the end of a row: the time left, until when it is on hold, or how it stands."""
    if light == "hold" and review_on is not None:
        return _("held to %(day)s") % {"day": say_day(review_on, at.astimezone(LOCAL).date())}
    return say_due(due_at, at) or say_state(state)
