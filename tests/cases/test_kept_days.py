"""The board from kept days says what a count of everything says, in every period, whatever happened in between."""

import random
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, DemoDistrict, lived_district, make_district

from linli.cases.actions.keeping import forget_days, keep_days
from linli.cases.actions.opening import Contact
from linli.cases.actions.stepping import Actor
from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.choices import Action, Satisfaction, VerifiedBy
from linli.cases.models import Case, CaseDay
from linli.cases.queries.cockpit import Cockpit, get_cockpit
from linli.cases.queries.drilldown import list_behind
from linli.ledger.facts.models import Fact
from linli.registry.people.queries import find_login, viewer_of

DISTRICT = "210106"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEGIN, NOW = AT, AT + 80 * DAY
PERIODS = ("today", "week", "month", "year")


@pytest.fixture
def lived(db: None) -> DemoDistrict:
    """Sixty cases over eighty days."""
    return lived_district("kept days", live)


def live(district: DemoDistrict) -> None:
    """Let cases be left alone, handled late, liked or not, closed, closed and opened again."""
    chance = random.Random(7)  # noqa: S311 - the same lives in every run
    worker, clerk = district.actor("grid_worker"), district.actor("call_back_clerk")
    for number in range(60):
        at = BEGIN + chance.uniform(0, 79) * DAY
        case = district.open_case_in("compound", community=1, at=at, contact=Contact("", ""))
        if number % 3 == 0 or at + 12 * DAY > NOW:
            continue
        for action, after in ((Action.ACCEPT, 0.1), (Action.HANDLE, 1), (Action.REPORT_BACK, chance.uniform(2, 7))):
            _take(district, case, action, worker, at + after * DAY)
        liked = chance.choice((Satisfaction.SATISFIED, Satisfaction.BASICALLY, Satisfaction.DISSATISFIED))
        verify_case(district_id=DISTRICT, case_id=case.id, finding=Finding(VerifiedBy.CALL, satisfaction=liked),
                    version=None, by=clerk, at=at + 8 * DAY)  # fmt: skip
        case.refresh_from_db()
        if case.state == "verified":
            _take(district, case, Action.CLOSE, clerk, at + 9 * DAY)
            if number % 5 == 0:
                _take(district, case, Action.REOPEN, clerk, at + 10 * DAY)


def _take(district: DemoDistrict, case: Case, action: Action, by: Actor, at: datetime) -> None:
    more = {"reason": "came_back"} if action == Action.REOPEN else {}
    district.take(case, action, by=by, after=at - case.reported_at, **more)


def board(district: DemoDistrict, period: str, at: datetime = NOW) -> Cockpit:
    return get_cockpit(viewer=district.viewer("district_leader"), period_name=period, area_path="", at=at)


def said(told: Cockpit) -> dict[str, Any]:
    """Give what a board says; hours and what was open then are of the days as they stood, and compared apart."""
    return {
        "figures": [(each.name, each.value, each.before) for each in told.figures if each.name in {"opened", "closed"}],
        "now": [(each.name, each.value) for each in told.figures],
        "said": (told.said, told.said_before), "areas": told.areas, "warn": told.warn, "late": told.late_rows,
        "opened": [day.opened for day in told.days], "has_before": told.has_before,
    }  # fmt: skip


def test_kept_days_say_what_a_count_says(lived: DemoDistrict) -> None:
    counted = {period: board(lived, period) for period in PERIODS}
    kept_on = keep_days(district_id=DISTRICT, at=NOW)

    assert kept_on == 80
    for period in PERIODS:
        with CaptureQueriesContext(connection) as asked:
            told = board(lived, period)
        assert said(told) == said(counted[period])
        assert told == counted[period]
        assert any("cases_caseday" in query["sql"] for query in asked), period


def test_kept_day_by_day_it_is_as_the_days_stood(lived: DemoDistrict) -> None:
    for n in range(1, 82):
        keep_days(district_id=DISTRICT, at=BEGIN + n * DAY)
    assert CaseDay.objects.filter(path=DISTRICT).count() == 81
    told = {period: said(board(lived, period)) for period in PERIODS}

    CaseDay.objects.all().delete()

    assert told == {period: said(board(lived, period)) for period in PERIODS}


