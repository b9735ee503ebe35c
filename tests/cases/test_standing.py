"""Open and overdue on each day, against a count done case by case."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, DemoDistrict

from linli.cases.calc.rates import period
from linli.cases.models import Case
from linli.cases.queries.standing import stand_by_day

DAY = timedelta(days=1)
LOCAL = ZoneInfo("Asia/Shanghai")
# Days ago: reported, answer due, answered, solution due, solved, closed; None: not yet.
LIVES = (
    (30, 29.5, 29, 25, 24, 23), (12, 11, 9, 8, 3, 2), (9, 8.5, 8.6, 6, 7, 7), (6, 5, None, 4, None, None),
    (5, 4.5, 4.6, 2, None, None), (3, 2.5, 2.6, -4, None, None), (1.2, 0.5, 0.6, -5, 0.4, 0.3),
)  # fmt: skip


@pytest.fixture
def lived(district: DemoDistrict) -> list[Case]:
    """Cases with lives of every kind: late or not in answering, in solving, in both; open and closed."""
    for life in LIVES:
        case = district.open_case_in("compound", at=AT - 31 * DAY)
        reported, answer, answered, due, solved, closed = (None if n is None else AT - (n + 0.01) * DAY for n in life)
        Case.objects.filter(id=case.id).update(
            reported_at=reported, response_due_at=answer, responded_at=answered, solution_due_at=due, solved_at=solved,
            closed_at=closed, state="closed" if closed else "handling",
            due_at=None if closed or solved else answer if answered is None else due,
        )  # fmt: skip
    return list(Case.objects.all())


def is_open(case: Case, moment: datetime) -> bool:
    return case.reported_at <= moment and (case.closed_at is None or moment < case.closed_at)


def is_late(case: Case, moment: datetime) -> bool:
    late_answer = case.response_due_at <= moment and (case.responded_at is None or moment < case.responded_at)
    is_answered = case.responded_at is not None and case.responded_at <= moment
    late_solution = (
        is_answered
        and case.solution_due_at is not None
        and case.solution_due_at <= moment
        and (case.solved_at is None or moment < case.solved_at)
    )
    return late_answer or late_solution


def end_of(day: date) -> datetime:
    """Give the last moment of a day, or now on the last one."""
    return min(datetime.combine(day + DAY, datetime.min.time(), tzinfo=LOCAL) - timedelta(microseconds=1), AT)


@pytest.mark.parametrize("name", ["today", "week", "month", "year"])
def test_days_are_as_counted_case_by_case(lived: list[Case], name: str) -> None:
    told = stand_by_day(reached=Q(district_id="210106"), span=period(name, AT), at=AT)

    days = [day for day in (*told.days_before, *told.days) if day.last >= (AT - 40 * DAY).date()]
    assert [(day.last, day.open, day.late) for day in days] == [
        (day.last, sum(is_open(case, end_of(day.last)) for case in lived),
         sum(is_late(case, end_of(day.last)) for case in lived)) for day in days
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["today", "week", "month", "year"])
def test_the_moment_compared_with_is_as_counted_case_by_case(lived: list[Case], name: str) -> None:
    span = period(name, AT)
    told = stand_by_day(reached=Q(district_id="210106"), span=span, at=AT)

    assert (told.open, told.late, told.open_before, told.late_before) == tuple(
        sum(test(case, moment) for case in lived)
        for moment in (AT, span.before_until) for test in (is_open, is_late)
    )  # fmt: skip


def test_time_to_close_is_that_of_the_days(lived: list[Case]) -> None:
    told = stand_by_day(reached=Q(district_id="210106"), span=period("month", AT), at=AT)

    closed = [case for case in lived if case.closed_at and case.closed_at >= period("month", AT).since]
    hours = [(case.closed_at - case.reported_at).total_seconds() / 3600 for case in closed if case.closed_at]
    assert (sum(day.closed for day in told.days), told.hours) == (len(closed), round(sum(hours) / len(hours)))


@pytest.mark.parametrize("name", ["today", "week", "month", "year"])
def test_all_days_cost_one_query(lived: list[Case], name: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        stand_by_day(reached=Q(district_id="210106"), span=period(name, AT), at=AT)

    assert len(asked) == 1
