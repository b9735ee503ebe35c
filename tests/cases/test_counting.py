from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, PATH, DemoDistrict

from linli.cases.actions.stepping import RESIDENT, Actor
from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.choices import Action, Satisfaction, VerifiedBy
from linli.cases.models import Case
from linli.cases.queries.cockpit import Figure, get_cockpit
from linli.cases.queries.drilldown import FIGURES, list_behind
from linli.cases.queries.nearby import count_repeats, list_similar
from linli.cases.queries.public import BoardCount, get_public_board
from linli.kernel.errors import InvalidInput, NotFound

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = AT + 8 * HOUR


@pytest.fixture
def lived(district: DemoDistrict) -> list[Case]:
    """Four cases: one closed and liked, one closed and nearly liked, one open, one of the other community."""
    worker, clerk = district.actor("grid_worker"), district.actor("call_back_clerk")
    for liked in (Satisfaction.SATISFIED, Satisfaction.BASICALLY):
        case = district.handled(district.open_case_in(), by=worker)
        verify_case(district_id="210106", case_id=case.id, finding=Finding(VerifiedBy.CALL, satisfaction=liked),
                    version=None, by=clerk, at=AT + 2 * HOUR)  # fmt: skip
        district.take(case, Action.CLOSE, by=clerk, after=4 * HOUR)
    district.open_case_in()
    district.open_case_in("compound", community=2)
    return list(Case.objects.order_by("number"))


def test_board_counts_the_district(district: DemoDistrict, lived: list[Case]) -> None:
    board = get_cockpit(viewer=district.viewer("district_leader"), period_name="today", area_path="", at=LATER)

    assert [(figure.name, figure.value, figure.before) for figure in board.figures] == [
        ("opened", 4, None), ("closed", 2, None), ("open", 2, None), ("late", 2, None),
    ]  # fmt: skip
    assert [(rate.name, rate.numerator, rate.denominator, rate.tenths) for rate in board.said.rates] == [
        ("response", "2", 2, 1000), ("solution", "2", 2, 1000), ("satisfaction", "1.9", 2, 950),
    ]  # fmt: skip
    assert [rate.tenths for rate in board.said_before.rates] == [None, None, None]
    assert (board.hours, board.hours_before) == (4, None)


def test_board_lays_streets_side_by_side_and_a_street_without_call_back_has_no_rate(
    district: DemoDistrict, lived: list[Case]
) -> None:
    board = get_cockpit(viewer=district.viewer("district_leader"), period_name="week", area_path="", at=LATER)

    assert [(area.code, area.open, area.late, [rate.tenths for rate in area.said.rates]) for area in board.areas] == [
        ("210106003", 1, 1, [1000, 1000, 950]), ("210106007", 1, 1, [None, None, None]),
    ]  # fmt: skip


def test_board_of_a_community_counts_its_own_only(district: DemoDistrict, lived: list[Case]) -> None:
    viewer = district.viewer("community_secretary", community=2)
    board = get_cockpit(viewer=viewer, period_name="today", area_path="", at=LATER)

    assert (board.area_path, [figure.value for figure in board.figures]) == (PATH[2], [1, 0, 1, 1])
    beyond = get_cockpit(viewer=viewer, period_name="today", area_path=PATH[1], at=LATER)
    assert [figure.value for figure in beyond.figures] == [0, 0, 0, 0]


def test_trend_shows_seven_days_and_ends_today(district: DemoDistrict, lived: list[Case]) -> None:
    board = get_cockpit(viewer=district.viewer("district_leader"), period_name="today", area_path="", at=LATER)

    assert board.figures[0] == Figure("opened", 4, None, (0, 0, 0, 0, 0, 0, 4))


@pytest.mark.parametrize("period", ["today", "week", "month", "year"])
@pytest.mark.parametrize("area_path", ["", PATH[1]])
def test_board_costs_a_fixed_number_of_queries(
    district: DemoDistrict, lived: list[Case], period: str, area_path: str
) -> None:
    viewer = district.viewer("district_leader")

    with CaptureQueriesContext(connection) as captured:
        get_cockpit(viewer=viewer, period_name=period, area_path=area_path, at=LATER)

    of_the_district = 12 if period == "today" else 13
    assert len(captured) == (8 if area_path else of_the_district)


def test_a_year_before_is_compared_with_where_there_is_one(district: DemoDistrict, lived: list[Case]) -> None:
    Case.objects.filter(id=district.open_case_in("compound", at=AT - 366 * DAY).id).update(due_at=AT - 365 * DAY)
    viewer = district.viewer("district_leader")

    board = get_cockpit(viewer=viewer, period_name="today", area_path="", at=LATER)

    assert (board.has_before, board.period.is_year_before) == (True, True)
    assert [(figure.name, figure.value, figure.before) for figure in board.figures] == [
        ("opened", 4, 0), ("closed", 2, 0), ("open", 3, 1), ("late", 3, 1),
    ]  # fmt: skip


