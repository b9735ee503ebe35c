from datetime import date, datetime, timedelta

import pytest
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.clocks import recount_deadlines
from linli.cases.choices import Action
from linli.cases.models import Case, ClockSegment
from linli.ledger.facts.models import Fact
from linli.support.calendar.actions import publish_calendar
from linli.support.calendar.calc import DEFAULT_HOURS, DayException
from linli.support.calendar.queries import list_calendar_days

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# The case of these tests is of level 2: 4 working hours to respond, 3 working days to solve.


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return AT.replace(month=month, day=day, hour=hour, minute=minute)


def stopped(case: Case) -> list[tuple[str, str, bool]]:
    rows = ClockSegment.objects.filter(case_id=case.id).order_by("clock", "started_at")
    return [(row.clock, row.why, row.stopped_at is None) for row in rows]


def test_new_case_is_due_to_be_answered(district: DemoDistrict) -> None:
    case = district.open_case_in()

    assert case.response_due_at == case.due_at == at(11, 18, 16)  # two hours before the break, two after
    assert case.solution_due_at == at(11, 23, 18)  # 24 working hours are used up on Monday
    assert case.amber_at == at(11, 18, 15, 12)  # four fifths of four hours


def test_answer_stops_the_first_clock_and_the_second_counts(district: DemoDistrict) -> None:
    case = district.take(district.open_case_in(), Action.ACCEPT, by=district.actor("grid_worker"))

    assert stopped(case) == [("response", "accept", False), ("solution", "", True)]
    assert (case.responded_at, case.due_at) == (AT + HOUR, at(11, 23, 18))


def test_passing_a_case_on_answers_nobody(district: DemoDistrict) -> None:
    case = district.take(
        district.open_case_in(), Action.RETURN, by=district.actor("grid_worker"), reason="beyond_power"
    )

    assert (case.responded_at, case.due_at) == (None, at(11, 18, 16))


def test_report_back_stops_all_clocks(district: DemoDistrict) -> None:
    case = district.handled(district.open_case_in(), by=district.actor("grid_worker"))

    assert stopped(case) == [("response", "handle", False), ("solution", "report-back", False)]
    assert (case.due_at, case.amber_at, case.solved_at) == (None, None, AT + HOUR)
    assert case.solution_due_at == at(11, 23, 18)  # what was promised stays readable


def test_pause_over_a_weekend_moves_the_deadline_by_working_time(district: DemoDistrict) -> None:
    worker = district.actor("grid_worker")
    case = district.take(district.open_case_in(), Action.ACCEPT, by=worker)
    paused = district.take(case, Action.SUSPEND, by=worker, after=4 * HOUR, reason="waits_for_season",
                           review_on=date(2026, 11, 23))  # fmt: skip
    resumed = district.take(case, Action.RESUME, by=worker, after=5 * DAY + 4 * HOUR)

    assert (paused.due_at, paused.amber_at, paused.state) == (None, None, "suspended")
    # Two of 24 hours were used on Wednesday; 22 are left from Monday 14:00: 4, 8, 8, and 2 on Thursday, to its close.
    assert (resumed.due_at, resumed.state) == (at(11, 26, 18), "accepted")
    assert stopped(case) == [
        ("response", "accept", False), ("solution", "waits_for_season", False), ("solution", "", True),
    ]  # fmt: skip


def test_pause_over_a_holiday_costs_nothing(district: DemoDistrict) -> None:
    worker, start = district.actor("grid_worker"), at(9, 29, 8)
    case = district.take(district.open_case_in(at=start), Action.ACCEPT, by=worker)
    district.take(
        case, Action.SUSPEND, by=worker, after=3 * DAY, reason="waits_for_season", review_on=date(2026, 10, 8)
    )
    resumed = district.take(case, Action.RESUME, by=worker, after=8 * DAY)

    # Tuesday and Wednesday were used; 1 to 7 October is off; one working day is left, from Wednesday the 7th on.
    assert resumed.due_at == at(10, 8, 18)


