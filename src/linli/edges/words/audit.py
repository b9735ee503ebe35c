"""Lines of the audit log in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.edges.words.devices import PROVIDERS
from linli.ledger.audit.choices import AlarmKind, LineKind, Outcome

KINDS: Mapping[str, Any] = {
    LineKind.LOGIN: gettext_lazy("signed in"),
    LineKind.LOGIN_FAILED: gettext_lazy("signing in refused"),
    LineKind.LOGIN_LOCKED: gettext_lazy("account shut after wrong passwords"),
    LineKind.LOGOUT: gettext_lazy("signed out"),
    LineKind.PASSWORD_CHANGED: gettext_lazy("password changed"),
    LineKind.LOGIN_MADE: gettext_lazy("account made"),
    LineKind.LOGIN_ENDED: gettext_lazy("account locked"),
    LineKind.LOGIN_OPENED: gettext_lazy("account unlocked"),
    LineKind.PASSWORD_RESET: gettext_lazy("one-time code given"),
    LineKind.SESSION_ENDED: gettext_lazy("signed out on one device"),
    LineKind.SESSIONS_ENDED: gettext_lazy("signed out everywhere"),
    LineKind.SECOND_FACTOR_ASKED: gettext_lazy("password right, second factor asked for"),
    LineKind.SECOND_FACTOR_SET: gettext_lazy("second factor set up"),
    LineKind.SECOND_FACTOR_ENDED: gettext_lazy("second factor taken away"),
    LineKind.SECOND_FACTOR_RESET: gettext_lazy("second factor of another person taken away"),
    LineKind.RECOVERY_CODES_MADE: gettext_lazy("new recovery codes"),
    LineKind.ACCOUNT_LINKED: gettext_lazy("office account linked"),
    LineKind.ACCOUNT_UNLINKED: gettext_lazy("office account unlinked"),
    LineKind.RIGHTS_CHANGED: gettext_lazy("rights changed"),
    LineKind.TOKEN_MADE: gettext_lazy("key for programs made"),
    LineKind.TOKEN_ENDED: gettext_lazy("key for programs revoked"),
    LineKind.UNMASKED: gettext_lazy("contact seen in clear"),
    LineKind.VIEWED_SENSITIVE: gettext_lazy("sensitive data seen"),
    LineKind.EXPORTED: gettext_lazy("written out"),
    LineKind.ROWS_EXPORTED: gettext_lazy("rows written out"),
    LineKind.PRINTED: gettext_lazy("printed"),
    LineKind.SETTINGS_CHANGED: gettext_lazy("settings changed"),
    LineKind.RETRIED: gettext_lazy("job or delivery tried again"),
    LineKind.DATA_REQUESTED: gettext_lazy("own data asked for"),
    LineKind.DATA_ANSWERED: gettext_lazy("request about own data answered"),
    LineKind.NOT_ALLOWED: gettext_lazy("refused by rights"),
}
OUTCOMES: Mapping[str, Any] = {
    Outcome.DONE: gettext_lazy("done"),
    Outcome.REFUSED: gettext_lazy("refused"),
    Outcome.FAILED: gettext_lazy("failed"),
}
ALARMS: Mapping[str, Any] = {
    AlarmKind.EXPORTS: gettext_lazy("files written out"),
    AlarmKind.ROWS: gettext_lazy("rows written out"),
    AlarmKind.UNMASKINGS: gettext_lazy("contacts seen in clear"),
    AlarmKind.REFUSALS: gettext_lazy("refused by rights"),
}
_MEANS: Mapping[str, Any] = {
    "totp": gettext_lazy("with a code of the app"),
    "security_key": gettext_lazy("with a security key"),
    **PROVIDERS,
    "recovery_code": gettext_lazy("with a recovery code"),
}
_DEEDS: Mapping[tuple[str, str], Any] = {
    ("person", "made"): gettext_lazy("person written down"),
    ("post", "made"): gettext_lazy("post given"),
    ("post", "followed_area"): gettext_lazy("posts gone on with their area"),
    ("post", "ended_with_area"): gettext_lazy("posts ended with their area"),
    ("post", "area_taken_back"): gettext_lazy("posts back as they were before a change of areas"),
    ("post", "last_day"): gettext_lazy("last day of a post set"),
    ("post", "further"): gettext_lazy("further areas of a post changed"),
    ("role", "reach"): gettext_lazy("reach of a role changed"),
    ("keys", "key_made"): gettext_lazy("new key for personal data"),
    ("keys", "resealed"): gettext_lazy("personal data sealed anew"),
    ("keys", "key_retired"): gettext_lazy("old key for personal data removed"),
    ("data_request", "correct"): gettext_lazy("put right"),
    ("data_request", "delete"): gettext_lazy("delete"),
    ("data_request", "withdrawn"): gettext_lazy("consent taken back"),
    ("answer_time", "set"): gettext_lazy("time to answer data requests set"),
    ("consent", "published"): gettext_lazy("consent text put in force"),
    ("case", "copy"): gettext_lazy("copy of one's data"),
    ("absence", "set"): gettext_lazy("deputy named"),
    ("absence", "called_off"): gettext_lazy("deputy no longer needed"),
    ("review_minutes", "minutes"): gettext_lazy("minutes of a session"),
    ("review_paper", "typed"): gettext_lazy("paper ballot typed"),
    ("review_paper", "confirmed"): gettext_lazy("paper ballot typed by the second person"),
    ("review_ballots", "asked"): gettext_lazy("opening of sealed ballots asked for"),
    ("review_ballots", "opened"): gettext_lazy("sealed ballots opened"),
    ("review_ballots", "seen"): gettext_lazy("opened ballots looked at"),
    ("areas", "taken_back"): gettext_lazy("change of areas taken back"),
    ("review_programme", "members_set"): gettext_lazy("list of organisations of a review set"),
    ("review_programme", "rules_saved"): gettext_lazy("rules of a review saved"),
    ("review_auditor_key", "registered"): gettext_lazy("key for sealed ballots registered"),
    ("review_draw", "excused"): gettext_lazy("organisation excused from a draw"),
    ("review_draw", "excuse_taken_back"): gettext_lazy("excuse from a draw taken back"),
    ("review_draw", "who_may_said"): gettext_lazy("who may report at a special session said"),
    ("review_draw", "leave_approved"): gettext_lazy("leave approved, a deputy reports if drawn"),
    ("review_draw", "leave_taken_back"): gettext_lazy("leave for a draw taken back"),
    ("review_draw", "committed"): gettext_lazy("list of a draw frozen"),
    ("review_draw", "locked"): gettext_lazy("throw of a draw closed"),
    ("review_draw", "drawn"): gettext_lazy("names drawn"),
    ("review_draw", "voided"): gettext_lazy("draw made void"),
    ("ways_out", "robot_added"): gettext_lazy("group chat named for notices"),
    ("ways_out", "robot_ended"): gettext_lazy("group chat told no more"),
    ("ways_out", "system_added"): gettext_lazy("other system told by webhook"),
    ("ways_out", "system_renewed"): gettext_lazy("new secret for another system"),
    ("ways_out", "system_secret_dropped"): gettext_lazy("old secret of another system no more"),
    ("ways_out", "system_ended"): gettext_lazy("other system told no more"),
    ("ways_out", "system_resumed"): gettext_lazy("other system told again"),
    ("ways_out", "text_published"): gettext_lazy("words of a notice changed"),
    ("ways_out", "defaults_set"): gettext_lazy("how the district begins with notices set"),
    ("review_draw", "amended"): gettext_lazy("name struck from a draw"),
}
# What a line is about where no words are known for the deed.
_SUBJECTS: Mapping[str, Any] = {
    "areas": gettext_lazy("Areas"),
    "review_programme": gettext_lazy("Monthly review"),
    "review_draw": gettext_lazy("Monthly review"),
    "juror": gettext_lazy("badge of a juror"),
}

# Rooms of the pages by how their addresses begin; the longest beginning counts. What is in none is told by its address.
_ROOMS: Mapping[str, Any] = {
    "/api/": gettext_lazy("Interface for programs"),
    "/cockpit/": gettext_lazy("Cockpit"),
    "/cockpit/rates/": gettext_lazy("Three rates"),
    "/desk/": gettext_lazy("To do"),
    "/desk/alarms/": gettext_lazy("Alarms"),
    "/desk/audit/": gettext_lazy("Audit log"),
    "/desk/calendar/": gettext_lazy("Working calendar"),
    "/desk/cases/": gettext_lazy("Cases"),
    "/desk/consent/": gettext_lazy("Consent text"),
    "/desk/data-requests/": gettext_lazy("Requests about data"),
    "/desk/files/": gettext_lazy("Photo or document"),
    "/desk/jobs/": gettext_lazy("Jobs and deliveries"),
    "/desk/notices/": gettext_lazy("My notices"),
    "/desk/ways-out/": gettext_lazy("Notices outside"),
    "/desk/people/": gettext_lazy("People and posts"),
    "/desk/people/coverage/": gettext_lazy("Coverage"),
    "/desk/posts/": gettext_lazy("People and posts"),
    "/desk/registers/": gettext_lazy("Registers"),
    "/desk/registry/": gettext_lazy("Registry"),
    "/desk/registry/areas/": gettext_lazy("Areas"),
    "/desk/retention/": gettext_lazy("Keeping times"),
    "/desk/reviews/": gettext_lazy("Monthly review"),
    "/desk/rules/": gettext_lazy("Rulebooks"),
    "/hall/": gettext_lazy("Monthly review"),
    "/map/": gettext_lazy("One map"),
}


def say_address(path: str) -> str:
    """Name the room of a page, and the address behind it, which alone tells which case or file it was."""
    room = str(_ROOMS.get(max((begin for begin in _ROOMS if path.startswith(begin)), key=len, default=""), ""))
    return _("%(room)s (%(address)s)") % {"room": room, "address": path} if room else path


def say_about(
    *, object_kind: str, object_id: str, data: Mapping[str, object], names: Mapping[str, str], roles: Mapping[str, str],
    registers: Mapping[str, str],
) -> str:  # fmt: skip
    """Say what a line is about; codes and ids only where there is a word for them.

    names: of people by id; roles: names by code; registers: titles by name.
    """
    deed = _DEEDS.get((object_kind, str(data.get("did", "")))) or _SUBJECTS.get(object_kind)
    said = [str(deed)] if deed else []
    if object_kind in {"person", "absence"}:
        said.append(names.get(object_id, ""))
    if "deputy" in data:
        said.append(_("deputy %(name)s") % {"name": names.get(str(data["deputy"]), "")})
    if object_kind == "register":
        said.append(registers.get(object_id, ""))
    if object_kind in {"address", "page"}:
        said.append(say_address(object_id))
    if object_kind == "alarm":
        said.append(_("alarm limit"))
        said.append(str(ALARMS.get(object_id, "")))
    if "rows" in data:
        said.append(_("%(n)s rows") % {"n": data["rows"]})
    if object_kind == "audit":
        said.append(_("audit log"))
    if object_kind == "login" and object_id:
        said.append(object_id)
    said.append(str(_MEANS.get(str(data.get("by", "")), "")))
    said.append(roles.get(str(data.get("role", "")), ""))
    said += [str(data[name]) for name in ("draw", "area", "starts_on", "ends_on", "reason") if data.get(name)]
    if "days" in data:
        said.append(_("%(n)s days") % {"n": data["days"]})
    return " · ".join(part for part in said if part)
