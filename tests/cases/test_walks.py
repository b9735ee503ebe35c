"""Cases that wander over the table at random: whatever is done to them, their books balance."""

import random
from datetime import timedelta
from itertools import pairwise

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.district import DemoDistrict

from linli.cases.actions.checking import check_cases
from linli.cases.actions.recategorising import Correction, recategorise_case
from linli.cases.actions.stepping import BY_ITSELF, RESIDENT, Actor, Step, take_step
from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.calc.default_workflow import DEFAULT_WORKFLOW
from linli.cases.calc.workflow import DISSATISFIED, Transition, is_return
from linli.cases.choices import FINISHED, Action, Satisfaction, State, VerifiedBy
from linli.cases.models import Case, CaseStep, ClockSegment, Verification
from linli.ledger.facts.models import Fact

_PARTIES = {"holder": "district_dispatcher", "dispatch": "district_dispatcher", "call_back": "district_dispatcher",
            "close": "district_dispatcher", "override_priority": "district_dispatcher"}  # fmt: skip


def actor_for(district: DemoDistrict, row: Transition) -> Actor | None:
    """Choose somebody who may take the step; None where only the holder may and that is not the dispatcher."""
    if "reporter" in row.by:
        return Actor(kind=RESIDENT)
    others = [who for who in row.by if who in _PARTIES and who != "holder"]
    if others:
        return district.actor("district_dispatcher")
    return Actor(kind=BY_ITSELF) if "system" in row.by else None


def holder_of(district: DemoDistrict, case: Case) -> Actor:
    username = next(name for name, post_id in district.posts.items() if post_id == case.post_id)
    role, _, number = username.partition("-")
    return district.actor(role, community=int(number or 1))


def wander(district: DemoDistrict, case: Case, seed: int, length: int) -> int:
    """Take so many random steps of the table, now and then correct the category instead. Returns how many."""
    chance, at = random.Random(seed), case.reported_at  # noqa: S311 - no secret
    for _ in range(length):
        if case.state not in FINISHED and chance.random() < 0.2:
            at += timedelta(minutes=chance.randint(0, 4000))
            kind = chance.choice([code for code in ("garbage", "noise", "water_burst") if code != case.category])
            case = recategorise_case(
                district_id=case.district_id, case_id=case.id, correction=Correction(kind, "换个类别", case.version),
                by=district.actor("district_dispatcher"), at=at,
            )  # fmt: skip
            continue
        sent_back = case.times_returned >= DEFAULT_WORKFLOW.most_returns
        row = chance.choice([
            row for row in DEFAULT_WORKFLOW.transitions
            if row.state == case.state and not (sent_back and is_return(row))
        ])  # fmt: skip
        by = actor_for(district, row) or holder_of(district, case)
        at += timedelta(minutes=chance.randint(0, 4000))
        if row.action == Action.VERIFY:
            liked = Satisfaction.DISSATISFIED if row.outcome == DISSATISFIED else Satisfaction.SATISFIED
            case = verify_case(district_id=case.district_id, case_id=case.id, version=case.version, by=by, at=at,
                               finding=Finding(VerifiedBy.REPORTER, satisfaction=liked))  # fmt: skip
            continue
        to = chance.choice(["grid_worker", "community_secretary", "district_dispatcher", "department_handler"])
        step = Step(Action(row.action), case.version, reason=chance.choice(row.reasons or ("",)), note="随便走走",
                    to_post=district.post_of(to), review_on=at.date() + timedelta(days=30), data={})  # fmt: skip
        case = take_step(district_id=case.district_id, case_id=case.id, step=step, by=by, at=at)
    return length


def check_books(case: Case, steps: list[CaseStep], segments: list[ClockSegment]) -> None:
    """Check what holds for every case at any time."""
    running = [segment.clock for segment in segments if segment.stopped_at is None]
    assert len(running) == len(set(running)), "one running segment a clock at most"
    assert (case.due_at is None) == (not running), (case.state, running)
    if case.state in FINISHED:
        assert not running
        assert case.closed_at is not None
    else:
        assert case.closed_at is None
    assert (case.state == State.SUSPENDED) == bool(case.state_before) == (case.review_on is not None)
    assert case.version == len(steps)
    assert (steps[0].from_state, steps[-1].to_state) == ("", case.state)
    assert all(before.to_state == after.from_state for before, after in pairwise(steps))
    for earlier, later in pairwise(sorted(segments, key=lambda row: (row.clock, row.started_at, row.id))):
        assert earlier.clock != later.clock or (earlier.stopped_at or later.started_at) <= later.started_at


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), length=st.integers(1, 25))
def test_books_balance_after_any_walk(district: DemoDistrict, seed: int, length: int) -> None:
    with transaction.atomic():
        case = district.open_case_in(category="garbage")
        wander(district, case, seed, length)
        case.refresh_from_db()
        steps = list(CaseStep.objects.filter(case_id=case.id).order_by("id"))
        facts = Fact.objects.filter(subject_id=case.id).order_by("id")

        check_books(case, steps, list(ClockSegment.objects.filter(case_id=case.id)))
        assert len(steps) == length + 1
        assert [(fact.at, fact.data["from"], fact.data["to"]) for fact in facts] == [
            (step.at, step.from_state, step.to_state) for step in steps
        ]
        assert check_cases(district_id=case.district_id, sample=9, at=steps[-1].at).faults == ()
        assert Verification.objects.count() == sum(step.action == "verify" for step in steps)
        transaction.set_rollback(True)