def test_case_closed_twice_in_a_month_is_one(lived: DemoDistrict) -> None:
    clerk = lived.actor("call_back_clerk")
    case = Case.objects.filter(state="closed").order_by("-closed_at")[0]
    closed_at = case.closed_at
    assert closed_at is not None
    _take(lived, case, Action.REOPEN, clerk, closed_at + DAY)
    _close_again(lived, case, closed_at + 2 * DAY)
    at = closed_at + 4 * DAY
    counted = {period: board(lived, period, at) for period in PERIODS}

    keep_days(district_id=DISTRICT, at=at)

    for period in PERIODS:
        assert said(board(lived, period, at)) == said(counted[period])
        closed = next(each.value for each in counted[period].figures if each.name == "closed")
        viewer = lived.viewer("district_leader")
        rows = list_behind(viewer=viewer, figure="closed", period_name=period, area_path="", at=at)
        assert rows.total == closed
    closings = Fact.objects.filter(kind="case.closed", subject_id=case.id).count()
    assert (closings, Case.objects.get(id=case.id).state) == (2, "closed")


def _close_again(district: DemoDistrict, case: Case, at: datetime) -> None:
    """Let whoever has it now bring it to its end once more."""
    clerk, post = district.actor("call_back_clerk"), Case.objects.get(id=case.id).post_id
    role = next(name for name, held in district.posts.items() if held == post)
    holder = Actor(viewer_of(login_id=find_login(role).id, on=at.date()), caller="holder")  # type: ignore[union-attr]
    for n, action in enumerate((Action.ACCEPT, Action.HANDLE, Action.REPORT_BACK)):
        _take(district, case, action, holder, at + n * HOUR)
    finding = Finding(VerifiedBy.CALL, satisfaction=Satisfaction.SATISFIED)
    verify_case(district_id=DISTRICT, case_id=case.id, finding=finding, version=None, by=clerk, at=at + 4 * HOUR)
    _take(district, case, Action.CLOSE, clerk, at + 5 * HOUR)


def test_days_are_kept_once_and_never_today(lived: DemoDistrict) -> None:
    assert keep_days(district_id=DISTRICT, at=NOW) == 80
    rows = CaseDay.objects.count()

    assert keep_days(district_id=DISTRICT, at=NOW) == 0
    assert (CaseDay.objects.count(), CaseDay.objects.filter(day__gte=NOW.date()).count()) == (rows, 0)


def test_a_day_has_ten_minutes_to_settle(lived: DemoDistrict) -> None:
    midnight = datetime.combine(NOW.date(), datetime.min.time(), tzinfo=NOW.tzinfo)

    assert keep_days(district_id=DISTRICT, at=midnight + timedelta(minutes=9)) == 79
    assert keep_days(district_id=DISTRICT, at=midnight + timedelta(minutes=11)) == 1


@pytest.mark.django_db(transaction=True)
def test_sheet_and_keeping_wait_for_each_other() -> None:
    """A row of a sheet that is written while its day is being counted is not missing from the day that is kept."""
    district = make_district()
    for n in range(3):
        district.open_case_in("compound", at=BEGIN + n * DAY)
    day, at = (BEGIN + DAY).date(), BEGIN + 4 * DAY
    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            district.open_case_in("compound", at=BEGIN + DAY)
            forget_days(district_id=DISTRICT, since=day)
            keeping = beside.submit(_keep_beside, at)
            assert not wait([keeping], timeout=0.5).done
        keeping.result(timeout=120)

    assert CaseDay.objects.get(path=DISTRICT, day=day).opened == 2


def _keep_beside(at: datetime) -> int:
    try:
        return keep_days(district_id=DISTRICT, at=at)
    finally:
        connection.close()


def test_what_is_reported_for_a_day_before_takes_the_days_away(lived: DemoDistrict) -> None:
    keep_days(district_id=DISTRICT, at=NOW)
    since = (NOW - 5 * DAY).date()

    forget_days(district_id=DISTRICT, since=since)
    lived.open_case_in("compound", at=NOW - 5 * DAY)

    assert not CaseDay.objects.filter(day__gte=since).exists()
    before_kept = board(lived, "month")
    assert keep_days(district_id=DISTRICT, at=NOW) == 5
    assert said(board(lived, "month")) == said(before_kept)


def test_nothing_is_kept_without_a_case(district: DemoDistrict) -> None:
    assert keep_days(district_id=DISTRICT, at=NOW) == 0


def test_who_reaches_less_is_not_told_from_the_days_of_the_district(lived: DemoDistrict) -> None:
    keep_days(district_id=DISTRICT, at=NOW)
    viewer = lived.viewer("community_secretary", community=2)

    told = get_cockpit(viewer=viewer, period_name="year", area_path="", at=NOW)

    assert [figure.value for figure in told.figures] == [0, 0, 0, 0]
