"""Closed cases like one that is worked on: the likest first, of what the viewer may see alone."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, BLIND, DemoDistrict

from linli.cases.calc.alike import Beside, LikestMeasured, measure_likest, read_likest
from linli.cases.choices import Action
from linli.cases.errors import NoSuchCase
from linli.cases.models import Case
from linli.cases.queries.alike import list_alike_closed

LIGHT = {"category": "streetlight"}


def close(district: DemoDistrict, text: str, *, community: int = 1, said: str = "已处理") -> Case:
    case = district.open_case_in(text=text, community=community, **LIGHT)
    boss = district.actor("district_dispatcher")
    case = district.take(case, Action.DISPATCH, by=boss, to_post=district.post_of("grid_worker", community=community))
    worker = district.actor("grid_worker", community=community)
    case = district.take(case, Action.HANDLE, by=worker, after=timedelta(hours=1))
    case = district.take(case, Action.REPORT_BACK, by=worker, note=said, after=timedelta(hours=3))
    for action in (Action.VERIFY, Action.CLOSE):
        case = district.take(case, action, by=boss, after=timedelta(hours=4))
    return case


def test_what_few_have_counts_more_than_what_all_have() -> None:
    others = ["路灯不亮，时明时暗", "路灯不亮，灯罩掉了", "路灯不亮", "垃圾没人收"]
    told = Beside(others).likeness("东门路灯不亮，灯罩掉了")

    assert told[1] > 2 * max(told[0], told[2])
    assert (min(told[0], told[2]) > 0, told[3]) == (True, 0)
    for text, beside, percents in (("路灯不亮", ["路灯不亮"], [100]), ("", [""], [0]), ("路灯", [], [])):
        assert Beside(beside).likeness(text) == percents


def test_likest_are_told_best_first_and_nothing_that_is_hardly_alike() -> None:
    others = ["路灯不亮", "垃圾没人收", *["路灯不亮，灯罩掉了"] * 6]
    told = Beside(others).likest("路灯不亮，灯罩掉了")

    assert [place for place, _ in told] == [7, 6, 5, 4, 3]
    assert [place for place, _ in Beside(others).likest("垃圾桶满了没人收")] == [1]


def test_how_well_it_finds_is_measured_on_later_cases_among_all_categories() -> None:
    earlier = [
        ("路灯不亮，灯罩掉了", "light"),
        ("水管漏水，地上一摊水", "water"),
        ("狗叫得睡不着", "dog"),
        ("楼道里堆着杂物", "fire"),
    ] * 4
    later = [("路灯又不亮了", "light"), ("水管还在漏水", "water"), ("路灯不亮，狗叫", "dog"), ("从来没有过的", "fire")]
    told = measure_likest([*earlier, *later])

    assert (told.tried, told.read, told.told, told.right, told.by_chance) == (4, 16, 4 + 4 + 5, 4 + 4 + 1, 3)
    assert measure_likest([]) == read_likest({}) == LikestMeasured(0, 0, 0, 0, 0)
    assert read_likest(asdict(told)) == told


def test_likest_closed_case_is_first_with_what_was_done(district: DemoDistrict) -> None:
    near = close(district, "新喜小区路灯灯罩掉了，晚上不亮", said="换了灯罩")
    far = close(district, "广场的路灯一闪一闪")
    district.open_case_in(text="路灯灯罩掉了一个", **LIGHT)  # not closed
    Case.objects.filter(id=close(district, "路灯灯罩掉了").id).update(category="noise")
    asked = district.open_case_in(text="路灯灯罩掉了，不亮", **LIGHT)
    found = list_alike_closed(viewer=district.viewer("grid_worker"), case_id=asked.id, at=AT)

    assert (found.read, found.rows[0].row.id, found.rows[0].what) == (2, near.id, "换了灯罩")
    assert found.rows[0].took == timedelta(hours=3)
    assert all(row.percent <= found.rows[0].percent for row in found.rows)
    assert {row.row.id for row in found.rows} <= {near.id, far.id}


def test_nothing_beyond_reach_is_laid_beside_it(district: DemoDistrict, client: Client) -> None:
    foreign = close(district, "绝密路灯灯罩掉了", community=2)
    asked = district.open_case_in(text="绝密路灯灯罩掉了", **LIGHT)
    mine = list_alike_closed(viewer=district.viewer("grid_worker"), case_id=asked.id, at=AT)
    all_of_it = list_alike_closed(viewer=district.viewer("district_dispatcher"), case_id=asked.id, at=AT)

    assert (mine.read, mine.rows, [row.row.id for row in all_of_it.rows]) == (0, (), [foreign.id])
    with pytest.raises(NoSuchCase):
        list_alike_closed(viewer=district.viewer("grid_worker"), case_id=foreign.id, at=AT)
    page = district.login(client, "grid_worker").get(f"/desk/cases/{asked.id}/alike/").content.decode()
    assert ("还没有" in page, foreign.number in page) == (True, False)


@pytest.mark.parametrize("role", BLIND)
def test_page_is_not_for_who_sees_no_case(district: DemoDistrict, client: Client, role: str) -> None:
    case = close(district, "路灯不亮")
    assert district.login(client, role).get(f"/desk/cases/{case.id}/alike/").status_code in {403, 404}


def test_queries_are_the_same_for_one_and_ten(district: DemoDistrict) -> None:
    asked, viewer = district.open_case_in(text="路灯不亮", **LIGHT), district.viewer("district_dispatcher")
    counts = []
    for n in (1, 9):
        for k in range(n):
            close(district, f"路灯不亮{k}")
        with CaptureQueriesContext(connection) as found:
            list_alike_closed(viewer=viewer, case_id=asked.id, at=AT)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 6
