from datetime import timedelta
from typing import Any

import pytest
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.stepping import RESIDENT, Actor
from linli.cases.actions.verifying import Finding, verify_by_timeout, verify_case
from linli.cases.choices import Action, Satisfaction, VerifiedBy
from linli.cases.errors import NoSuchCase, StepNotPossible
from linli.cases.models import Case, CaseStep, Verification
from linli.kernel.errors import InvalidInput, NotAllowed
from linli.ledger.facts.models import Fact

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPORTER = Actor(kind=RESIDENT)
HAPPY = Finding(VerifiedBy.REPORTER)
UNHAPPY = Finding(VerifiedBy.REPORTER, satisfaction=Satisfaction.DISSATISFIED, comment="又漏了")
IN_VAIN = Finding(VerifiedBy.CALL, was_reached=False, satisfaction=Satisfaction.UNKNOWN)


def verify(case: Case, finding: Finding, *, by: Actor = REPORTER, after: timedelta = 2 * HOUR, **more: Any) -> Case:
    return verify_case(district_id=case.district_id, case_id=case.id, finding=finding, by=by, at=AT + after,
                       **({"version": None} | more))  # fmt: skip


@pytest.fixture
def case(district: DemoDistrict) -> Case:
    """Make a case that was reported back an hour after it came in and is not of the sample."""
    done = district.handled(district.open_case_in(), by=district.actor("grid_worker"))
    Case.objects.filter(id=done.id).update(is_sampled=False)
    done.is_sampled = False
    return done


def test_satisfied_reporter_verifies(case: Case) -> None:
    done = verify(case, HAPPY)
    row = Verification.objects.get()

    assert (done.state, done.verified_at, done.version) == ("verified", AT + 2 * HOUR, case.version + 1)
    assert (row.method, row.subject, row.is_effective, row.is_solved, row.satisfaction, row.by_person) == (
        "reporter", "solution", True, True, "satisfied", None)  # fmt: skip


def test_dissatisfied_reporter_reopens_one_level_up(district: DemoDistrict, case: Case) -> None:
    done = verify(case, UNHAPPY)

    assert (done.state, done.level, done.post_id) == (
        "dispatched", "community", district.post_of("community_secretary"))  # fmt: skip
    assert (done.times_reopened, done.solved_at, done.due_at is None) == (1, None, False)


def test_unsolved_sends_up_however_satisfied(case: Case) -> None:
    assert verify(case, Finding(VerifiedBy.REPORTER, is_solved=False)).state == "dispatched"


def test_what_the_reporter_wrote_is_in_step_and_verification_but_in_no_fact(case: Case) -> None:
    verify(case, UNHAPPY)

    assert (CaseStep.objects.get(action="verify").note, Verification.objects.get().comment) == ("又漏了", "又漏了")
    assert Fact.objects.get(kind="case.verified").data == {
        "category": "water_burst", "from": "reported_back", "to": "dispatched", "method": "reporter", "effective": True,
        "contacted": True, "solved": True, "satisfaction": "dissatisfied", "subject": "solution",
        "gave_from": str(case.post_id), "gave_to": str(Case.objects.get().post_id), "level": "community",
    }  # fmt: skip


def test_call_in_vain_is_written_down_and_changes_nothing(district: DemoDistrict, case: Case) -> None:
    done = verify(case, IN_VAIN, by=district.actor("call_back_clerk"))

    assert (done.state, done.due_at, done.verified_at) == ("reported_back", None, None)
    assert Verification.objects.get().is_effective is False
    assert CaseStep.objects.order_by("-id").values_list("action", flat=True)[0] == "note"


def test_rejection_is_rated(district: DemoDistrict) -> None:
    case = district.open_case_in()
    district.take(case, Action.REJECT, by=district.actor("grid_head"), reason="no_such_thing")
    done = verify(case, HAPPY)

    assert (done.state, Verification.objects.get().subject) == ("rejected", "rejection")


def test_rejection_rated_badly_reopens_one_level_up(district: DemoDistrict) -> None:
    case = district.open_case_in()
    district.take(case, Action.REJECT, by=district.actor("grid_head"), reason="no_such_thing")
    done = verify(case, UNHAPPY)

    assert (done.state, done.level, done.closed_at, done.times_reopened) == ("reported", "community", None, 1)
    assert (Verification.objects.get().subject, done.due_at is None) == ("rejection", False)