def test_data_that_begin_within_the_period_before_are_not_compared(district: DemoDistrict) -> None:
    district.open_case_in("compound", at=AT - 3 * DAY)

    board = get_cockpit(viewer=district.viewer("district_leader"), period_name="week", area_path="", at=LATER)

    assert (board.has_before, [figure.before for figure in board.figures]) == (False, [None] * 4)


@pytest.mark.parametrize("figure", ["opened", "closed", "open", "late"])
@pytest.mark.parametrize("role", ["district_leader", "community_secretary", "department_head", "grid_worker"])
def test_rows_behind_a_number_are_as_many_as_it_says(
    district: DemoDistrict, lived: list[Case], role: str, figure: str
) -> None:
    viewer = district.viewer(role)
    board = get_cockpit(viewer=viewer, period_name="today", area_path="", at=LATER)
    behind = list_behind(viewer=viewer, figure=figure, period_name="today", area_path="", at=LATER)

    assert behind.total == len(behind.rows) == next(row.value for row in board.figures if row.name == figure)


def test_unknown_period_and_figure_are_refused(district: DemoDistrict) -> None:
    viewer = district.viewer("district_leader")
    with pytest.raises(InvalidInput, match="unknown_period"):
        get_cockpit(viewer=viewer, period_name="decade", area_path="", at=AT)
    with pytest.raises(NotFound, match="unknown_figure"):
        list_behind(viewer=viewer, figure="x", period_name="today", area_path="", at=AT)
    assert "opened" in FIGURES


def test_case_that_moved_on_stays_behind_its_number_but_is_not_shown(district: DemoDistrict) -> None:
    """What a department counted and gave away is still counted; the row itself is no longer its own to read."""
    case = district.open_case_in("open")
    district.take(case, Action.TRANSFER, by=district.actor("district_dispatcher"),
                  to_organisation=district.organisations["heating_office"])  # fmt: skip
    head = district.viewer("department_head", community=1)
    behind = list_behind(viewer=head, figure="opened", period_name="today", area_path="", at=LATER)

    assert [(row.case_id, row.row) for row in behind.rows] == [(case.id, None)]


def test_public_board_hides_small_numbers(district: DemoDistrict) -> None:
    for n in range(5):
        district.open_case_in("compound", at=AT + n * HOUR)
    district.open_case_in("compound", community=2, category="gas")
    board = get_public_board(district_id="210106", at=LATER)

    assert (board.reported, board.closed, board.open, board.closed_week) == (6, 0, 6, 0)
    assert board.categories == (BoardCount("water_burst", 5, 0), BoardCount("gas", None, None))
    assert board.areas == (BoardCount("210106003", 5, 0), BoardCount("210106007", None, None))


def test_similar_cases_are_near_recent_and_of_the_same_kind(district: DemoDistrict) -> None:
    case, point = district.open_case_in(), district.point_in()
    district.open_case_in("open")
    district.open_case_in(category="gas")
    asked = {"district_id": "210106", "category": "water_burst", "lng": point.lng, "lat": point.lat}

    near = list_similar(**asked, text="水管爆裂", at=AT)
    assert [(row.id, row.distance_m, row.likeness > 0.5) for row in near] == [(case.id, 0, True)]
    assert list_similar(**asked, text="", at=AT + 15 * DAY) == []
    assert list_similar(**(asked | {"lat": point.lat + 0.001}), text="", at=AT) == []


def test_repeats_count_reporters(district: DemoDistrict) -> None:
    case, point = district.open_case_in(), district.point_in()
    Case.objects.filter(id=case.id).update(reporters=4)
    asked = {"district_id": "210106", "category": "water_burst", "at": AT}

    assert count_repeats(**asked, lng=point.lng, lat=point.lat) == 4
    assert count_repeats(**asked, lng=None, lat=None) == 0


def test_resident_rating_counts_as_call_back(district: DemoDistrict) -> None:
    case = district.handled(district.open_case_in(), by=district.actor("grid_worker"))
    verify_case(district_id="210106", case_id=case.id, finding=Finding(VerifiedBy.REPORTER), version=None,
                by=Actor(kind=RESIDENT), at=AT + 2 * HOUR)  # fmt: skip
    board = get_cockpit(viewer=district.viewer("district_leader"), period_name="today", area_path="", at=LATER)

    assert [rate.denominator for rate in board.said.rates] == [1, 1, 1]
