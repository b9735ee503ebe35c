"""Posts, logins and what rights say, in words."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.edges.words.errors import say_decision
from linli.edges.words.times import say_day
from linli.kernel.decision import Decision
from linli.registry.people.choices import AbsenceKind, Reach, Verb
from linli.registry.people.queries.managing import LoginState, PostRow

ABSENCES: Mapping[str, Any] = {
    AbsenceKind.LEAVE: gettext_lazy("on leave"),
    AbsenceKind.TRIP: gettext_lazy("away on duty"),
    AbsenceKind.TRAINING: gettext_lazy("in training"),
}
VERBS: Mapping[str, Any] = {
    Verb.SEE_CASES: gettext_lazy("see cases"),
    Verb.REPORT: gettext_lazy("write down cases"),
    Verb.WORK_CASES: gettext_lazy("handle cases"),
    Verb.DISPATCH: gettext_lazy("dispatch cases"),
    Verb.CALL_BACK: gettext_lazy("call back and verify"),
    Verb.CLOSE: gettext_lazy("close cases out"),
    Verb.OVERRIDE_PRIORITY: gettext_lazy("set priorities by hand"),
    Verb.SEE_CONTACTS: gettext_lazy("see a reporter's contact, with a reason"),
    Verb.EXPORT: gettext_lazy("write registers out"),
    Verb.SEE_COCKPIT: gettext_lazy("see the cockpit"),
    Verb.EDIT_RULEBOOKS: gettext_lazy("change rulebooks"),
    Verb.EDIT_AREAS: gettext_lazy("change areas"),
    Verb.EDIT_CALENDAR: gettext_lazy("change the working calendar"),
    Verb.MANAGE_POSTS: gettext_lazy("give and end posts"),
    Verb.MANAGE_LOGINS: gettext_lazy("open and lock accounts"),
    Verb.READ_AUDIT: gettext_lazy("read the audit log"),
    Verb.MAKE_TOKENS: gettext_lazy("make keys for programs"),
    Verb.RUN_JOBS: gettext_lazy("see jobs and deliveries, and have them tried again"),
    Verb.RUN_REVIEWS: gettext_lazy("plan, draw and host monthly reviews"),
    Verb.UNSEAL_BALLOTS: gettext_lazy("be one of the two who open sealed ballots"),
}
REACHES: Mapping[str, Any] = {
    Reach.AREA: gettext_lazy("its area and all below"),
    Reach.CUSTOM: gettext_lazy("its area and further chosen ones, each with all below"),
    Reach.ORGANISATION: gettext_lazy("its own organisation"),
    Reach.BRANCH: gettext_lazy("its own organisation and those under it"),
    Reach.OWN: gettext_lazy("own cases only"),
}
_ALLOWED: Mapping[str, Any] = {
    "post_allows": gettext_lazy("The post %(role)s of %(area)s allows it."),
    "opened_it": gettext_lazy("Wrote it down."),
    "holds_it": gettext_lazy("Has it in hand, by a post or as a colleague there."),
    "took_part": gettext_lazy("Took a step on it before."),
}
_DENIED: Mapping[str, Any] = {
    "not_signed_in": gettext_lazy("Holds no post, so nothing is allowed."),
    "no_post_allows": gettext_lazy("None of this person's posts allows it."),
    "outside_reach": gettext_lazy("A post allows it, but it does not reach there."),
    "not_in_this_district": gettext_lazy("Holds no post in this district."),
    "other_district": gettext_lazy("Holds no post in this district."),
    "step_is_others": gettext_lazy("This step is for others: none of this person's posts allows it."),
}
STATES: Mapping[str, Any] = {
    "": gettext_lazy("Everybody"),
    "unposted": gettext_lazy("Without a post"),
    "away": gettext_lazy("Away now"),
    "no_login": gettext_lazy("Without an account"),
    "ending": gettext_lazy("Term ends within 60 days"),
}


def say_reach(reach: str, *, area: str, organisation: str) -> str:
    """Say how far a post reaches."""
    if reach == Reach.ORGANISATION:
        return _("matters of %(organisation)s, wherever they are") % {"organisation": organisation}
    if reach == Reach.BRANCH:
        said = {"organisation": organisation}
        return _("matters of %(organisation)s and the organisations under it, wherever they are") % said
    if reach == Reach.OWN:
        return _("only cases opened, held or worked on by the person")
    return _("%(area)s and all below") % {"area": area}


def say_any_decision(decision: Decision) -> str:
    """Word why the rules say yes or no."""
    if decision and decision.reason in _ALLOWED:
        return str(_ALLOWED[decision.reason] % dict(decision.params))
    if not decision and decision.reason in _DENIED:
        return str(_DENIED[decision.reason])
    return say_decision(decision.reason, decision.params)


def say_term(starts_on: date, ends_on: date | None, today: date) -> str:
    """Say from when to when: since 3/1; 3/1 to 12/31; 3/1 where it is one day."""
    if ends_on is None:
        return _("since %(day)s") % {"day": say_day(starts_on, today)}
    if starts_on == ends_on:
        return say_day(starts_on, today)
    return _("%(first)s to %(last)s") % {"first": say_day(starts_on, today), "last": say_day(ends_on, today)}


def say_post_state(row: PostRow, today: date) -> tuple[str, str]:
    """Say how a post stands: its words and the colour of its tag ("ok", "warn" or "")."""
    if row.starts_on > today:
        return _("begins later"), ""
    if not row.is_held(today):
        return _("ended"), ""
    if row.absence(today):
        return _("away"), "warn"
    if not row.is_on_duty:
        return _("off duty"), "warn"
    return _("in office"), "ok"


def say_login(login: LoginState | None, at: datetime) -> tuple[str, str]:
    """Say how an account stands: its words and the colour of its tag."""
    if login is None:
        return _("no account"), ""
    if not login.is_active:
        return _("locked"), "late"
    if login.locked_until is not None and at < login.locked_until:
        return _("shut for now after wrong passwords"), "warn"
    if login.one_time_until is not None:
        late = at >= login.one_time_until
        return (_("code not used in time"), "warn") if late else (_("waits for the first signing in"), "")
    return _("can sign in"), "ok"
