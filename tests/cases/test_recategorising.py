"""A category that is corrected: who may at which stage, what is counted anew; nobody loses the case over it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.cases.stages import PARTIES, READERS
from tests.factories.district import AT, HOME, ROLES, DemoDistrict

from linli.cases.actions.asking_time import TimeAsked, ask_time, decide_time
from linli.cases.actions.checking import check_cases
from linli.cases.actions.climbing import climb
from linli.cases.actions.clocks import load_segments
from linli.cases.actions.learning import learn_from_closed
from linli.cases.actions.merging import merge_case
from linli.cases.actions.priorities import override_priority
from linli.cases.actions.recategorising import Correction, recategorise_case
from linli.cases.actions.stepping import Actor
from linli.cases.choices import Action, RatesBy, State, TimeKind
from linli.cases.errors import NoSuchCase, StepNotPossible
from linli.cases.models import Case, CaseStep, LearnedModel
from linli.cases.queries.due_table import get_due
from linli.cases.queries.lists import CaseFilter, count_cases, list_cases
from linli.cases.queries.rates_asked import RatesAsked
from linli.cases.rules import may_see_case
from linli.kernel.errors import InvalidInput, NotAllowed, PreconditionFailed
from linli.ledger.facts.models import Fact

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def correct(
    district: DemoDistrict, case: Case, category: str = "noise", *, role: str = "community_clerk", note: str = "是噪音",
    at: datetime = AT + 3 * HOUR, version: int | None = None,
) -> Case:  # fmt: skip
    correction = Correction(category, note, version)
    return recategorise_case(
        district_id=HOME, case_id=case.id, correction=correction, by=district.actor(role), at=at
    )  # fmt: skip


def _taken(*actions: tuple[Action, str, dict[str, Any]]) -> Callable[[DemoDistrict], Case]:
    def build(district: DemoDistrict) -> Case:
        case = district.open_case_in("compound")
        for action, role, more in actions:
            case = district.take(case, action, by=district.actor(role), **more)
        return case

    return build


def _handed_on(district: DemoDistrict) -> Case:
    return district.take(_AT_STAGE[State.HANDLING](district), Action.TRANSFER, by=district.actor("community_clerk"),
                         to_post=district.post_of("grid_worker"))  # fmt: skip


def _merged(district: DemoDistrict) -> Case:
    case, leading = district.open_case_in("compound"), district.open_case_in("compound")
    return merge_case(district_id=HOME, case_id=case.id, leading_id=leading.id, version=None,
                      by=district.actor("community_clerk"), at=AT + HOUR)  # fmt: skip


_ACCEPT: tuple[Action, str, dict[str, Any]] = (Action.ACCEPT, "grid_worker", {})
_DONE: tuple[tuple[Action, str, dict[str, Any]], ...] = (
    (Action.HANDLE, "grid_worker", {}), (Action.REPORT_BACK, "grid_worker", {}),
    (Action.VERIFY, "community_clerk", {}), (Action.CLOSE, "community_clerk", {"after": 2 * HOUR}),
)  # fmt: skip
_HOLD: dict[str, Any] = {"reason": "waits_for_season", "review_on": date(2026, 12, 10)}
_AT_STAGE: dict[State, Callable[[DemoDistrict], Case]] = {
    State.REPORTED: _taken(), State.ACCEPTED: _taken(_ACCEPT), State.DISPATCHED: _handed_on,
    State.HANDLING: _taken(*_DONE[:1]), State.SUSPENDED: _taken(_ACCEPT, (Action.SUSPEND, "grid_worker", _HOLD)),
    State.REPORTED_BACK: _taken(*_DONE[:2]), State.VERIFIED: _taken(*_DONE[:3]), State.CLOSED: _taken(*_DONE),
    State.REJECTED: _taken((Action.REJECT, "community_clerk", {"reason": "no_such_thing"})), State.MERGED: _merged,
}  # fmt: skip
_OVER = (State.CLOSED, State.REJECTED, State.MERGED)


@pytest.mark.parametrize("state", State)
def test_who_has_it_and_who_dispatches_correct_it_at_each_stage_before_the_end(
    district: DemoDistrict, state: State
) -> None:
    """Each cell: H and D of the table of stages, nobody else; afterwards it is with whom it was, and still seen."""
    case = _AT_STAGE[state](district)
    assert case.state == state
    kinds, holder = ("noise", "green"), (case.post_id, case.organisation_id)
    for n, role in enumerate(ROLES):
        may = bool({"H", "D"} & set(PARTIES[role]))
        if not may or state in _OVER:
            refused = NoSuchCase if role not in READERS else NotAllowed if not may else StepNotPossible
            with pytest.raises(refused):
                correct(district, case, role=role)
            continue
        case = correct(district, case, kinds[n % 2] if case.category != kinds[n % 2] else kinds[1 - n % 2], role=role)
        assert (case.state, (case.post_id, case.organisation_id)) == (state, holder)
        viewer = district.viewer(role)
        assert may_see_case(viewer, case)
        assert count_cases(viewer=viewer, wanted=CaseFilter(ids=(case.id,), category=case.category), at=AT) == 1


def test_who_corrects_goes_on_seeing_it_when_it_went_elsewhere(district: DemoDistrict) -> None:
    """Defect of a peer: put under a category that one's own office has nothing to do with, a case vanishes."""
    case = district.open_case_in("compound")
    district.take(case, Action.TRANSFER, by=district.actor("community_clerk"),
                  to_post=district.post_of("department_handler", community=2))  # fmt: skip
    handler = district.actor("department_handler", community=2)
    recategorise_case(district_id=HOME, case_id=case.id, correction=Correction("noise", "不是暖气"), by=handler,
                      at=AT + 2 * HOUR)  # fmt: skip
    case = district.take(case, Action.TRANSFER, by=handler, after=3 * HOUR, to_post=district.post_of("grid_worker"))

    listed = list_cases(viewer=handler.viewer, wanted=CaseFilter(), at=AT).rows

    assert (bool(may_see_case(handler.viewer, case)), [row.id for row in listed]) == (True, [case.id])


