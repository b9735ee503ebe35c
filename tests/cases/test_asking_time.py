"""Time that is asked for: cases of level 2, reported on a Wednesday at ten, to be solved by Monday evening."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.asking_time import TimeAsked, ask_time, decide_time, lapse_time_requests
from linli.cases.actions.clocks import load_segments
from linli.cases.actions.recording import FACTS
from linli.cases.actions.resuming import remind_of_holds, resume_due
from linli.cases.choices import Action, TimeKind
from linli.cases.errors import CannotAskTime, NoSuchRequest
from linli.cases.models import Case, CaseStep, TimeRequest
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.cases.queries.rulebooks import list_workflows
from linli.cases.queries.soundness import find_faults
from linli.cases.queries.time_requests import count_time_requests, list_decided_requests, list_time_requests
from linli.kernel.errors import InvalidInput, NotAllowed
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.facts.models import Fact

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(day: int, hour: int, month: int = 11) -> datetime:
    return AT.replace(month=month, day=day, hour=hour)


def accepted(district: DemoDistrict) -> Case:
    return district.take(district.open_case_in(), Action.ACCEPT, by=district.actor("grid_worker"))


def ask(
    district: DemoDistrict, case: Case, *, days: int = 3, role: str = "grid_worker", when: datetime = AT + 2 * HOUR
) -> UUID:
    asked = TimeAsked(TimeKind.EXTENSION, "waits_for_parts", "等水泵", days)
    return ask_time(district_id=district.id, case_id=case.id, asked=asked, by=district.viewer(role), at=when)


def ask_hold(district: DemoDistrict, case: Case, until: date, when: datetime = AT + 3 * HOUR) -> UUID:
    asked = TimeAsked(TimeKind.HOLD, "waits_for_season", "", until=until)
    return ask_time(district_id=district.id, case_id=case.id, asked=asked, by=district.viewer("grid_worker"), at=when)


def decide(
    district: DemoDistrict, request: UUID, *, granted: bool = True, role: str = "community_secretary",
    note: str = "可以", when: datetime = AT + 3 * HOUR,
) -> Case:  # fmt: skip
    return decide_time(
        district_id=district.id, request_id=request, is_granted=granted, note=note, by=district.viewer(role), at=when
    )


def held(district: DemoDistrict, until: date) -> Case:
    return district.take(accepted(district), Action.SUSPEND, by=district.actor("grid_worker"), after=2 * HOUR,
                         reason="waits_for_season", review_on=until)  # fmt: skip


def test_granted_days_go_onto_the_clock_as_a_segment(district: DemoDistrict) -> None:
    case = accepted(district)

    after = decide(district, ask(district, case))

    assert (case.solution_due_at, after.solution_due_at) == (at(23, 18), at(26, 18))
    rows = [row for row in load_segments(after) if row.clock == "solution"]
    assert [(row.why, row.amount, row.extra_days) for row in rows] == [("grant-time", 3, 0), ("", 3, 3)]
    fact = Fact.objects.get(kind="case.time_granted")
    assert (fact.data["days"], fact.data["before"][:10], fact.data["after"][:10]) == (3, "2026-11-23", "2026-11-26")
    assert find_faults(district.id, workflows=list_workflows(district.id), fact_kinds=FACTS) == []


def test_a_pause_after_an_extension_keeps_the_days_granted(district: DemoDistrict) -> None:
    case = accepted(district)
    decide(district, ask(district, case))
    worker = district.actor("grid_worker")

    district.take(
        case, Action.SUSPEND, by=worker, after=6 * DAY, reason="waits_for_season", review_on=date(2026, 12, 1)
    )
    after = district.take(case, Action.RESUME, by=worker, after=8 * DAY)

    assert after.solution_due_at == at(30, 18)  # from Tuesday 10:00 to Thursday 10:00 it stood: two days later


def test_refusing_needs_a_reason_and_changes_no_deadline(district: DemoDistrict) -> None:
    case = accepted(district)
    request = ask(district, case)

    with pytest.raises(InvalidInput, match="say_why"):
        decide(district, request, granted=False, note=" ")
    after = decide(district, request, granted=False, note="先找街道借一台")

    assert after.solution_due_at == case.solution_due_at
    assert CaseStep.objects.filter(case=case).order_by("id").last().note == "先找街道借一台"  # type: ignore[union-attr]


@pytest.mark.parametrize("role", ["grid_worker", "community_steward", "call_back_clerk", "department_head"])
def test_only_who_stands_above_decides(district: DemoDistrict, role: str) -> None:
    request = ask(district, accepted(district))

    with pytest.raises((NotAllowed, NoSuchRequest)):
        decide(district, request, role=role)

    assert TimeRequest.objects.get().state == "asked"


def test_only_the_holder_asks(district: DemoDistrict) -> None:
    with pytest.raises(NotAllowed):
        ask(district, accepted(district), role="subdistrict_dispatcher")


def test_length_and_number_are_limited_by_the_rulebook(district: DemoDistrict) -> None:
    case = accepted(district)
    for wrong in (0, 11):
        with pytest.raises(InvalidInput, match="extension_days"):
            ask(district, case, days=wrong)
    for _ in range(2):
        decide(district, ask(district, case))

    with pytest.raises(CannotAskTime, match="extended_enough"):
        ask(district, case)


def test_what_is_overdue_on_hold_or_asked_already_gets_no_more_days(district: DemoDistrict) -> None:
    case = accepted(district)
    with pytest.raises(CannotAskTime, match="already_overdue"):
        ask(district, case, when=at(24, 9))
    ask(district, case)
    with pytest.raises(CannotAskTime, match="request_waits"):
        ask(district, case)
    other = held(district, date(2026, 12, 1))
    with pytest.raises(CannotAskTime, match="clock_stands"):
        ask(district, other)


def test_a_request_that_nobody_decides_lapses_once(district: DemoDistrict) -> None:
    case = accepted(district)
    request = ask(district, case)  # eight working hours: by Thursday noon

    assert TimeRequest.objects.get().decide_by == at(19, 12)
    assert lapse_time_requests(district_id=district.id, at=at(19, 12)) == 0
    with pytest.raises(CannotAskTime, match="request_lapsed"):
        decide(district, request, when=at(19, 13))
    assert [lapse_time_requests(district_id=district.id, at=at(19, 13)) for _ in range(2)] == [1, 0]
    with pytest.raises(CannotAskTime, match="request_decided"):
        decide(district, request, when=at(19, 14))
    assert TimeRequest.objects.get().state == "lapsed"


def test_a_longer_hold_needs_approval_and_stays_within_the_rulebook(district: DemoDistrict) -> None:
    case = held(district, date(2026, 12, 1))
    with pytest.raises(InvalidInput, match="review_date_out_of_range"):
        ask_hold(district, case, date(2027, 6, 1))
    with pytest.raises(InvalidInput, match="review_date_not_later"):
        ask_hold(district, case, date(2026, 11, 30))

    after = decide(district, ask_hold(district, case, date(2027, 1, 15)), when=AT + 4 * HOUR)

    assert (after.review_on, after.state, after.due_at) == (date(2027, 1, 15), "suspended", None)
    assert resume_due(district_id=district.id, at=at(1, 9, 12)) == 0
    assert resume_due(district_id=district.id, at=AT.replace(year=2027, month=1, day=15)) == 1


def test_the_first_hold_is_limited_too(district: DemoDistrict) -> None:
    with pytest.raises(InvalidInput, match="review_date_out_of_range"):
        held(district, date(2027, 6, 1))


def test_the_end_of_a_hold_is_told_once_for_each_day(district: DemoDistrict) -> None:
    case = held(district, date(2026, 12, 1))
    OutboxMessage.objects.all().delete()

    assert [remind_of_holds(district_id=district.id, at=moment) for moment in (
        at(27, 9), at(28, 9), at(28, 10), at(30, 9),
    )] == [0, 1, 0, 0]  # fmt: skip
    decide(district, ask_hold(district, case, date(2026, 12, 20), at(30, 10)), when=at(30, 11))
    assert remind_of_holds(district_id=district.id, at=at(18, 9, 12)) == 1

    assert OutboxMessage.objects.filter(kind="case.hold_reminded").count() == 2


def test_cases_on_hold_are_listed_by_the_day_of_review(district: DemoDistrict) -> None:
    days = [date(2026, 12, 20), date(2026, 12, 1), date(2026, 12, 9)]
    for day in days:
        held(district, day)
    district.open_case_in(text="没有挂起的")

    rows = list_cases(
        viewer=district.viewer("community_secretary"), wanted=CaseFilter(box="held", sort="review"), at=AT
    ).rows

    assert [row.review_on for row in rows] == sorted(days)
    stranger = district.viewer("community_secretary", community=2)
    assert list_cases(viewer=stranger, wanted=CaseFilter(box="held", sort="review"), at=AT).rows == []


def test_requests_are_listed_for_whom_they_wait(district: DemoDistrict) -> None:
    request = ask(district, accepted(district))
    secretary, other = district.viewer("community_secretary"), district.viewer("community_secretary", community=2)

    assert [row.id for row in list_time_requests(viewer=secretary)] == [request]
    assert (count_time_requests(secretary), count_time_requests(other)) == (1, 0)
    assert list_time_requests(viewer=other) == []
    decide(district, request)
    assert (list_time_requests(viewer=secretary), len(list_decided_requests(viewer=secretary))) == ([], 1)
    assert list_decided_requests(viewer=other) == []
