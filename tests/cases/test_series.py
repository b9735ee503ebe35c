"""What comes back at one place, and what a season lets expect: counted from what a viewer may see alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, PATH, DemoDistrict

from linli.cases.actions.preventing import Prevention, open_preventive_case, open_root_case
from linli.cases.choices import Source
from linli.cases.errors import CannotOpenCase, NoSuchCase
from linli.cases.models import Case
from linli.cases.queries.detail import get_case
from linli.cases.queries.lists import count_cases
from linli.cases.queries.series import closed_filter, count_times, expect_ahead, get_series, list_series
from linli.kernel.errors import NotAllowed

DAY = timedelta(days=1)


def recurring(district: DemoDistrict, times: int = 3, *, community: int = 1) -> list[Case]:
    days = range(30 * (times - 1), -1, -30)
    return [district.open_case_in("compound", community=community, at=AT - day * DAY) for day in days]


def closed(district: DemoDistrict, years: int, n: int, *, community: int = 1) -> None:
    """Write closed cases into the week after today, some years ago."""
    cases = [district.open_case_in("compound", community=community, at=AT) for _ in range(n)]
    then = AT.replace(year=AT.year - years) + 3 * DAY
    Case.objects.filter(id__in=[case.id for case in cases]).update(
        state="closed", reported_at=then, closed_at=then + DAY, due_at=None, amber_at=None
    )


def test_third_time_at_one_place_is_one_recurring_matter(district: DemoDistrict) -> None:
    cases = recurring(district)
    district.open_case_in("open", at=AT)
    viewer = district.viewer("community_clerk")
    found = list_series(viewer=viewer, at=AT)

    assert [(row.newest.id, row.count, row.since, row.open) for row in found.rows] == [
        (cases[-1].id, 3, cases[0].reported_at, 3)
    ]
    series = get_series(viewer=viewer, case_id=cases[-1].id, at=AT)
    assert [each.row.id for each in series.times] == [case.id for case in cases]
    row = get_case(viewer=viewer, case_id=cases[1].id, at=AT).row
    assert count_times(viewer=viewer, row=row)[0] == 2


def test_other_kind_place_or_time_is_no_time_of_it(district: DemoDistrict) -> None:
    recurring(district, 2)
    district.open_case_in("compound", category="noise", at=AT)
    district.open_case_in("vacant", at=AT)
    district.open_case_in("compound", at=AT - 91 * DAY)

    assert list_series(viewer=district.viewer("district_dispatcher"), at=AT).rows == []


def test_who_sees_nothing_there_counts_nothing_there(district: DemoDistrict) -> None:
    cases = recurring(district)
    closed(district, 1, 3)
    stranger = district.viewer("community_clerk", community=2)

    assert list_series(viewer=stranger, at=AT).rows == []
    assert expect_ahead(viewer=stranger, at=AT).rows == []
    with pytest.raises(NoSuchCase):
        get_series(viewer=stranger, case_id=cases[0].id, at=AT)
    with pytest.raises(NoSuchCase):
        open_root_case(case_id=cases[0].id, text="查", by=stranger, at=AT)


def test_cause_gets_one_case_whoever_asks_from_whichever_time(district: DemoDistrict) -> None:
    cases = recurring(district)
    clerk = district.viewer("community_clerk")
    root = open_root_case(case_id=cases[-1].id, text="换掉老管道", by=clerk, at=AT)
    again = open_root_case(case_id=cases[1].id, text="别的话", by=district.viewer("district_dispatcher"), at=AT + DAY)

    made = Case.objects.get(id=root)
    assert (again, made.source, made.text, made.category) == (root, Source.PREVENTION, "换掉老管道", "water_burst")
    series = get_series(viewer=clerk, case_id=cases[0].id, at=AT + DAY)
    assert (series.root and series.root.id, len(series.times)) == (root, 3)


def test_cause_of_too_few_or_by_who_may_not_report_is_refused(district: DemoDistrict) -> None:
    cases = recurring(district, 2)
    with pytest.raises(CannotOpenCase, match="not_recurring"):
        open_root_case(case_id=cases[0].id, text="查", by=district.viewer("community_clerk"), at=AT)
    with pytest.raises(NotAllowed):
        open_root_case(case_id=cases[0].id, text="查", by=district.viewer("auditor"), at=AT)


def test_season_of_two_years_is_expected_and_each_number_is_that_of_the_list(district: DemoDistrict) -> None:
    closed(district, 1, 4)
    closed(district, 2, 3)
    viewer = district.viewer("community_clerk")
    (row,) = expect_ahead(viewer=viewer, at=AT).rows

    assert (row.category, row.area_path, row.why) == ("water_burst", PATH[1], "season")
    assert [seen.count for seen in (*row.years, row.now, row.before)] == [4, 3, 0, 0, 0]
    for seen in (*row.years, row.now, row.before):
        wanted = closed_filter(category=row.category, area_path=row.area_path, span=seen.span)
        assert count_cases(viewer=viewer, wanted=wanted, at=AT) == seen.count


def test_what_came_up_in_one_of_two_years_alone_is_not_expected(district: DemoDistrict) -> None:
    closed(district, 1, 4)
    closed(district, 2, 1)

    assert expect_ahead(viewer=district.viewer("community_clerk"), at=AT).rows == []


def test_task_is_given_once_and_holds_no_word_of_a_reporter(district: DemoDistrict) -> None:
    closed(district, 1, 4)
    clerk = district.viewer("community_clerk")
    task = Prevention("water_burst", PATH[1], "未诉先办：往年同期 4 件")
    given = open_preventive_case(task=task, by=clerk, at=AT)

    assert open_preventive_case(task=task, by=clerk, at=AT + 20 * DAY) == given
    assert open_preventive_case(task=task, by=clerk, at=AT + 40 * DAY) != given
    assert expect_ahead(viewer=clerk, at=AT).rows[0].task_id == given
    assert Case.objects.get(id=given).area_path == PATH[1]
    with pytest.raises(CannotOpenCase):
        open_preventive_case(task=Prevention("water_burst", "210105/1", "x"), by=clerk, at=AT)


@pytest.mark.parametrize("times", [3, 6])
def test_queries_do_not_grow_with_cases(district: DemoDistrict, times: int) -> None:
    cases = [district.open_case_in("compound", at=AT - n * DAY) for n in range(times)]
    viewer = district.viewer("community_clerk")
    with CaptureQueriesContext(connection) as listed:
        list_series(viewer=viewer, at=AT)
    with CaptureQueriesContext(connection) as read:
        get_series(viewer=viewer, case_id=cases[0].id, at=AT)
    with CaptureQueriesContext(connection) as ahead:
        expect_ahead(viewer=viewer, at=AT)

    assert (len(listed), len(read), len(ahead)) == (3, 6, 7)