def test_call_in_vain_about_a_rejection_leaves_it_rejected(district: DemoDistrict) -> None:
    case = district.open_case_in()
    district.take(case, Action.REJECT, by=district.actor("grid_head"), reason="no_such_thing")
    done = verify(case, IN_VAIN, by=district.actor("call_back_clerk"))

    assert (done.state, Verification.objects.get().is_effective) == ("rejected", False)


def test_closed_case_is_reopened_by_its_reporter(district: DemoDistrict, case: Case) -> None:
    verify(case, HAPPY)
    district.take(case, Action.CLOSE, by=district.actor("call_back_clerk"), after=3 * HOUR)
    done = district.take(case, Action.REOPEN, by=REPORTER, after=4 * HOUR, reason="came_back")

    assert (done.state, done.level, done.closed_at, done.verified_at, done.times_reopened) == (
        "dispatched", "community", None, None, 1)  # fmt: skip


@pytest.mark.parametrize(
    ("finding", "by", "error"),
    [
        (Finding(VerifiedBy.CALL, comment="一" * 501), REPORTER, "comment_too_long"),
        (Finding(VerifiedBy.CALL, satisfaction=Satisfaction.UNKNOWN), REPORTER, "satisfaction_missing"),
    ],
)
def test_finding_that_cannot_be_taken(case: Case, finding: Finding, by: Actor, error: str) -> None:
    with pytest.raises(InvalidInput, match=error):
        verify(case, finding, by=by)

    assert not Verification.objects.exists()


def test_handler_does_not_verify_the_own_work(district: DemoDistrict, case: Case) -> None:
    with pytest.raises(NotAllowed, match="step_is_others"):
        verify(case, HAPPY, by=district.actor("grid_worker"))


def test_stranger_verifies_nothing(district: DemoDistrict, case: Case) -> None:
    with pytest.raises(NoSuchCase):
        verify(case, HAPPY, by=district.actor("call_back_clerk", community=2))


def test_case_in_hand_is_not_verified(district: DemoDistrict) -> None:
    with pytest.raises(StepNotPossible):
        verify(district.open_case_in(), HAPPY)

    assert not Verification.objects.exists()


@pytest.mark.parametrize(("after", "state"), [(7 * DAY - HOUR, "reported_back"), (7 * DAY, "verified")])
def test_no_answer_for_seven_days_verifies(case: Case, after: timedelta, state: str) -> None:
    taken = verify_by_timeout(district_id="210106", at=AT + HOUR + after)
    case.refresh_from_db()

    assert (case.state, taken) == (state, int(state == "verified"))


def test_timeout_is_no_effective_call_back(case: Case) -> None:
    verify_by_timeout(district_id="210106", at=AT + 8 * DAY)
    row, step = Verification.objects.get(), CaseStep.objects.order_by("-id")[0]

    assert (row.method, row.is_effective, row.satisfaction) == ("timeout", False, "unknown")
    assert (step.by_kind, step.by_person, step.action) == ("system", None, "verify")


def test_sampled_case_never_times_out(case: Case) -> None:
    Case.objects.update(is_sampled=True)

    assert verify_by_timeout(district_id="210106", at=AT + 100 * DAY) == 0
    assert Case.objects.get().state == "reported_back"


@pytest.mark.parametrize(("after", "state"), [(DAY - HOUR, "verified"), (DAY, "closed")])
def test_verified_case_is_closed_after_a_day(case: Case, after: timedelta, state: str) -> None:
    verify(case, HAPPY)
    verify_by_timeout(district_id="210106", at=AT + 2 * HOUR + after)

    assert Case.objects.get().state == state


def test_times_that_are_up_are_taken_in_their_order(case: Case) -> None:
    first, second = (verify_by_timeout(district_id="210106", at=AT + days * DAY) for days in (8, 10))

    assert (first, second, Case.objects.get().state) == (1, 1, "closed")


def test_other_districts_and_limits_are_kept(district: DemoDistrict, case: Case) -> None:
    district.handled(district.open_case_in(), by=district.actor("grid_worker"))
    Case.objects.update(is_sampled=False)

    assert verify_by_timeout(district_id="210105", at=AT + 9 * DAY) == 0
    assert [verify_by_timeout(district_id="210106", at=AT + 8 * DAY, limit=1) for _ in range(3)] == [1, 1, 0]
