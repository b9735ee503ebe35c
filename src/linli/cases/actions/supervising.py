"""Supervision: a higher level watches a case, asks and gets an answer; cards for organisations, and objections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from linli.cases.actions.recording import FACTS, remember, tell
from linli.cases.calc.words import plain
from linli.cases.choices import FINISHED, Action, CardColour, CardReason, CardState, SupervisionReason, SupervisionState
from linli.cases.errors import CannotSupervise, NoSuchCase, NoSuchSupervision
from linli.cases.models import Card, Case, CaseStep, Supervision
from linli.cases.rules import may_answer_supervision, may_see_case, may_supervise, post_behind
from linli.kernel.errors import InvalidInput
from linli.ledger.facts.actions import NewFact, record_many
from linli.registry.people.rules import NOBODY, Viewer

LONGEST_WORDS = 1000
LONGEST_WAIT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a supervision asks. answer_by: the last day for the answer, Shanghai."""

    reason: SupervisionReason
    text: str
    answer_by: date


@transaction.atomic
def open_supervision(*, district_id: str, case_id: UUID, demand: Demand, by: Viewer, at: datetime) -> UUID:
    """Put an open case under supervision; whoever has it is told and has to answer by a day. Returns its id.

    Locks the case; writes supervision, step, fact and message. Raises NoSuchCase, NotAllowed (only who watches over the
    place and is not of the organisation that has it), InvalidInput, CannotSupervise (closed, nobody's, watched).
    """
    case = _lock(district_id, case_id, by)
    may_supervise(by, case).require()
    if case.state in FINISHED:
        raise CannotSupervise("case_finished")
    if case.organisation_id is None:
        raise CannotSupervise("nobody_has_it")
    text = _words(demand.text, "text")
    today = timezone.localdate(at)
    if not today < demand.answer_by <= today + LONGEST_WAIT:
        raise InvalidInput("answer_day_out_of_range", field="answer_by", params={"most_days": LONGEST_WAIT.days})
    row = Supervision(
        district_id=district_id, case=case, organisation_id=case.organisation_id, state=SupervisionState.OPEN,
        reason=demand.reason, demand=text, answer_by=demand.answer_by, opened_at=at, opened_by=by.person_id,
        opened_post=_post_id(by, case),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise CannotSupervise("supervised_already") from error
    said = {"supervision": str(row.id), "answer_by": demand.answer_by.isoformat()}
    _record(case, Action.SUPERVISE, by=by, at=at, reason=demand.reason, note=text, said=said)
    return row.id


@transaction.atomic
def answer_supervision(*, district_id: str, supervision_id: UUID, text: str, by: Viewer, at: datetime) -> None:
    """Answer a supervision for the organisation that has to. Raises NoSuchSupervision, NotAllowed, CannotSupervise."""
    row, case = _lock_both(district_id, supervision_id, by)
    may_answer_supervision(by, case, organisation_id=row.organisation_id).require()
    if row.state != SupervisionState.OPEN:
        raise CannotSupervise("not_open")
    row.answer, row.answered_at, row.answered_by = _words(text, "text"), at, by.person_id
    row.state = SupervisionState.ANSWERED
    row.save(force_update=True)
    _record(case, Action.ANSWER_SUPERVISION, by=by, at=at, note=row.answer, said={"supervision": str(row.id)})


@transaction.atomic
def end_supervision(
    *, district_id: str, supervision_id: UUID, is_done: bool, text: str, by: Viewer, at: datetime
) -> None:
    """Close an answered supervision, or call off one that was not needed, with a reason.

    Raises NoSuchSupervision, NotAllowed, InvalidInput, CannotSupervise (not answered yet, or over already).
    """
    row, case = _lock_both(district_id, supervision_id, by)
    may_supervise(by, case, organisation_id=row.organisation_id).require()
    if row.state not in {SupervisionState.OPEN, SupervisionState.ANSWERED}:
        raise CannotSupervise("not_open")
    if is_done and row.state != SupervisionState.ANSWERED:
        raise CannotSupervise("not_answered")
    row.closing, row.closed_at, row.closed_by = _words(text, "text"), at, by.person_id
    row.state = SupervisionState.CLOSED if is_done else SupervisionState.WITHDRAWN
    row.save(force_update=True)
    action = Action.CLOSE_SUPERVISION if is_done else Action.CALL_OFF_SUPERVISION
    _record(case, action, by=by, at=at, note=row.closing, said={"supervision": str(row.id)})


@transaction.atomic
def appeal_card(*, district_id: str, card_id: UUID, text: str, by: Viewer, at: datetime) -> None:
    """Object to a card for the organisation that got it. Raises NoSuchSupervision, NotAllowed, CannotSupervise."""
    card, case = _lock_card(district_id, card_id, by)
    may_answer_supervision(by, case, organisation_id=card.organisation_id).require()
    if card.state != CardState.GIVEN:
        raise CannotSupervise("card_appealed_already")
    card.appeal, card.appealed_at, card.appealed_by = _words(text, "text"), at, by.person_id
    card.state = CardState.APPEALED
    card.save(force_update=True)
    _record(case, Action.APPEAL_CARD, by=by, at=at, note=card.appeal, said=_said(card))


@transaction.atomic
def rule_on_card(
    *, district_id: str, card_id: UUID, is_taken_back: bool, text: str, by: Viewer, at: datetime
) -> None:  # fmt: skip
    """Take a card back, or let one stand that was appealed, with the reason.

    A card taken back counts nowhere. Raises NoSuchSupervision, NotAllowed, InvalidInput, CannotSupervise.
    """
    card, case = _lock_card(district_id, card_id, by)
    may_supervise(by, case, organisation_id=card.organisation_id).require()
    if card.state == CardState.TAKEN_BACK or (not is_taken_back and card.state != CardState.APPEALED):
        raise CannotSupervise("card_ruled_already")
    card.ruling, card.ruled_at, card.ruled_by = _words(text, "text"), at, by.person_id
    card.state = CardState.TAKEN_BACK if is_taken_back else CardState.UPHELD
    card.save(force_update=True)
    action = Action.TAKE_BACK_CARD if is_taken_back else Action.UPHOLD_CARD
    _record(case, action, by=by, at=at, note=card.ruling, said=_said(card))


def miss_supervisions(*, district_id: str, at: datetime, limit: int = 200) -> int:
    """Give a red card for each supervision whose day went by without an answer, once. Returns how many."""
    late = Supervision.objects.filter(
        district_id=district_id, state=SupervisionState.OPEN, missed_at=None, answer_by__lt=timezone.localdate(at)
    )
    ids = list(late.order_by("answer_by", "id").values_list("id", flat=True)[:limit])
    return sum(_miss(district_id, row_id, at) for row_id in ids)


@transaction.atomic
def _miss(district_id: str, row_id: UUID, at: datetime) -> int:
    found = Supervision.objects.select_for_update(skip_locked=True).filter(district_id=district_id, id=row_id)
    row = found.filter(state=SupervisionState.OPEN, missed_at=None).first()
    if row is None:
        return 0
    case = Case.objects.select_for_update().get(district_id=district_id, id=row.case_id)
    row.missed_at = at
    row.save(force_update=True)
    once = f"supervision:{row.id}"
    give_cards([NewCard(case, row.organisation_id, CardColour.RED, CardReason.SUPERVISION_MISSED, once)], at=at)
    tell(case, Action.GIVE_CARD, at)
    return 1


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card that the rules give. once: what it is for; the same gives no second one."""

    case: Case
    organisation_id: UUID
    colour: CardColour
    reason: CardReason
    once: str


def give_cards(cards: Sequence[NewCard], *, at: datetime) -> int:
    """Give cards by the rules, in the present transaction; each once. Returns how many. 4 queries, however many."""
    if not cards:
        return 0
    district_id = cards[0].case.district_id
    known = set(
        Card.objects.filter(district_id=district_id, case_id__in=[card.case.id for card in cards]).values_list(
            "case_id", "organisation_id", "once"
        )
    )
    new = [card for card in cards if (card.case.id, card.organisation_id, card.once) not in known]
    rows = Card.objects.bulk_create(
        Card(
            district_id=district_id, case=card.case, organisation_id=card.organisation_id, colour=card.colour,
            reason=card.reason, once=card.once, given_at=at,
        )
        for card in new
    )  # fmt: skip
    CaseStep.objects.bulk_create(_card_step(row, at) for row in rows)
    record_many([_card_fact(row, at) for row in rows])
    return len(rows)


def _card_step(card: Card, at: datetime) -> CaseStep:
    case = card.case
    return CaseStep(
        district_id=case.district_id, case=case, at=at, action=Action.GIVE_CARD, from_state=case.state,
        to_state=case.state, by_kind="system", by_person=NOBODY.person_id, reason=card.reason, data=_said(card),
    )  # fmt: skip


def _card_fact(card: Card, at: datetime) -> NewFact:
    case = card.case
    said = {"category": case.category, "from": case.state, "to": case.state, "reason": card.reason, **_said(card)}
    return NewFact(
        district_id=case.district_id, kind=FACTS[Action.GIVE_CARD], subject_id=case.id, at=at, recorded_at=at,
        actor_id=None, area_path=case.area_path, organisation_id=card.organisation_id, post_id=None, data=said,
    )  # fmt: skip


def _said(card: Card) -> dict[str, Any]:
    return {"card": str(card.id), "colour": str(card.colour), "for": str(card.organisation_id)}


def _lock(district_id: str, case_id: UUID, by: Viewer) -> Case:
    case = Case.objects.select_for_update().filter(district_id=district_id, id=case_id).first()
    if case is None or not may_see_case(by, case):
        raise NoSuchCase("no_such_case")
    return case


def _lock_both(district_id: str, supervision_id: UUID, by: Viewer) -> tuple[Supervision, Case]:
    row = Supervision.objects.select_for_update().filter(district_id=district_id, id=supervision_id).first()
    if row is None:
        raise NoSuchSupervision("no_such_supervision")
    try:
        return row, _lock(district_id, row.case_id, by)
    except NoSuchCase as error:
        raise NoSuchSupervision("no_such_supervision") from error


def _lock_card(district_id: str, card_id: UUID, by: Viewer) -> tuple[Card, Case]:
    card = Card.objects.select_for_update().filter(district_id=district_id, id=card_id).first()
    if card is None:
        raise NoSuchSupervision("no_such_card")
    try:
        return card, _lock(district_id, card.case_id, by)
    except NoSuchCase as error:
        raise NoSuchSupervision("no_such_card") from error


def _words(text: str, field: str) -> str:
    said = plain(text).strip()
    if not said:
        raise InvalidInput("say_why", field=field)
    if len(said) > LONGEST_WORDS:
        raise InvalidInput("note_too_long", field=field, params={"most": LONGEST_WORDS})
    return said


def _post_id(by: Viewer, case: Case) -> UUID | None:
    post = post_behind(by, case)
    return post.post_id if post else None


def _record(
    case: Case, action: Action, *, by: Viewer, at: datetime, note: str, said: Mapping[str, Any], reason: str = ""
) -> None:
    remember(
        case=case, action=action, from_state=case.state, at=at, by=by, reason=reason, note=note, data=said,
        acted_as=post_behind(by, case),
    )  # fmt: skip
    tell(case, action, at)