def test_unsolved_case_is_weighed_and_counted_as_if_it_had_come_in_so(district: DemoDistrict) -> None:
    with transaction.atomic():
        other = district.open_case_in("compound", category="noise")
        transaction.set_rollback(True)

    case = correct(district, district.open_case_in("compound"))

    same = ("category", "score", "priority_level", "priority_parts", "response_due_at", "solution_due_at", "due_at",
            "amber_at", "rulebooks", "calendar_number")  # fmt: skip
    for name in same:
        assert getattr(case, name) == getattr(other, name), name
    assert [line["about"] for line in case.why] == ["where", "who", "priority", "deadline"]
    assert [line for line in case.why if line["about"] == "deadline"] == [
        line for line in other.why if line["about"] == "deadline"
    ]
    assert case.rung_at == other.rung_at


@pytest.mark.parametrize("state", [State.ACCEPTED, State.HANDLING, State.SUSPENDED])
def test_time_that_ran_counts_and_a_hold_goes_on_with_the_new_time(district: DemoDistrict, state: State) -> None:
    case = correct(district, _AT_STAGE[state](district), at=AT + DAY)
    other = district.open_case_in("compound", category="noise")
    if state == State.SUSPENDED:
        assert case.due_at is None
        case = district.take(case, Action.RESUME, by=district.actor("grid_worker"), after=2 * DAY)
        assert case.solution_due_at is not None
        assert other.solution_due_at is not None
        assert case.solution_due_at > other.solution_due_at
    else:
        assert case.solution_due_at == case.due_at == other.solution_due_at
    assert check_cases(district_id=HOME, sample=99, at=AT + 3 * DAY).faults == ()


def test_new_time_that_is_over_already_is_overdue_at_once(district: DemoDistrict) -> None:
    case = district.take(district.open_case_in("compound", category="noise"), Action.ACCEPT,
                         by=district.actor("grid_worker"))  # fmt: skip
    assert case.due_at is not None
    assert case.due_at > AT + 9 * DAY

    case = correct(district, case, "water_burst", at=AT + 9 * DAY)
    climb(district_id=HOME, at=AT + 9 * DAY + HOUR)

    assert case.due_at is not None
    assert case.due_at < AT + 9 * DAY
    assert CaseStep.objects.filter(case_id=case.id, action=Action.ESCALATE).exists()


def test_days_granted_stay_on_top(district: DemoDistrict) -> None:
    case = district.take(district.open_case_in("compound"), Action.ACCEPT, by=district.actor("grid_worker"))
    request = ask_time(district_id=HOME, case_id=case.id, by=district.viewer("grid_worker"), at=AT + 2 * HOUR,
                       asked=TimeAsked(TimeKind.EXTENSION, "waits_for_parts", "", 2))  # fmt: skip
    decide_time(district_id=HOME, request_id=request, is_granted=True, note="", at=AT + 2 * HOUR,
                by=district.viewer("community_secretary"))  # fmt: skip
    plain = district.open_case_in("compound", category="noise")

    case = correct(district, case)

    assert [row.extra_days for row in load_segments(case) if row.clock == "solution"] == [0, 2, 2]
    assert case.solution_due_at is not None
    assert plain.solution_due_at is not None
    assert case.solution_due_at > plain.solution_due_at
    assert check_cases(district_id=HOME, sample=99, at=AT + DAY).faults == ()