def test_suspending_counts_as_an_answer(district: DemoDistrict) -> None:
    case = district.open_case_in()
    district.take(case, Action.DISPATCH, by=district.actor("grid_head"), to_post=district.post_of("grid_worker"))
    case = district.take(case, Action.SUSPEND, by=district.actor("grid_worker"), reason="waits_for_season",
                         review_on=date(2026, 12, 1))  # fmt: skip

    assert (case.due_at, case.responded_at) == (None, AT + HOUR)


def test_return_for_rework_lets_the_clock_go_on(district: DemoDistrict) -> None:
    worker = district.actor("grid_worker")
    case = district.handled(district.open_case_in(), by=worker)
    case = district.take(case, Action.RETURN, by=district.actor("call_back_clerk"), after=DAY + HOUR, reason="not_done")

    assert (case.state, case.solved_at, case.times_reopened) == ("handling", None, 1)
    assert case.due_at == at(11, 24, 18)  # a day in the hands of those who verify is not the handler's


def test_rejection_ends_all_clocks(district: DemoDistrict) -> None:
    case = district.take(district.open_case_in(), Action.REJECT, by=district.actor("grid_head"), reason="no_such_thing")

    assert stopped(case) == [("response", "reject", False), ("solution", "reject", False)]
    assert (case.state, case.due_at, case.closed_at) == ("rejected", None, AT + HOUR)


def publish(district: DemoDistrict, *, off: date, when: datetime = AT + HOUR) -> int:
    days = list_calendar_days(version=1, year=2026)
    return publish_calendar(
        exceptions=[*days, DayException(off, is_workday=False, name="临时放假")], published_years=[2026],
        hours=DEFAULT_HOURS, reason="临时放假", by=district.viewer("catalogue_keeper"), at=when,
    )  # fmt: skip


def test_new_holiday_moves_open_deadlines_and_each_move_is_a_fact(district: DemoDistrict) -> None:
    answered = district.take(district.open_case_in(), Action.ACCEPT, by=district.actor("grid_worker"))
    new, done = (
        district.open_case_in("open"),
        district.handled(district.open_case_in(), by=district.actor("grid_worker")),
    )
    publish(district, off=date(2026, 11, 19))
    cases = [Case.objects.get(id=case.id) for case in (answered, new, done)]

    assert [(case.due_at, case.solution_due_at, case.calendar_number) for case in cases] == [
        (at(11, 24, 18), at(11, 24, 18), 2), (at(11, 18, 16), at(11, 24, 18), 2), (None, at(11, 23, 18), 2),
    ]  # fmt: skip
    assert [case.version for case in cases] == [3, 2, 3]
    facts = Fact.objects.filter(kind="case.deadline_recounted").order_by("id")
    assert {(fact.subject_id, fact.data["calendar"]) for fact in facts} == {(answered.id, 2), (new.id, 2)}


def test_recounting_twice_changes_nothing(district: DemoDistrict) -> None:
    district.open_case_in()
    publish(district, off=date(2026, 11, 19))

    assert recount_deadlines(district_id="210106", at=AT) == 0
    assert Fact.objects.filter(kind="case.deadline_recounted").count() == 1


def test_recounting_goes_through_all_batches(district: DemoDistrict) -> None:
    for place, community in (("compound", 1), ("compound", 2), ("open", 2)):
        district.open_case_in(place, community=community)
    Case.objects.update(calendar_number=0, solution_due_at=AT + DAY)

    assert recount_deadlines(district_id="210106", at=AT, batch=2) == 3
    assert set(Case.objects.values_list("solution_due_at", flat=True)) == {at(11, 23, 18)}


def test_calendar_is_published_before_a_district_has_rulebooks(db: None) -> None:
    from linli.registry.territory.models import District
    from linli.support.calendar.actions import install_default_calendar

    District.objects.create(code="210106", name="示例区")

    assert install_default_calendar(at=AT) == 1


@pytest.mark.parametrize("category", ["illegal_building", "advice", "gas"])
def test_deadlines_of_a_category_come_from_its_line(district: DemoDistrict, category: str) -> None:
    case = district.open_case_in(category=category)

    assert (case.response_due_at, case.solution_due_at) == {
        "illegal_building": (at(11, 19, 18), AT + 30 * DAY),
        "advice": (at(11, 19, 18), at(11, 25, 18)),
        "gas": (AT + HOUR, AT + 4 * HOUR),
    }[category]
