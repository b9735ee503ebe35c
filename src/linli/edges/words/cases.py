"""Codes of cases in words: states, steps, reasons, lights, what a priority is made of, and why a case is where it is.

Every function takes a code and gives plain text in the language of the request. A code that a district made up itself
(its rulebooks are data) is shown as it is written.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.cases.calc.ladder import DUE
from linli.edges.words.times import LOCAL, say_day, say_due

STATES: Mapping[str, Any] = {
    "reported": gettext_lazy("Reported in"),
    "accepted": gettext_lazy("Accepted"),
    "dispatched": gettext_lazy("Dispatched"),
    "handling": gettext_lazy("In handling"),
    "suspended": gettext_lazy("On hold"),
    "reported_back": gettext_lazy("Done, to be verified"),
    "verified": gettext_lazy("Verified"),
    "closed": gettext_lazy("Closed"),
    "rejected": gettext_lazy("Not taken on"),
    "merged": gettext_lazy("Merged"),
}
# The word on a button: what pressing it does.
VERBS: Mapping[str, Any] = {
    "report": gettext_lazy("Report"),
    "accept": gettext_lazy("Accept"),
    "reject": gettext_lazy("Do not take on"),
    "dispatch": gettext_lazy("Dispatch to…"),
    "handle": gettext_lazy("Start handling"),
    "report-back": gettext_lazy("It is done"),
    "verify": gettext_lazy("Verify"),
    "close": gettext_lazy("Close out"),
    "return": gettext_lazy("Send back"),
    "reopen": gettext_lazy("Open again"),
    "transfer": gettext_lazy("Hand on to…"),
    "suspend": gettext_lazy("Put on hold"),
    "resume": gettext_lazy("Resume"),
    "join": gettext_lazy("Join"),
    "override": gettext_lazy("Set the priority"),
    "note": gettext_lazy("Write a note"),
    "recategorise": gettext_lazy("Correct the category"),
    "hand-over": gettext_lazy("Hand over with the post"),
    "settle": gettext_lazy("Close by itself"),
    "merge": gettext_lazy("Merge into another case"),
    "unmerge": gettext_lazy("Take out again"),
    "warn": gettext_lazy("Warn"),
    "escalate": gettext_lazy("Name the next one up"),
    "dispute": gettext_lazy("Dispute"),
    "uphold": gettext_lazy("Uphold the dispute"),
    "refuse": gettext_lazy("Refuse the dispute"),
    "withdraw": gettext_lazy("Take the dispute back"),
    "whistle": gettext_lazy("Whistle"),
    "report-in": gettext_lazy("Report in"),
    "opinion": gettext_lazy("Give an opinion"),
    "evaluate": gettext_lazy("Evaluate"),
    "change-lead": gettext_lazy("Let them lead"),
    "take-back": gettext_lazy("Take the call back"),
    "ask-time": gettext_lazy("Ask for time"),
    "grant-time": gettext_lazy("Grant the time"),
    "refuse-time": gettext_lazy("Refuse the time"),
    "lapse-time": gettext_lazy("Let the request lapse"),
    "remind": gettext_lazy("Tell that the hold ends"),
    "supervise": gettext_lazy("Put under supervision"),
    "answer-watch": gettext_lazy("Answer the supervision"),
    "close-watch": gettext_lazy("Close the supervision"),
    "call-off-watch": gettext_lazy("Call the supervision off"),
    "give-card": gettext_lazy("Give a card"),
    "appeal-card": gettext_lazy("Object to the card"),
    "uphold-card": gettext_lazy("Let the card stand"),
    "take-back-card": gettext_lazy("Take the card back"),
}
# The word in a history: what was done.
DEEDS: Mapping[str, Any] = {
    "report": gettext_lazy("reported"),
    "accept": gettext_lazy("accepted"),
    "reject": gettext_lazy("did not take it on"),
    "dispatch": gettext_lazy("dispatched"),
    "handle": gettext_lazy("started handling"),
    "report-back": gettext_lazy("reported back"),
    "verify": gettext_lazy("verified"),
    "close": gettext_lazy("closed out"),
    "return": gettext_lazy("sent back"),
    "reopen": gettext_lazy("opened again"),
    "transfer": gettext_lazy("handed on"),
    "suspend": gettext_lazy("put on hold"),
    "resume": gettext_lazy("resumed"),
    "join": gettext_lazy("one more reporter of the same thing"),
    "override": gettext_lazy("set the priority"),
    "note": gettext_lazy("wrote a note"),
    "recategorise": gettext_lazy("corrected the category"),
    "hand-over": gettext_lazy("handed over with the post"),
    "settle": gettext_lazy("somebody is responsible there again; closed by itself"),
    "merge": gettext_lazy("merged it into another case"),
    "unmerge": gettext_lazy("took a merged case out again"),
    "warn": gettext_lazy("warned before the deadline"),
    "escalate": gettext_lazy("overdue: the next one up was named"),
    "dispute": gettext_lazy("disputed whose it is"),
    "uphold": gettext_lazy("upheld the dispute"),
    "refuse": gettext_lazy("refused the dispute"),
    "withdraw": gettext_lazy("took the dispute back"),
    "whistle": gettext_lazy("whistled for others"),
    "report-in": gettext_lazy("reported in"),
    "opinion": gettext_lazy("gave an opinion"),
    "evaluate": gettext_lazy("evaluated who was called"),
    "change-lead": gettext_lazy("changed who leads"),
    "take-back": gettext_lazy("took a call back"),
    "ask-time": gettext_lazy("asked for time"),
    "grant-time": gettext_lazy("granted the time"),
    "refuse-time": gettext_lazy("refused the time"),
    "lapse-time": gettext_lazy("nobody decided on the request in time"),
    "remind": gettext_lazy("told that the hold ends soon"),
    "supervise": gettext_lazy("put it under supervision"),
    "answer-watch": gettext_lazy("answered the supervision"),
    "close-watch": gettext_lazy("closed the supervision"),
    "call-off-watch": gettext_lazy("called the supervision off"),
    "give-card": gettext_lazy("gave the organisation a card"),
    "appeal-card": gettext_lazy("objected to a card"),
    "uphold-card": gettext_lazy("let the card stand"),
    "take-back-card": gettext_lazy("took the card back"),
}
REASONS: Mapping[str, Any] = {
    "statutory_route": gettext_lazy("Has its own way by law: complaint, appeal or suit"),
    "emergency_number": gettext_lazy("Belongs to 110, 119, 120 or 122"),
    "no_such_thing": gettext_lazy("Looked on the spot, no such thing"),
    "withdrawn": gettext_lazy("The reporter withdrew it"),
    "outside_district": gettext_lazy("Not in this district"),
    "beyond_power": gettext_lazy("Beyond what this level may do"),
    "wrong_place": gettext_lazy("Not our place"),
    "wrong_category": gettext_lazy("Put under the wrong category"),
    "needs_others": gettext_lazy("Others have to take part"),
    "not_done": gettext_lazy("Not done yet"),
    "evidence_unclear": gettext_lazy("The proof is not clear"),
    "waits_for_owners_vote": gettext_lazy("Waits for the owners' vote"),
    "waits_for_season": gettext_lazy("Waits for the season"),
    "waits_for_project": gettext_lazy("Waits for a works project"),
    "waits_for_reporter": gettext_lazy("Waits for the reporter"),
    "dissatisfied": gettext_lazy("The reporter is not satisfied"),
    "came_back": gettext_lazy("It came back"),
    "waits_for_parts": gettext_lazy("Waits for parts or material"),
    "waits_for_weather": gettext_lazy("Waits for the weather"),
    "waits_for_others": gettext_lazy("Waits for another organisation"),
    "more_than_thought": gettext_lazy("More work than thought"),
    "overdue": gettext_lazy("Not done in time"),
    "overdue_again": gettext_lazy("Not done in time for the second time"),
    "supervision_missed": gettext_lazy("The supervision was not answered in time"),
    "important": gettext_lazy("Important matter"),
    "closed_by_mistake": gettext_lazy("Closed by mistake"),
    # Marks by which the caller evaluates who was whistled for.
    "quick": gettext_lazy("Came quickly"),
    "in_time": gettext_lazy("Came in time"),
    "late": gettext_lazy("Came late or not at all"),
    "solved": gettext_lazy("Solved with them"),
    "partly": gettext_lazy("Solved in part"),
    "unsolved": gettext_lazy("Not solved with them"),
}
DISPUTE_ENDS: Mapping[str, Any] = {
    "upheld": gettext_lazy("upheld"),
    "refused": gettext_lazy("refused"),
    "withdrawn": gettext_lazy("taken back"),
    "lapsed": gettext_lazy("settled otherwise"),
}
LIGHTS: Mapping[str, Any] = {
    "late": gettext_lazy("overdue"),
    "warn": gettext_lazy("due soon"),
    "ok": gettext_lazy("on time"),
    "hold": gettext_lazy("on hold"),
    "done": gettext_lazy("closed"),
}
SOURCES: Mapping[str, Any] = {
    "portal": gettext_lazy("reported by a resident"),
    "desk": gettext_lazy("written down by staff"),
    "api": gettext_lazy("from another system"),
    "hotline": gettext_lazy("from the hotline 12345"),
    "system": gettext_lazy("found by the program itself"),
    "review": gettext_lazy("assigned at a monthly review"),
    "phone": gettext_lazy("reported by staff on the phone"),
    "prevention": gettext_lazy("before anybody complained"),
    "visit": gettext_lazy("found at a visit"),
}
PARTS: Mapping[str, Any] = {
    "danger": gettext_lazy("Danger"),
    "vulnerable": gettext_lazy("Vulnerable person"),
    "time_pressure": gettext_lazy("Time pressure"),
    "spread": gettext_lazy("How far it reaches"),
    "repeats": gettext_lazy("Reported again"),
    "key_place": gettext_lazy("Key place"),
}
TIMERS: Mapping[str, Any] = {
    "urgent_hour": gettext_lazy("round the clock"),
    "work_hour": gettext_lazy("working hours"),
    "work_day": gettext_lazy("working days"),
    "natural_day": gettext_lazy("calendar days"),
}
LEVELS: Mapping[str, Any] = {
    "district": gettext_lazy("district"),
    "subdistrict": gettext_lazy("subdistrict"),
    "community": gettext_lazy("community"),
    "grid": gettext_lazy("grid"),
    "subgrid": gettext_lazy("subgrid"),
}
DUE_LEFT_OUT: Mapping[str, Any] = {
    "held": gettext_lazy("put on hold before their deadline"),
    "extended": gettext_lazy("given more time by approval"),
}  # fmt: skip
METHODS: Mapping[str, Any] = {
    "reporter": gettext_lazy("The reporter said so"),
    "call": gettext_lazy("By telephone"),
    "visit": gettext_lazy("On the spot"),
    "timeout": gettext_lazy("Nobody answered in time"),
}
SATISFACTIONS: Mapping[str, Any] = {
    "satisfied": gettext_lazy("Satisfied"),
    "basically": gettext_lazy("Basically satisfied"),
    "dissatisfied": gettext_lazy("Not satisfied"),
    "unknown": gettext_lazy("Not known"),
}
RATES: Mapping[str, Any] = {
    "response": gettext_lazy("Response rate"),
    "solution": gettext_lazy("Solution rate"),
    "satisfaction": gettext_lazy("Satisfaction rate"),
}
ORGANISATION_KINDS: Mapping[str, Any] = {
    "party_committee": gettext_lazy("Party committees"),
    "working_committee": gettext_lazy("Party working committees"),
    "leading_group": gettext_lazy("Leading Party groups"),
    "general_branch": gettext_lazy("General Party branches"),
    "party_branch": gettext_lazy("Party branches"),
    "party_group": gettext_lazy("Party groups"),
    "industry_party": gettext_lazy("Party organisations of industries"),
    "department": gettext_lazy("Departments"),
    "subdistrict_office": gettext_lazy("Subdistrict offices"),
    "residents_committee": gettext_lazy("Residents' committees"),
    "village_committee": gettext_lazy("Villagers' committees"),
    "owners_committee": gettext_lazy("Owners' committees"),
    "property_company": gettext_lazy("Property companies"),
    "non_public": gettext_lazy("Non-public and social organisations"),
    "association": gettext_lazy("Associations"),
    "unit": gettext_lazy("Units in the district"),
    "team": gettext_lazy("Teams"),
    "": gettext_lazy("Nobody's"),
}
PERIODS: Mapping[str, Any] = {
    "today": gettext_lazy("Today"),
    "week": gettext_lazy("This week"),
    "month": gettext_lazy("This month"),
    "year": gettext_lazy("This year"),
}
BOXES: Mapping[str, Any] = {
    "todo": gettext_lazy("To do"),
    "done": gettext_lazy("Done by me"),
    "mine": gettext_lazy("Started by me"),
    "overdue": gettext_lazy("Overdue"),
    "open": gettext_lazy("All open"),
    "verify": gettext_lazy("To be verified"),
    "called": gettext_lazy("Called to me"),
    "disputed": gettext_lazy("Disputes to decide"),
    "unowned": gettext_lazy("Nobody owns it"),
    "escalated": gettext_lazy("Named to me"),
    "held": gettext_lazy("On hold"),
    "": gettext_lazy("All cases"),
}
TIME_KINDS: Mapping[str, Any] = {
    "extension": gettext_lazy("More time"),
    "hold": gettext_lazy("A longer hold"),
}
REQUEST_STATES: Mapping[str, Any] = {
    "asked": gettext_lazy("waits for approval"),
    "granted": gettext_lazy("granted"),
    "refused": gettext_lazy("refused"),
    "lapsed": gettext_lazy("lapsed"),
}
SUPERVISION_STATES: Mapping[str, Any] = {
    "open": gettext_lazy("waits for an answer"),
    "answered": gettext_lazy("answered"),
    "closed": gettext_lazy("supervision over"),
    "withdrawn": gettext_lazy("called off"),
}
CARD_COLOURS: Mapping[str, Any] = {"yellow": gettext_lazy("Yellow card"), "red": gettext_lazy("Red card")}
CARD_STATES: Mapping[str, Any] = {
    "given": gettext_lazy("given"),
    "appealed": gettext_lazy("objected to"),
    "upheld": gettext_lazy("stands"),
    "taken_back": gettext_lazy("taken back"),
}
CLOCKS: Mapping[str, Any] = {
    "response": gettext_lazy("Response"), "solution": gettext_lazy("Solution"),
    "dispute": gettext_lazy("Decision on the dispute"), "report-in": gettext_lazy("Reporting in"),
    "opinion": gettext_lazy("Opinion of who leads"),
}  # fmt: skip
RULEBOOKS: Mapping[str, Any] = {
    "categories": gettext_lazy("Categories"),
    "workflow": gettext_lazy("Table of stages"),
    "dispatch": gettext_lazy("Dispatch catalogue"),
    "deadlines": gettext_lazy("Deadlines"),
    "priority": gettext_lazy("Priority weights"),
    "rates": gettext_lazy("Rules of the rates"),
}
PLACES: Mapping[str, Any] = {
    "anywhere": gettext_lazy("anywhere"),
    "compound": gettext_lazy("inside compounds"),
    "open": gettext_lazy("outside compounds"),
}
# Who may take a step, and what it does besides: the order is that of the forms, and effects happen in it.
WHO_MAY: Mapping[str, Any] = {
    "holder": gettext_lazy("who has it"),
    "dispatch": gettext_lazy("who may dispatch"),
    "call_back": gettext_lazy("who may call back"),
    "close": gettext_lazy("who may close"),
    "override_priority": gettext_lazy("who may set priorities"),
    "reporter": gettext_lazy("the reporter"),
    "system": gettext_lazy("by itself"),
}
EFFECTS: Mapping[str, Any] = {
    "responded": gettext_lazy("stops the answer clock"),
    "pause": gettext_lazy("the solution clock waits"),
    "run": gettext_lazy("the solution clock runs on"),
    "solved": gettext_lazy("stops the solution clock"),
    "finished": gettext_lazy("leaves the open lists"),
    "move": gettext_lazy("goes to somebody else"),
    "level_up": gettext_lazy("goes one level up"),
}
DANGERS = (gettext_lazy("none"), gettext_lazy("some"), gettext_lazy("serious"), gettext_lazy("life at risk"))
SPREADS = (
    gettext_lazy("one home"), gettext_lazy("a staircase"), gettext_lazy("a building or yard"), gettext_lazy("a street")
)  # fmt: skip
EVIDENCE: Mapping[str, Any] = {"note": gettext_lazy("note"), "photo": gettext_lazy("photo")}
_PART_REASONS: Mapping[str, Any] = {
    "danger_word": gettext_lazy("the text says “%(detail)s”"),
    "danger_of_category": gettext_lazy("this kind of thing is dangerous, step %(detail)s of 3"),
    "vulnerable_word": gettext_lazy("the text says “%(detail)s”"),
    "pressing_word": gettext_lazy("the text says “%(detail)s”"),
    "pressing_category": gettext_lazy("each hour makes this kind of thing worse"),
    "spread_word": gettext_lazy("the text says “%(detail)s”"),
    "spread_of_category": gettext_lazy("how far this kind of thing reaches, and how many live there"),
    "key_place_word": gettext_lazy("the text says “%(detail)s”"),
}
_WHERE: Mapping[str, Any] = {
    "place_inside": gettext_lazy("The point on the map lies in %(area)s"),
    "place_on_border": gettext_lazy("The point lies on a border; %(area)s is the area above all that claim it"),
    "place_nobody_owns": gettext_lazy("The point lies in %(area)s, but in no community of it"),
    "place_outside": gettext_lazy("The point lies outside the district; it waits in the queue of %(area)s"),
    "place_named": gettext_lazy("%(area)s was named; no point on the map"),
}
_WHO: Mapping[str, Any] = {
    "first_on_duty": gettext_lazy("%(holder)s of %(area)s is the one responsible and on duty"),
    "fallback": gettext_lazy("Nobody on duty holds the post that is responsible, so %(holder)s of %(area)s has it"),
    "nobody": gettext_lazy("Nobody holds the post that is responsible, nor the posts above it"),
    "post_above": gettext_lazy("A post is to be filled there, so the one above has it: %(holder)s of %(area)s"),
    "rights_keeper": gettext_lazy("A post is to be filled and the posts above are empty too, so %(holder)s has it"),
    "named_by_leaders": gettext_lazy("The leaders named the organisation that has it"),
    "named_without_staff": gettext_lazy("The leaders named the organisation; nobody there works on cases yet"),
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


def say_rate_formula(weights: Sequence[int]) -> str:
    """Say what the three rates make together: 响应率×10%+解决率×50%+满意率×40%."""
    return " + ".join(f"{words} × {weight}%" for words, weight in zip(RATES.values(), weights, strict=True))


def say_notice(code: str) -> str:
    """Tell a reporter by which code they can see how far it is."""
    return _("Query code: %(code)s") % {"code": code}


def say_month_begin(day: int) -> str:
    """Say when months begin for the rates."""
    if day == 1:
        return _("on its first day")
    return _("on day %(day)d of the month before") % {"day": day}


def say_day_begin(hour: int) -> str:
    """Say when days begin for the rates."""
    return _("at %(hour)d:00 on the day before") % {"hour": hour} if hour else _("at midnight")


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
    if code == "day_named":
        return _("The leaders named the last day: %(day)s") % dict(line)
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


def say_rung(clock: str, mark: int) -> str:
    """Word a rung of the ladder: 响应时限已用 50 %, 解决时限已超过 24 小时."""
    said = {"clock": str(CLOCKS.get(clock, clock)), "mark": mark}
    if mark < DUE:
        return _("%(clock)s: %(mark)d %% of the time used") % said
    if mark == DUE:
        return _("%(clock)s: overdue") % said
    return ngettext("%(clock)s: overdue by %(n)d hour", "%(clock)s: overdue by %(n)d hours", mark - DUE) % {
        **said, "n": mark - DUE
    }  # fmt: skip


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
