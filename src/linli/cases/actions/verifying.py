"""Finding out whether the problem is gone: by the reporter, a call, a visit, or because nobody answered in time."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from linli.cases.actions.stepping import BY_ITSELF, Actor, Step, lock_case, take_step
from linli.cases.calc.words import plain
from linli.cases.calc.workflow import DISSATISFIED
from linli.cases.choices import Action, Satisfaction, State, VerifiedBy
from linli.cases.errors import StepNotPossible
from linli.cases.models import Case, Verification
from linli.cases.queries.rulebooks import current_rulebooks
from linli.kernel.errors import InvalidInput, NotAllowed, PreconditionFailed

LONGEST_COMMENT = 500
_SYSTEM = Actor(kind=BY_ITSELF)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found. was_reached: the reporter was spoken to or answered; only then do the other answers count.

    was_contacted: somebody had been in touch while the case was handled.
    """

    method: VerifiedBy
    was_reached: bool = True
    was_contacted: bool = True
    is_solved: bool = True
    satisfaction: Satisfaction = Satisfaction.SATISFIED
    comment: str = ""

    @property
    def is_unhappy(self) -> bool:
        """Whether this sends the case one level up."""
        has_seen = self.was_reached or self.method == VerifiedBy.VISIT
        is_displeased = self.was_reached and self.satisfaction == Satisfaction.DISSATISFIED
        return is_displeased or (has_seen and not self.is_solved)


@transaction.atomic
def verify_case(
    *, district_id: str, case_id: UUID, finding: Finding, version: int | None, by: Actor, at: datetime
) -> Case:
    """Verify a case that was reported back, or take the reporter's rating of a rejection.

    Dissatisfied reopens it one level up. A finding that reached nobody by call is written down and changes nothing.
    Writes a verification besides what `take_step` writes. Raises as take_step does, and InvalidInput.
    """
    if len(finding.comment) > LONGEST_COMMENT:
        raise InvalidInput("comment_too_long", field="comment", params={"most": LONGEST_COMMENT})
    if finding.was_reached and finding.satisfaction == Satisfaction.UNKNOWN:
        raise InvalidInput("satisfaction_missing", field="satisfaction")
    case = lock_case(district_id=district_id, case_id=case_id, by=by)
    subject = "rejection" if case.state == State.REJECTED else "solution"
    said = {
        "method": finding.method,
        "effective": finding.was_reached,
        "contacted": finding.was_contacted,
        "solved": finding.is_solved,
        "satisfaction": finding.satisfaction,
        "subject": subject,
    }
    # Of a rejection, a call in vain is a verification that leaves it rejected: the table has no note there.
    is_vain = not finding.was_reached and finding.method == VerifiedBy.CALL
    is_call_in_vain = is_vain and case.state == State.REPORTED_BACK
    step = Step(
        action=Action.NOTE if is_call_in_vain else Action.VERIFY,
        version=version,
        outcome=DISSATISFIED if finding.is_unhappy else "",
        note=finding.comment,
        data=said,
    )
    stepped = take_step(district_id=district_id, case_id=case_id, step=step, by=by, at=at)
    Verification.objects.create(
        district_id=district_id,
        case=stepped,
        at=at,
        method=finding.method,
        subject=subject,
        is_effective=finding.was_reached,
        was_contacted=finding.was_contacted,
        is_solved=finding.is_solved,
        satisfaction=finding.satisfaction,
        comment=plain(finding.comment),
        by_person=by.viewer.person_id,
    )
    return stepped


def verify_by_timeout(*, district_id: str, at: datetime, limit: int = 200) -> int:
    """Verify cases that nobody answered for in time, except the sampled ones, and close what was verified long enough.

    Each case is a transaction of its own; one that somebody else moved on meanwhile, or whose table leaves the step to
    people, is left alone. Returns how many steps were taken.
    """
    workflow = current_rulebooks(district_id).workflow
    reported_back = Case.objects.filter(
        district_id=district_id,
        state=State.REPORTED_BACK,
        is_sampled=False,
        solved_at__lte=at - timedelta(days=workflow.timeout_days),
    )
    finding = Finding(VerifiedBy.TIMEOUT, was_reached=False, satisfaction=Satisfaction.UNKNOWN)
    taken = 0
    for case_id, version in list(reported_back.order_by("solved_at", "id").values_list("id", "version")[:limit]):
        with suppress(StepNotPossible, PreconditionFailed, NotAllowed):
            verify_case(district_id=district_id, case_id=case_id, finding=finding, version=version, by=_SYSTEM, at=at)
            taken += 1
    verified = Case.objects.filter(
        district_id=district_id, state=State.VERIFIED, verified_at__lte=at - timedelta(days=workflow.close_after_days)
    )
    for case_id, version in list(verified.order_by("verified_at", "id").values_list("id", "version")[:limit]):
        with suppress(StepNotPossible, PreconditionFailed, NotAllowed):
            take_step(district_id=district_id, case_id=case_id, step=Step(Action.CLOSE, version), by=_SYSTEM, at=at)
            taken += 1
    return taken