@pytest.mark.parametrize("state", [State.REPORTED_BACK, State.VERIFIED])
def test_what_was_solved_keeps_its_deadlines(district: DemoDistrict, state: State) -> None:
    case = _AT_STAGE[state](district)
    kept = ("solution_due_at", "response_due_at", "due_at", "amber_at", "rung_at", "solved_at")
    before = {name: getattr(case, name) for name in kept}

    case = correct(district, case, at=AT + DAY)

    assert ({name: getattr(case, name) for name in kept}, case.category) == (before, "noise")
    assert check_cases(district_id=HOME, sample=99, at=AT + 3 * DAY).faults == ()


def test_level_set_by_hand_stays(district: DemoDistrict) -> None:
    case = district.open_case_in("compound")
    override_priority(district_id=HOME, case_id=case.id, level=4, note="不急", version=None,
                      by=district.actor("community_clerk"), at=AT + HOUR)  # fmt: skip

    case = correct(district, case)

    assert (case.priority_level, case.score, case.is_overridden) == (4, 25, True)


def test_history_facts_and_figures_tell_of_it(district: DemoDistrict) -> None:
    case = correct(district, district.open_case_in("compound"), at=AT + 2 * HOUR)

    step = CaseStep.objects.get(case_id=case.id, action=Action.RECATEGORISE)
    fact = Fact.objects.get(subject_id=case.id, kind="case.recategorised")
    assert (step.note, step.from_state, step.to_state) == ("是噪音", "reported", "reported")
    assert (fact.data["category"], fact.data["before"], fact.data["after"]) == ("noise", "water_burst", "noise")
    assert "note" not in fact.data
    assert Fact.objects.get(subject_id=case.id, kind="case.opened").data["category"] == "water_burst"
    year = RatesAsked(kind="year", by=RatesBy.CATEGORY)
    due = get_due(viewer=district.viewer("district_leader"), asked=year, at=AT + 40 * DAY)
    assert [(line.key, line.counts.due) for line in due.lines] == [("noise", 1)]


@pytest.mark.parametrize(("changed", "error"), [
    ({"category": "water_burst"}, "category_is_that"), ({"category": "nothing"}, "unknown_category"),
    ({"category": ""}, "category_not_chosen"),
    ({"category": "coverage"}, "unknown_category"), ({"note": " "}, "say_why"),
    ({"note": "长" * 1001}, "note_too_long"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    district: DemoDistrict, changed: dict[str, str], error: str
) -> None:
    case = district.open_case_in("compound")
    with pytest.raises(InvalidInput) as raised:
        correct(district, case, **changed)  # type: ignore[arg-type]

    assert raised.value.code == error
    assert Case.objects.values_list("category", "version").get() == ("water_burst", 1)


def test_who_was_slower_is_told(district: DemoDistrict) -> None:
    case = correct(district, district.open_case_in("compound"), version=1)
    with pytest.raises(PreconditionFailed):
        correct(district, case, "green", version=1)


def test_neither_other_communities_nor_other_districts_reach_it(district: DemoDistrict) -> None:
    case = district.open_case_in("compound")
    for by in (district.actor("community_clerk", community=2), district.actor("away-community_secretary"), Actor()):
        with pytest.raises(NoSuchCase):
            recategorise_case(district_id=HOME, case_id=case.id, correction=Correction("noise", "看看"), by=by, at=AT)


def test_a_corrected_category_teaches(district: DemoDistrict) -> None:
    guessed = district.open_case_in("compound", category="", text="三号楼水管爆裂漏水")
    left = district.open_case_in("compound", category="", text="三号楼水管爆裂漏水")
    assert (guessed.is_category_suggested, left.is_category_suggested) == (True, True)
    correct(district, guessed)
    for case in (guessed, left):
        for action, role, more in _DONE:
            district.take(case, action, by=district.actor(role), **({"after": 5 * HOUR} | more))

    assert learn_from_closed(district_id=HOME, at=AT + DAY) == 1
    assert LearnedModel.objects.get().categories == ["noise"]


def test_it_asks_the_same_however_many_cases_there_are(district: DemoDistrict) -> None:
    correct(district, district.open_case_in("compound"))
    asked = []
    for n in (1, 5):
        cases = [district.open_case_in("compound") for _ in range(n)]
        with CaptureQueriesContext(connection) as captured:
            correct(district, cases[-1])
        asked.append(len(captured))

    assert asked[0] == asked[1] <= 20
