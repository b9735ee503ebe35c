"""Sending back, disputing and deciding whose a case is; who received it first answers for it meanwhile."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, HOME, SHANGHAI, START, DemoDistrict

from linli.cases.actions.beside import recount_dues
from linli.cases.actions.checking import check_cases
from linli.cases.actions.disputing import Objection, Ruling, decide_dispute, dispute_case, withdraw_dispute
from linli.cases.actions.handing_over import hand_over
from linli.cases.actions.merging import merge_case
from linli.cases.actions.resuming import resume_due
from linli.cases.actions.stepping import Actor
from linli.cases.actions.verifying import verify_by_timeout
from linli.cases.calc.default_workflow import DEFAULT_WORKFLOW
from linli.cases.calc.rulebooks import default_contents, read_workflow
from linli.cases.calc.workflow import LATER_LISTS, LATER_NUMBERS, faults
from linli.cases.choices import Action, RulebookKind
from linli.cases.errors import StepNotPossible
from linli.cases.models import Case, CaseStep, Dispute
from linli.cases.queries.detail import get_case
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.kernel.errors import InvalidInput, NotAllowed, PreconditionFailed
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.facts.models import Fact

HOUR = timedelta(hours=1)


def dispute(district: DemoDistrict, case: Case, by: Actor, *, at: datetime = AT, wanted: str = "") -> Case:
    said = Objection("beyond_power", "管线不归我们", district.organisations[wanted] if wanted else None)
    return dispute_case(district_id=HOME, case_id=case.id, objection=said, by=by, at=at)


def decide(district: DemoDistrict, case: Case, by: Actor, *, at: datetime = AT + HOUR, to: str = "") -> Case:
    ruling = Ruling(bool(to), "按目录", to_organisation=district.organisations[to] if to else None)
    return decide_dispute(district_id=HOME, case_id=case.id, ruling=ruling, by=by, at=at)


def end_of(case: Case) -> str:
    return Dispute.objects.get(case=case).end


def test_sent_back_as_beyond_power_goes_to_who_the_catalogue_names(district: DemoDistrict) -> None:
    case = district.open_case_in("compound")
    case = district.take(case, Action.RETURN, by=district.actor("grid_worker"), reason="beyond_power")

    assert (case.organisation_id, case.post_id) == (
        district.organisations["water_repair"], district.post_of("department_handler"),
    )  # fmt: skip
    assert (case.state, case.level, case.times_returned) == ("reported", "district", 1)


@pytest.mark.parametrize("reason", ["wrong_place", "needs_others"])
def test_sent_back_for_another_reason_goes_one_level_up(district: DemoDistrict, reason: str) -> None:
    case = district.take(district.open_case_in(), Action.RETURN, by=district.actor("grid_worker"), reason=reason)

    assert case.post_id == district.post_of("community_secretary")


def test_beyond_power_goes_one_level_up_where_the_catalogue_names_no_department(district: DemoDistrict) -> None:
    case = district.open_case_in(category="elder_help", text="老人需要帮忙买菜")
    case = district.take(case, Action.RETURN, by=district.actor("community_clerk"), reason="beyond_power")

    assert case.post_id == district.post_of("subdistrict_dispatcher")


def test_first_receiver_answers_until_somebody_takes_over(district: DemoDistrict) -> None:
    case, committee = district.open_case_in(), district.organisations["committee_1"]
    due_at = case.solution_due_at
    case = district.take(case, Action.RETURN, by=district.actor("grid_worker"), reason="beyond_power")
    assert (case.answerable_organisation_id, case.answerable_post_id) == (committee, district.post_of("grid_worker"))
    shown = get_case(viewer=district.viewer("department_handler"), case_id=case.id, at=AT)
    assert shown.beside.answerable == "西边社区居委会"

    case = district.take(case, Action.RETURN, by=district.actor("department_handler"), reason="wrong_category")
    assert case.answerable_organisation_id == committee  # the first one, not the last
    case = district.take(case, Action.ACCEPT, by=district.actor("district_dispatcher"))

    assert (case.answerable_organisation_id, case.answerable_post_id) == (None, None)
    assert case.solution_due_at == due_at


def test_case_is_sent_back_only_so_often(district: DemoDistrict) -> None:
    case = district.open_case_in()
    for role in ("grid_worker", "community_secretary"):
        case = district.take(case, Action.RETURN, by=district.actor(role), reason="needs_others")
    dispatcher = district.viewer("subdistrict_dispatcher")
    shown = get_case(viewer=dispatcher, case_id=case.id, at=AT)
    refused = next(each.decision for each in shown.next_steps if each.transition.action == Action.RETURN)

    assert (refused.reason, shown.beside.returns_left, bool(shown.beside.may_dispute)) == (
        "returned_too_often",
        0,
        True,
    )
    with pytest.raises(StepNotPossible) as error:
        district.take(case, Action.RETURN, by=district.actor("subdistrict_dispatcher"), reason="needs_others")
    assert error.value.code == "returned_too_often"


def test_sending_back_says_who_did_and_how_long_they_had_it(district: DemoDistrict) -> None:
    case = district.open_case_in()
    district.take(case, Action.RETURN, by=district.actor("grid_worker"), reason="needs_others", after=HOUR)
    district.take(case, Action.RETURN, by=district.actor("community_secretary"), reason="needs_others", after=3 * HOUR)

    data = CaseStep.objects.filter(case=case, action="return").order_by("at").values_list("data", flat=True)
    committee = str(district.organisations["committee_1"])
    assert [(each["returned_by"], each["held_s"]) for each in data] == [(committee, 3600), (committee, 7200)]


def test_rework_is_no_return(district: DemoDistrict) -> None:
    case = district.handled(district.open_case_in(), by=district.actor("grid_worker"))
    case = district.take(case, Action.RETURN, by=district.actor("call_back_clerk"), reason="not_done")

    assert (case.times_returned, case.answerable_organisation_id) == (0, None)


def test_dispute_is_decided_above_within_its_clock(district: DemoDistrict) -> None:
    case, worker = district.open_case_in("compound"), district.actor("grid_worker")
    due_at = case.due_at
    case = dispute(district, case, worker, wanted="water_repair")
    row = Dispute.objects.get()

    assert (row.judge_post_id, row.wanted_id) == (
        district.post_of("community_secretary"), district.organisations["water_repair"],
    )  # fmt: skip
    # Wednesday 10:00 and 8 working hours: 2 h before noon, 4 h after it, 2 h on Thursday.
    assert row.due_at.astimezone(SHANGHAI) == AT + timedelta(days=1)
    assert (case.post_id, case.state, case.due_at) == (district.post_of("grid_worker"), "reported", due_at)
    message = OutboxMessage.objects.get(kind="case.disputed")
    assert message.data["post"] == str(district.post_of("community_secretary"))


def test_upheld_dispute_moves_the_case_and_keeps_its_clock(district: DemoDistrict) -> None:
    case = dispute(district, district.open_case_in(), district.actor("grid_worker"), wanted="water_repair")
    due_at = case.solution_due_at
    case = decide(district, case, district.actor("community_secretary"), to="water_repair")
    step, fact = CaseStep.objects.get(action="uphold"), Fact.objects.get(kind="case.dispute_upheld")

    assert (case.organisation_id, case.state) == (district.organisations["water_repair"], "dispatched")
    assert (case.solution_due_at, case.answerable_post_id) == (due_at, district.post_of("grid_worker"))
    assert (end_of(case), step.from_state, step.to_state, step.data["late"]) == (
        "upheld",
        "reported",
        "dispatched",
        False,
    )
    assert fact.organisation_id == district.organisations["committee_1"]
    assert district.take(case, Action.ACCEPT, by=district.actor("department_handler")).answerable_post_id is None


def test_refused_dispute_leaves_the_case_and_can_not_be_raised_again(district: DemoDistrict) -> None:
    worker = district.actor("grid_worker")
    case = dispute(district, district.open_case_in(), worker)
    case = decide(district, case, district.actor("community_secretary"))

    assert (end_of(case), case.post_id, case.state) == ("refused", district.post_of("grid_worker"), "reported")
    with pytest.raises(StepNotPossible, match="dispute_was_refused"):
        dispute(district, case, worker)


def test_late_decision_is_written_down(district: DemoDistrict) -> None:
    case = dispute(district, district.open_case_in(), district.actor("grid_worker"))
    decide(district, case, district.actor("community_secretary"), at=AT + timedelta(days=3))

    assert CaseStep.objects.get(action="refuse").data["late"] is True
    assert get_case(viewer=district.viewer("grid_worker"), case_id=case.id, at=AT).beside.disputes[0].is_late


def test_dispute_can_be_withdrawn_by_its_office_alone(district: DemoDistrict) -> None:
    case = dispute(district, district.open_case_in(), district.actor("grid_worker"))
    with pytest.raises(NotAllowed):
        withdraw_dispute(district_id=HOME, case_id=case.id, note="", version=None,
                         by=district.actor("subdistrict_dispatcher"), at=AT)  # fmt: skip
    withdraw_dispute(district_id=HOME, case_id=case.id, note="", version=case.version,
                     by=district.actor("grid_worker"), at=AT + HOUR)  # fmt: skip

    assert end_of(case) == "withdrawn"


def test_dispute_lapses_when_the_case_goes_elsewhere(district: DemoDistrict) -> None:
    case = dispute(district, district.open_case_in(), district.actor("grid_worker"))
    district.take(case, Action.DISPATCH, by=district.actor("district_dispatcher"),
                  to_organisation=district.organisations["water_repair"])  # fmt: skip

    assert end_of(case) == "lapsed"


@pytest.mark.parametrize(
    ("objection", "code"),
    [
        (Objection("no_such_reason", "x"), "reason_missing"),
        (Objection("beyond_power", "  "), "say_why"),
        (Objection("beyond_power", "x" * 1001), "note_too_long"),
    ],
)
def test_dispute_says_why(district: DemoDistrict, objection: Objection, code: str) -> None:
    case = district.open_case_in()
    with pytest.raises(InvalidInput, match=code):
        dispute_case(district_id=HOME, case_id=case.id, objection=objection, by=district.actor("grid_worker"), at=AT)
    assert not Dispute.objects.exists()


def test_dispute_of_another_version_is_refused(district: DemoDistrict) -> None:
    case = district.open_case_in()
    with pytest.raises(PreconditionFailed):
        dispute_case(district_id=HOME, case_id=case.id, objection=Objection("beyond_power", "x", version=7),
                     by=district.actor("grid_worker"), at=AT)  # fmt: skip


# Who may raise, and who may decide, a dispute about a case of the grid worker of community 1.
@pytest.mark.parametrize("role", ["community_clerk", "community_steward", "grid_head"])
def test_colleagues_of_the_holder_may_dispute(district: DemoDistrict, role: str) -> None:
    assert dispute(district, district.open_case_in(), district.actor(role)).version == 2


@pytest.mark.parametrize("role", ["subdistrict_dispatcher", "call_back_clerk", "district_leader", "building_head"])
def test_others_may_not_dispute(district: DemoDistrict, role: str) -> None:
    with pytest.raises(NotAllowed):
        dispute(district, district.open_case_in(), district.actor(role))


@pytest.mark.parametrize("role", ["community_steward", "call_back_clerk", "district_leader", "building_head"])
def test_others_may_not_decide(district: DemoDistrict, role: str) -> None:
    case = dispute(district, district.open_case_in(), district.actor("grid_worker"))
    with pytest.raises(NotAllowed):
        decide(district, case, district.actor(role), to="water_repair")
    assert end_of(case) == ""


def test_nobody_decides_their_own_dispute(district: DemoDistrict) -> None:
    case = dispute(district, district.open_case_in(), district.actor("community_clerk"))
    with pytest.raises(NotAllowed, match="own_dispute"):
        decide(district, case, district.actor("community_clerk"), to="water_repair")


def test_disputes_are_listed_for_who_decides(district: DemoDistrict) -> None:
    mine, other = district.open_case_in(), district.open_case_in(community=2)
    district.open_case_in()
    dispute(district, mine, district.actor("grid_worker"))
    dispute(district, other, district.actor("grid_worker", community=2))

    def listed(role: str, community: int = 1) -> list[object]:
        viewer = district.viewer(role, community=community)
        return [row.id for row in list_cases(viewer=viewer, wanted=CaseFilter(box="disputed"), at=AT).rows]

    assert listed("community_secretary") == [mine.id]
    assert listed("community_secretary", 2) == [other.id]
    assert listed("grid_worker") == listed("subdistrict_dispatcher") == listed("department_head") == []


def test_dispute_takes_few_queries(district: DemoDistrict) -> None:
    case, worker = district.open_case_in(), district.actor("grid_worker")
    with CaptureQueriesContext(connection) as captured:
        dispute(district, case, worker, wanted="water_repair")
    assert len(captured) <= 16


def test_corrected_calendar_moves_open_disputes(district: DemoDistrict) -> None:
    case = dispute(district, district.open_case_in(), district.actor("grid_worker"))
    Dispute.objects.update(calendar_number=0, due_at=START)

    assert recount_dues(district_id=HOME) == 1
    assert Dispute.objects.get(case=case).due_at > AT


def test_table_from_before_disputes_stays_valid() -> None:
    content = dict(default_contents()[RulebookKind.WORKFLOW])
    for name in (*LATER_NUMBERS, *LATER_LISTS):
        del content[name]

    assert read_workflow(content) == DEFAULT_WORKFLOW
    assert faults(replace(DEFAULT_WORKFLOW, most_returns=-1, speeds=()), in_use={}) != []


def test_case_at_rest_is_not_disputed(district: DemoDistrict) -> None:
    worker = district.actor("grid_worker")
    case = district.handled(district.open_case_in(), by=worker)
    with pytest.raises(StepNotPossible, match="step_not_possible"):
        dispute(district, case, worker)
    assert verify_by_timeout(district_id=HOME, at=AT) == 0


def test_dispute_ends_when_the_case_is_done(district: DemoDistrict) -> None:
    worker = district.actor("grid_worker")
    case = dispute(district, district.open_case_in(), worker)
    case = district.handled(case, by=worker)

    assert (end_of(case), case.state) == ("lapsed", "reported_back")
    with pytest.raises(StepNotPossible, match="no_open_dispute"):
        decide(district, case, district.actor("community_secretary"), to="water_repair")


def test_dispute_ends_when_the_case_is_merged(district: DemoDistrict) -> None:
    leading = district.open_case_in("open")
    case = dispute(district, district.open_case_in(), district.actor("grid_worker"))
    merge_case(district_id=HOME, case_id=case.id, leading_id=leading.id, version=None,
               by=district.actor("community_clerk"), at=AT + HOUR)  # fmt: skip

    assert end_of(case) == "lapsed"
    with pytest.raises(StepNotPossible, match="no_open_dispute"):
        decide(district, case, district.actor("community_secretary"), at=AT + 2 * HOUR, to="water_repair")
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("merged", AT + HOUR)


@pytest.mark.parametrize(("to", "end"), [("community_clerk", ""), ("subdistrict_dispatcher", "lapsed")])
def test_dispute_ends_when_another_office_takes_the_work_over(district: DemoDistrict, to: str, end: str) -> None:
    case = dispute(district, district.open_case_in(), district.actor("grid_worker"))
    hand_over(from_posts=[district.post_of("grid_worker")], to_post=district.post_of(to),
              by=district.viewer("security_admin"), at=AT + HOUR)  # fmt: skip

    assert end_of(case) == end


def test_upheld_dispute_about_a_case_on_hold_lets_it_go_on(district: DemoDistrict) -> None:
    worker = district.actor("grid_worker")
    case = district.take(district.open_case_in(), Action.ACCEPT, by=worker)
    case = dispute(district, case, worker, at=AT + HOUR, wanted="water_repair")
    case = district.take(case, Action.SUSPEND, by=worker, after=2 * HOUR, reason="waits_for_season",
                         review_on=AT.date() + timedelta(days=20))  # fmt: skip
    assert (end_of(case), case.due_at) == ("", None)
    case = decide(district, case, district.actor("community_secretary"), at=AT + 3 * HOUR, to="water_repair")

    assert (case.state, case.state_before, case.review_on) == ("dispatched", "", None)
    assert case.due_at == case.solution_due_at
    assert case.due_at is not None
    assert check_cases(district_id=HOME, sample=9, at=AT + 4 * HOUR).faults == ()
    assert resume_due(district_id=HOME, at=AT + timedelta(days=30)) == 0
