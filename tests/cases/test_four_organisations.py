"""One case through four organisations with a holiday and a make-up day in between, every clock counted by hand.

Autumn 2026: off from Thursday 1 to Wednesday 7 October; Saturday 10 October is worked, Sunday 11 is not. Working hours
are 8 to 12 and 14 to 18, eight a day.
"""

from datetime import datetime, timedelta
from typing import Any

from tests.factories.district import HOME, SHANGHAI, DemoDistrict

from linli.cases.actions.disputing import Objection, Ruling, decide_dispute, dispute_case
from linli.cases.actions.stepping import Step, take_step
from linli.cases.actions.whistling import Whistled, report_in, whistle
from linli.cases.choices import Action
from linli.cases.models import Case, CaseStep, ClockSegment, Dispute, WhistleCall
from linli.cases.queries.detail import get_case
from linli.cases.rules import may_see_case


def moment(day: str, hour: int, minute: int = 0) -> datetime:
    month, date = day.split("-")
    return datetime(2026, int(month), int(date), hour, minute, tzinfo=SHANGHAI)


def test_one_case_through_four_organisations_keeps_every_clock(district: DemoDistrict) -> None:
    reported = moment("9-30", 16)
    case = district.open_case_in(text="水管渗水，地面有点湿", at=reported)
    budgets = ClockSegment.objects.filter(case=case).order_by("clock").values_list("clock", "amount", "timer")
    assert list(budgets) == [("response", 4, "work_hour"), ("solution", 3, "work_day")]
    # Response: 2 h on 30 September, none for a week, 2 h on the 8th. Solution: 2 + 8 + 8 h, 6 of the worked Saturday.
    assert (case.response_due_at, case.solution_due_at) == (moment("10-8", 10), moment("10-10", 18))

    def take(action: Action, by: str, at: datetime, *, community: int = 1, **more: Any) -> Case:
        step = Step(action, **({"note": "已处理"} | more))
        actor = district.actor(by, community=community)
        return take_step(district_id=HOME, case_id=case.id, step=step, by=actor, at=at)

    # The community sends it back as beyond its powers: to the water works, by the catalogue. No clock begins anew.
    case = take(Action.RETURN, "grid_worker", moment("10-8", 9), reason="beyond_power")
    assert case.organisation_id == district.organisations["water_repair"]
    assert (case.due_at, case.answerable_organisation_id) == (moment("10-8", 10), district.organisations["committee_1"])
    assert CaseStep.objects.get(action="return").data["held_s"] == timedelta(days=7, hours=17).total_seconds()

    # The water works dispute it: 1 h before noon, 4 h after it, 3 h on Friday.
    objection = Objection("wrong_category", "是供热管", district.organisations["heating_office"])
    dispute_case(district_id=HOME, case_id=case.id, objection=objection, by=district.actor("department_handler"),
                 at=moment("10-8", 11))  # fmt: skip
    assert Dispute.objects.get().due_at == moment("10-9", 11)
    ruling = Ruling(is_upheld=True, to_organisation=district.organisations["heating_office"])
    case = decide_dispute(district_id=HOME, case_id=case.id, ruling=ruling, by=district.actor("district_dispatcher"),
                          at=moment("10-9", 10))  # fmt: skip
    assert (case.state, case.due_at, case.answerable_organisation_id) == (
        "dispatched", moment("10-8", 10), district.organisations["committee_1"],
    )  # fmt: skip
    assert get_case(viewer=district.viewer("grid_worker"), case_id=case.id, at=moment("10-9", 10)).row.light == "late"

    # The heating office takes it over, late to respond; what is due now is the solution, as it was promised.
    case = take(Action.ACCEPT, "department_handler", moment("10-9", 10, 30), community=2)
    assert (case.due_at, case.answerable_organisation_id) == (moment("10-10", 18), None)
    assert case.responded_at == moment("10-9", 10, 30)

    # It whistles on Friday afternoon: 3 h then, 8 h on the worked Saturday, none on Sunday, 5 h on Monday.
    called = [district.organisations[code] for code in ("water_repair", "office_1")]
    whistle(district_id=HOME, case_id=case.id, whistled=Whistled(called, "请到场关阀"), at=moment("10-9", 15),
            by=district.actor("department_handler", community=2))  # fmt: skip
    assert set(WhistleCall.objects.values_list("due_at", flat=True)) == {moment("10-12", 15)}
    report_in(
        district_id=HOME, case_id=case.id, note="", by=district.actor("department_handler"), at=moment("10-10", 9)
    )
    case = take(Action.HANDLE, "department_handler", moment("10-10", 9, 30), community=2)
    case = take(Action.REPORT_BACK, "department_handler", moment("10-10", 17, 30), community=2)
    report_in(district_id=HOME, case_id=case.id, note="", by=district.actor("subdistrict_dispatcher"),
              at=moment("10-12", 16))  # fmt: skip
    late = dict(CaseStep.objects.filter(action="report-in").values_list("data__organisation", "data__late"))
    assert late == {str(called[0]): False, str(called[1]): True}

    case = take(Action.VERIFY, "district_dispatcher", moment("10-13", 9))
    case = take(Action.CLOSE, "district_dispatcher", moment("10-13", 10))
    assert (case.solved_at, case.solution_due_at) == (moment("10-10", 17, 30), moment("10-10", 18))
    gone = district.viewer("department_handler")  # whoever had it, or helped, goes on reading it
    assert all(may_see_case(each, case) for each in (gone, district.viewer("grid_worker")))


def test_case_on_hold_after_a_holiday_goes_on_with_what_is_left(district: DemoDistrict) -> None:
    case = district.open_case_in(text="水管渗水，地面有点湿", at=moment("9-30", 16))
    worker = district.actor("grid_worker")

    def take(action: Action, at: datetime, **more: Any) -> Case:
        return take_step(district_id=HOME, case_id=case.id, step=Step(action, **more), by=worker, at=at)

    take(Action.ACCEPT, moment("9-30", 17))
    held = take(Action.SUSPEND, moment("10-8", 16), reason="waits_for_season", review_on=moment("10-10", 8).date())
    assert (held.due_at, held.amber_at) == (None, None)
    # Used: 2 h and 6 h: 8 of 24. Left: 6 h of the worked Saturday, none on Sunday, 8 h on Monday, 2 h on Tuesday.
    resumed = take(Action.RESUME, moment("10-10", 10))
    assert (resumed.due_at, resumed.solution_due_at) == (moment("10-13", 18), moment("10-13", 18))
