"""What every step leaves behind: a line of history, a fact, a message in the outbox."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from linli.cases.calc.words import plain
from linli.cases.choices import BESIDE_STAGES, BESIDE_TABLE
from linli.cases.models import Case, CaseStep, Merging
from linli.kernel.db.inserting import insert
from linli.ledger.commands.actions import queue_message
from linli.ledger.facts.actions import record
from linli.registry.people.rules import HeldPost, Viewer

FACTS = {
    "report": "case.opened",
    "accept": "case.accepted",
    "reject": "case.rejected",
    "dispatch": "case.dispatched",
    "handle": "case.handled",
    "report-back": "case.reported_back",
    "verify": "case.verified",
    "close": "case.closed",
    "return": "case.returned",
    "reopen": "case.reopened",
    "transfer": "case.transferred",
    "suspend": "case.suspended",
    "resume": "case.resumed",
    "join": "case.joined",
    "override": "case.reprioritised",
    "note": "case.noted",
    "recategorise": "case.recategorised",
    "hand-over": "case.handed_over",
    "settle": "case.closed",
    "merge": "case.merged",
    "unmerge": "case.unmerged",
    "warn": "case.warned",
    "escalate": "case.escalated",
    "dispute": "case.disputed",
    "uphold": "case.dispute_upheld",
    "refuse": "case.dispute_refused",
    "withdraw": "case.dispute_withdrawn",
    "whistle": "case.whistled",
    "report-in": "case.reported_in",
    "opinion": "case.opinion_given",
    "evaluate": "case.help_evaluated",
    "change-lead": "case.lead_changed",
    "take-back": "case.whistle_taken_back",
    "ask-time": "case.time_asked",
    "grant-time": "case.time_granted",
    "refuse-time": "case.time_refused",
    "lapse-time": "case.time_lapsed",
    "remind": "case.hold_reminded",
    "supervise": "case.supervised",
    "answer-watch": "case.supervision_answered",
    "close-watch": "case.supervision_closed",
    "call-off-watch": "case.supervision_called_off",
    "give-card": "case.card_given",
    "appeal-card": "case.card_appealed",
    "uphold-card": "case.card_upheld",
    "take-back-card": "case.card_taken_back",
}

# Reporters of merged cases are not told of these steps of the leading one: staff's own, or of joining.
_UNTOLD = frozenset({"join", "merge", "unmerge", "note", "override", "hand-over", *BESIDE_STAGES, *BESIDE_TABLE})


def remember(
    *,
    case: Case,
    action: str,
    from_state: str,
    at: datetime,
    by: Viewer,
    by_kind: str = "",
    reason: str = "",
    note: str = "",
    data: Mapping[str, Any] | None = None,
    rated: tuple[UUID | None, UUID | None] | None = None,
    ahead: Callable[[], Sequence[Model]] = tuple,
    acted_as: HeldPost | None = None,
) -> UUID:
    """Append the step to the case's history and the fact to the ledger; the fact holds no words of anybody. 2 queries.

    by_kind: staff, resident or system; told from `by` if left out. data: plain values (codes, ids as text, numbers).
    rated: organisation and post whose work the fact counts for; left out, of whoever has the case now.
    ahead: gives unsaved rows to be written before the step, in its statement: the case itself, when it is new. It is
    asked as the very last, so that a number may be drawn in it.
    acted_as: the post by which it was done, the first one if left out; a deputy's says for whom.
    """
    acted_as = acted_as or next(iter(by.posts), None)
    values = dict(data or {})
    if acted_as is not None and acted_as.is_deputised:
        values["deputy_for"] = str(acted_as.holder_id)
    organisation_id, post_id = rated or (case.organisation_id, case.post_id)
    step = CaseStep(
        district_id=case.district_id,
        case=case,
        at=at,
        action=action,
        from_state=from_state,
        to_state=case.state,
        by_kind=by_kind or ("staff" if by.is_known else "resident"),
        by_person=by.person_id,
        by_post=acted_as.post_id if acted_as else None,
        reason=reason,
        note=plain(note),
        data=values,
    )
    record(
        district_id=case.district_id,
        kind=FACTS[action],
        subject_id=case.id,
        at=at,
        actor_id=by.person_id,
        area_path=case.area_path,
        organisation_id=organisation_id,
        post_id=post_id,
        data=fact_data(case, from_state=from_state, reason=reason, values=values),
    )
    insert(*ahead(), step)
    return step.id


def fact_data(case: Case, *, from_state: str, reason: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a fact about a case says: codes, numbers and ids, never personal data."""
    said: dict[str, Any] = {"category": case.category, "from": from_state, "to": case.state, **values}
    if reason:
        said["reason"] = reason
    return said


def tell(case: Case, action: str, at: datetime, *, to: tuple[UUID | None, UUID | None] | None = None) -> None:
    """Queue a message about the case and wake whoever watches lists it is in. 1 query, sent on commit.

    Of a case that leads others, each of these is told of the step as well: its reporters are told alike. 1 query more
    for cases of several reporters, and 1 for each that is merged. to: the organisation and the post that are told, else
    whoever has the case.
    """
    _tell(case, action, at, to or (case.organisation_id, case.post_id))
    if case.reporters > 1 and action not in _UNTOLD:
        led = Merging.objects.filter(district_id=case.district_id, leading_id=case.id, until=None)
        for merged in led.order_by("id").values_list("case_id", "case__area_path", "case__version"):
            _tell_merged(case, merged, action, at)


def _tell_merged(leading: Case, merged: tuple[UUID, str, int], action: str, at: datetime) -> None:
    """Tell of a merged case what happened to the leading one; nobody but its reporters is meant."""
    case_id, area_path, version = merged
    queue_message(
        district_id=leading.district_id, kind=FACTS[action], subject_id=case_id, at=at,
        data={"area_path": area_path, "organisation": "", "post": "", "opened_by": "", "version": version,
              "leading": str(leading.id)},
    )  # fmt: skip


def _tell(case: Case, action: str, at: datetime, to: tuple[UUID | None, UUID | None]) -> None:
    organisation_id, post_id = to
    queue_message(
        district_id=case.district_id,
        kind=FACTS[action],
        subject_id=case.id,
        at=at,
        data={
            "area_path": case.area_path,
            "organisation": str(organisation_id or ""),
            "post": str(post_id or ""),
            "opened_by": str(case.opened_by or ""),
            "version": case.version,
        },
    )
