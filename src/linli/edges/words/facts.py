"""Kinds of facts in words, for registers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from linli.edges.words.reviews import REVIEW_FACTS

FACTS: Mapping[str, Any] = {
    "case.opened": gettext_lazy("case opened"),
    "case.accepted": gettext_lazy("case accepted"),
    "case.rejected": gettext_lazy("case not taken on"),
    "case.dispatched": gettext_lazy("case dispatched"),
    "case.handled": gettext_lazy("handling started"),
    "case.reported_back": gettext_lazy("case reported back"),
    "case.verified": gettext_lazy("case verified"),
    "case.closed": gettext_lazy("case closed out"),
    "case.returned": gettext_lazy("case sent back"),
    "case.reopened": gettext_lazy("case opened again"),
    "case.transferred": gettext_lazy("case handed on"),
    "case.suspended": gettext_lazy("case put on hold"),
    "case.resumed": gettext_lazy("case resumed"),
    "case.joined": gettext_lazy("one more reporter"),
    "case.reprioritised": gettext_lazy("priority set by hand"),
    "case.noted": gettext_lazy("note written"),
    "case.merged": gettext_lazy("case merged into another"),
    "case.unmerged": gettext_lazy("merged case taken out"),
    "case.handed_over": gettext_lazy("handed over with the post"),
    "case.warned": gettext_lazy("warned before the deadline"),
    "case.escalated": gettext_lazy("the next one up named"),
    "case.deadline_recounted": gettext_lazy("deadline counted anew"),
    "area.made": gettext_lazy("area added"),
    "area.changed": gettext_lazy("area changed"),
    "compound.made": gettext_lazy("compound added"),
    "compound.changed": gettext_lazy("compound changed"),
    "building.made": gettext_lazy("building added"),
    "building.changed": gettext_lazy("building changed"),
    "organisation.made": gettext_lazy("organisation added"),
    "organisation.changed": gettext_lazy("organisation changed"),
    "person.made": gettext_lazy("person written down"),
    "person.changed": gettext_lazy("person changed"),
    "post.made": gettext_lazy("post given"),
    "post.changed": gettext_lazy("post changed"),
    "registry.imported": gettext_lazy("sheets of the registry taken in"),
    "post.last_day_set": gettext_lazy("last day of a post set"),
    "absence.set": gettext_lazy("deputy named"),
    "absence.called_off": gettext_lazy("deputy no longer needed"),
    "answer_time.set": gettext_lazy("time to answer data requests set"),
    "consent.published": gettext_lazy("consent text put in force"),
    "consent.withdrawn": gettext_lazy("consent taken back"),
    "data_request.made": gettext_lazy("request about one's data"),
    "data_request.answered": gettext_lazy("request about one's data answered"),
    "retention.applied": gettext_lazy("personal data past their time wiped"),
    "rulebook.published": gettext_lazy("rulebook put in force"),
    "election.held": gettext_lazy("committees chosen anew"),
    "election.undone": gettext_lazy("change of committees undone"),
    "post.withdrawn": gettext_lazy("post taken back before it began"),
    "functions.published": gettext_lazy("functions put in force"),
    "coverage.hole_appeared": gettext_lazy("nobody responsible"),
    "coverage.hole_filled": gettext_lazy("somebody responsible again"),
    "notice.test": gettext_lazy("notice to try the way"),
    "told.accepted": gettext_lazy("to the reporter: taken on"),
    "told.reported_back": gettext_lazy("to the reporter: handled, please say how it went"),
    "told.closed": gettext_lazy("to the reporter: closed"),
    "webhook.disabled": gettext_lazy("subscription of another system switched off"),
    "digest": gettext_lazy("several notices together"),
    **REVIEW_FACTS,
    "review_ballot.from_paper": gettext_lazy("ballot from paper counted"),
    "review_hall.bells_heard": gettext_lazy("bells of a session heard"),
    "review_hall.opened": gettext_lazy("session opened"),
    "review_hall.moved": gettext_lazy("session moved on"),
    "review_jury.seated": gettext_lazy("jury named"),
    "review_jury.badges_made": gettext_lazy("badges of a jury made"),
    "review_jury.checked_in": gettext_lazy("juror checked in"),
    "review_jury.let_out": gettext_lazy("juror's telephone let out"),
    "review_jury.recused": gettext_lazy("juror recused"),
    "review_session.published": gettext_lazy("result of a session published"),
}


def say_fact(kind: str) -> str:
    """Word a kind of fact."""
    return str(FACTS.get(kind, kind))
