"""Monthly reviews in words: kinds, states, what went wrong, what happened."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.oversight.reviews.calc.tickets import COOLDOWN, FLOOR, TICKETS, Rule
from linli.oversight.reviews.choices import (
    BallotMode,
    Choosing,
    DrawState,
    ExcuseReason,
    LeaveReason,
    Occasion,
    Phase,
    RemarkKind,
    ReviewLevel,
    StrikeReason,
    VoidReason,
)
from linli.registry.orgs.choices import OrganisationKind

LEVELS: Mapping[str, Any] = {
    ReviewLevel.DISTRICT: gettext_lazy("district committee"),
    ReviewLevel.MIDDLE: gettext_lazy("departments and subdistrict committees"),
    ReviewLevel.GRASSROOTS: gettext_lazy("grassroots organisations"),
}
# Kinds of Party organisations whose secretaries report.
PARTY_KINDS: Mapping[str, Any] = {
    OrganisationKind.WORKING_COMMITTEE: gettext_lazy("working committees of subdistricts"),
    OrganisationKind.LEADING_GROUP: gettext_lazy("leading groups of departments"),
    OrganisationKind.PARTY_COMMITTEE: gettext_lazy("Party committees"),
    OrganisationKind.GENERAL_BRANCH: gettext_lazy("general Party branches"),
    OrganisationKind.PARTY_BRANCH: gettext_lazy("Party branches"),
    OrganisationKind.PARTY_GROUP: gettext_lazy("Party groups"),
}
OCCASIONS: Mapping[str, Any] = {
    Occasion.REGULAR: gettext_lazy("regular session"),
    Occasion.FIELD: gettext_lazy("session in the field"),
    Occasion.BORN_AFTER_1980: gettext_lazy("session of those born after 1980"),
    Occasion.MID_YEAR: gettext_lazy("mid-year session"),
    Occasion.YEAR_END: gettext_lazy("year-end session"),
}
CHOOSINGS: Mapping[str, Any] = {
    Choosing.ROTA: gettext_lazy("fixed rota"),
    Choosing.NOTICE: gettext_lazy("draw with notice"),
    Choosing.SAME_DAY: gettext_lazy("draw on the day"),
}
DRAW_STATES: Mapping[str, Any] = {
    DrawState.PLANNED: gettext_lazy("planned"),
    DrawState.COMMITTED: gettext_lazy("pool frozen"),
    DrawState.LOCKED: gettext_lazy("throw closed"),
    DrawState.DRAWN: gettext_lazy("drawn"),
    DrawState.VOID: gettext_lazy("void"),
}
EXCUSES: Mapping[str, Any] = {
    ExcuseReason.DISASTER: gettext_lazy("fighting a disaster"),
    ExcuseReason.REORGANISATION: gettext_lazy("being reorganised"),
    ExcuseReason.VACANT: gettext_lazy("post vacant"),
    ExcuseReason.INSPECTION: gettext_lazy("under inspection"),
    ExcuseReason.NATIONAL_TASK: gettext_lazy("on a task of the state"),
}
LEAVES: Mapping[str, Any] = {
    LeaveReason.OFFICIAL_TRIP: gettext_lazy("official trip"),
    LeaveReason.TRAINING: gettext_lazy("training"),
    LeaveReason.LEAVE: gettext_lazy("leave"),
}
PHASES: Mapping[str, Any] = {
    Phase.READY: gettext_lazy("ready"),
    Phase.TALK: gettext_lazy("report"),
    Phase.COMMENT: gettext_lazy("comment"),
    Phase.SCORE: gettext_lazy("scoring"),
    Phase.RESULT: gettext_lazy("result shown"),
    Phase.SUMMARY: gettext_lazy("principal leaders sum up"),
    Phase.DEPLOYMENT: gettext_lazy("deployment"),
    Phase.CLOSED: gettext_lazy("session over"),
}
BALLOT_MODES: Mapping[str, Any] = {
    BallotMode.OPEN: gettext_lazy("open ballot with names"),
    BallotMode.SEALED: gettext_lazy("sealed ballot"),
    BallotMode.SECRET: gettext_lazy("secret ballot"),
}
# What a juror is told of each, on the telephone.
BALLOT_PROMISES: Mapping[str, Any] = {
    BallotMode.OPEN: gettext_lazy("Open ballot: published with each juror's number"),
    BallotMode.SEALED: gettext_lazy("Sealed ballot: published without names"),
    BallotMode.SECRET: gettext_lazy("Secret ballot: published without names, nobody can look them up"),
}
BALLOT_TRACES: Mapping[str, Any] = {
    BallotMode.OPEN: gettext_lazy("Once the session is closed everybody sees which juror gave what."),
    BallotMode.SEALED: gettext_lazy(
        "Two people of the discipline office together can find out whose a ballot was; each time is written down."
    ),
    BallotMode.SECRET: gettext_lazy("Once the session is closed nothing is kept that tells whose a ballot was."),
}
REMARKS: Mapping[str, Any] = {
    RemarkKind.COMMENT: gettext_lazy("comment"),
    RemarkKind.ASSIGNMENT: gettext_lazy("assignment"),
    RemarkKind.DEPLOYMENT: gettext_lazy("deployment"),
}
IMPOSSIBLE: Mapping[str, Any] = {
    "no_such_rule": gettext_lazy("there is no such rule."),
    "cap_out_of_range": gettext_lazy("the most tickets are from 2 to %(most)s."),
    "more_than_there_are": gettext_lazy("there are only %(most)s organisations in the group %(stratum)s."),
    "cooldown_empties_pool": gettext_lazy(
        "in the group %(stratum)s those drawn can be left out of at most %(most)s draws."
    ),
    "floor_out_of_reach": gettext_lazy(
        "a year's draws reach at most %(most)s organisations of the group %(stratum)s; draw more of it each time, or choose a rule that does not promise everybody a turn each year."
    ),
}
VOIDS: Mapping[str, Any] = {
    VoidReason.MISREAD: gettext_lazy("dice misread"),
    VoidReason.WRONG_POOL: gettext_lazy("list was wrong"),
    VoidReason.DISTURBED: gettext_lazy("order was disturbed"),
    VoidReason.EQUIPMENT: gettext_lazy("equipment failed"),
}
STRIKES: Mapping[str, Any] = {
    StrikeReason.DISSOLVED: gettext_lazy("dissolved"),
    StrikeReason.EXCUSED_BEFORE: gettext_lazy("was excused before"),
    StrikeReason.LISTED_BY_MISTAKE: gettext_lazy("listed by mistake"),
}
REVIEW_ERRORS: Mapping[str, Any] = {
    "auditor_key_unreadable": gettext_lazy("That is no public key. Copy the 44 letters that the command showed."),
    "auditor_key_old": gettext_lazy("Another key has replaced this one. Make a new one."),
    "no_such_draw": gettext_lazy("There is no such draw here. Go back to the year."),
    "draw_moved_on": gettext_lazy("The draw is further or not as far as this step needs it. Look where it stands."),
    "other_draw_open": gettext_lazy(
        "Another draw of this programme is frozen and not drawn yet. Finish that one first."
    ),
    "later_draw_there": gettext_lazy("A later month is drawn already; the order of records can't go back."),
    "too_few_in_pool": gettext_lazy("Fewer organisations have a ticket than are to be drawn. Look at who is excused."),
    "code_unfit": gettext_lazy(
        "An organisation's code has signs a record can't hold: %(code)s. Letters, digits, - _ . only."
    ),
    "unknown_item": gettext_lazy("This is not among what was announced to be thrown."),
    "throw_unreadable": gettext_lazy("Only digits, letters and . : , - in what was thrown. Type it again."),
    "throw_not_confirmed": gettext_lazy(
        "Two people have to type the same, one after the other. Let somebody else type it."
    ),
    "deputy_not_of_it": gettext_lazy(
        "Who stands in has to hold a post in this organisation, or in the body that does its work, on the day of the draw."
    ),
    "not_a_special_draw": gettext_lazy("Everybody on the list may report at this session; there is nothing to tick."),
    "deputy_unclear": gettext_lazy("Say who stands in: write a part of the name, then choose."),
    "deputy_gone": gettext_lazy(
        "The deputy of %(organisation)s holds no post there any more, or is away. Take the leave back or name another one."
    ),
    "leave_after_commit": gettext_lazy(
        "The list is frozen, so no leave can be approved or taken back. Who is not there is marked absent and reports next time in addition."
    ),
    "approver_missing": gettext_lazy("Say which office approved it."),
    "excused_too_often": gettext_lazy(
        "This organisation was excused %(cap)s times this year already, which is all there are."
    ),
    "draw_session_opened": gettext_lazy("A session of this draw was opened; its list can't change any more."),
    "not_on_the_list": gettext_lazy("This organisation had no ticket in this draw."),
    "struck_already": gettext_lazy("This organisation is off the list already."),
    "policy_impossible": gettext_lazy("The rule of choosing can't be kept with these numbers: %(why)s"),
    "review_rules": gettext_lazy("These rules can't be run by. Look at the field that is marked."),
    "programme_there_already": gettext_lazy("There is a programme with this short name. Choose another one."),
    "rules_moved_on": gettext_lazy(
        "Somebody saved version %(number)s meanwhile. Open the page again; what you changed is still here."
    ),
    "organisation_unclear": gettext_lazy("Say which organisation: write its name or code, then choose."),
    "unknown_member": gettext_lazy(
        "%(code)s was never on this programme's list. Write names or codes of organisations that were."
    ),
    "unknown_stratum": gettext_lazy("There is no such group in the rules. Choose one of the list."),
    "no_such_review_session": gettext_lazy("There is no such session here. Go back to the list."),
    "bad_time": gettext_lazy("Give day and time."),
    "session_opened": gettext_lazy("The session is open already. When and where can't be changed any more."),
    "place_too_long": gettext_lazy("Write the place in at most 80 letters."),
    "venues_too_many": gettext_lazy("Name at most %(most)s branch venues."),
    "nobody_to_draw": gettext_lazy(
        "There are fewer organisations in the group %(group)s than are drawn each time. Draw fewer, or choose another kind."
    ),
    "review_organisation": gettext_lazy("Write name or code of one organisation; %(count)s fit what you wrote."),
    "not_by_rota": gettext_lazy("Presenters of this month are drawn, so that nobody is seated by rota."),
    "no_such_programme": gettext_lazy("There is no such programme here. Go back to the list."),
}
REVIEW_FACTS: Mapping[str, Any] = {
    "review_programme.rules_saved": gettext_lazy("rules of reviews saved"),
    "review_programme.members_set": gettext_lazy("who can be drawn set"),
    "review_programme.opened_up": gettext_lazy("reviews opened to the public"),
    "review_programme.closed_off": gettext_lazy("reviews closed to the public"),
    "review_programme.year_planned": gettext_lazy("year of reviews planned"),
    "review_session.arranged": gettext_lazy("time and place of a review set"),
    "review_auditor_key.registered": gettext_lazy("key for sealed ballots registered"),
    "review_draw.excused": gettext_lazy("organisation excused from a draw"),
    "review_draw.excuse_taken_back": gettext_lazy("excuse from a draw taken back"),
    "review_draw.who_may_said": gettext_lazy("who may report at a special session said"),
    "review_draw.leave_approved": gettext_lazy("leave approved, a deputy reports if drawn"),
    "review_draw.leave_taken_back": gettext_lazy("leave for a draw taken back"),
    "review_draw.committed": gettext_lazy("list of a draw frozen"),
    "review_draw.locked": gettext_lazy("throw of a draw closed"),
    "review_draw.drawn": gettext_lazy("draw held"),
    "review_draw.voided": gettext_lazy("draw made void"),
    "review_draw.amended": gettext_lazy("result of a draw amended"),
    "review_turn.given": gettext_lazy("turn at a review given"),
    "review_turn.material_frozen": gettext_lazy("figures of a report kept as they were"),
    "review_turn.words_written": gettext_lazy("secretary's words added to a report"),
    "review_turn.absent": gettext_lazy("absence from a report noted"),
    "review_turn.scored": gettext_lazy("result of a report published"),
    "review_turn.absence_taken_back": gettext_lazy("absence from a report taken back"),
    "review_remark.written": gettext_lazy("leader's remark written down"),
    "review_remark.changed": gettext_lazy("leader's remark put right"),
    "review_remark.struck": gettext_lazy("leader's remark struck"),
    "review_remark.nodded": gettext_lazy("leader's remark shown in the hall"),
}


def say_who(lead: str, others: int) -> str:
    """Name who takes the lead, and how many have to do it in all where there are more."""
    return _("%(who)s and others, %(count)s in all") % {"who": lead, "count": others + 1} if others else lead


def say_policy(rule: Rule) -> str:
    """Word a rule of choosing."""
    if rule.kind == COOLDOWN:
        return _("not again within %(count)s draws") % {"count": rule.cooldown}
    if rule.kind == TICKETS:
        return _("tickets up to %(cap)s, and everybody once a year") % {"cap": rule.ticket_cap}
    return _("chance alone, and everybody once a year") if rule.kind == FLOOR else _("chance alone")
