from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, DemoDistrict

from linli.cases.choices import Action
from linli.cases.models import Case
from linli.cases.queries.lists import CaseFilter, InboxCounts, count_cases, filtered, inbox_counts, list_cases
from linli.cases.queries.rows import light_of
from linli.kernel.errors import InvalidInput
from linli.registry.people.models import Post

HOUR = timedelta(hours=1)


@pytest.fixture
def many(district: DemoDistrict) -> list[Case]:
    """Seven cases in all states of light, of different score."""
    worker, texts = (
        district.actor("grid_worker"),
        ("水管爆裂", "老人摔倒了", "整栋没水", "学校门口", "一般", "一般", "一般"),
    )
    cases = [district.open_case_in("compound", at=AT + n * HOUR / 2, text=text) for n, text in enumerate(texts)]
    district.take(cases[1], Action.ACCEPT, by=worker)
    district.take(cases[2], Action.ACCEPT, by=worker)
    district.take(
        cases[2], Action.SUSPEND, by=worker, reason="waits_for_season", review_on=AT.date() + timedelta(days=30)
    )
    district.handled(cases[3], by=worker)
    district.take(cases[4], Action.REJECT, by=district.actor("grid_head"), reason="no_such_thing")
    return list(Case.objects.order_by("number"))


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (CaseFilter(), 7), (CaseFilter(sort="priority"), 7), (CaseFilter(sort="due"), 4),
        (CaseFilter(reported_from=AT + HOUR), 5), (CaseFilter(reported_to=AT + HOUR, sort="priority"), 2),
    ],
)  # fmt: skip
@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_show_every_row_once_in_order(
    district: DemoDistrict, many: list[Case], wanted: CaseFilter, count: int, limit: int
) -> None:
    viewer, seen, cursor = district.viewer("grid_worker"), [], ""
    while True:
        page = list_cases(viewer=viewer, wanted=wanted, at=AT, cursor=cursor, limit=limit)
        seen += page.rows
        cursor = page.next_cursor
        if not cursor:
            break
    whole = list_cases(viewer=viewer, wanted=wanted, at=AT).rows

    assert seen == whole
    assert len({row.id for row in whole}) == len(whole) == count


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_pages_hold_what_one_took_part_in_elsewhere_and_no_more(district: DemoDistrict, limit: int) -> None:
    worker, stranger = district.actor("grid_worker"), district.actor("department_handler", community=2)
    there, back = district.post_of("department_handler", community=2), district.post_of("grid_worker")
    cases = [district.open_case_in("compound", at=AT + n * HOUR) for n in range(6)]
    for case in cases[::2]:
        district.take(case, Action.TRANSFER, by=worker, to_post=there)
        district.take(case, Action.HANDLE, by=stranger)
        district.take(case, Action.TRANSFER, by=stranger, to_post=back)
    viewer, seen, cursor = district.viewer("department_handler", community=2), [], "first"
    while cursor:
        page = list_cases(viewer=viewer, wanted=CaseFilter(), at=AT, cursor=cursor.removeprefix("first"), limit=limit)
        seen, cursor = [*seen, *(row.id for row in page.rows)], page.next_cursor

    assert seen == [case.id for case in reversed(cases[::2])]


def test_newest_between_days_goes_by_when_it_was_reported(district: DemoDistrict, many: list[Case]) -> None:
    Case.objects.filter(id=many[0].id).update(reported_at=AT + 9 * HOUR)
    wanted = CaseFilter(reported_from=AT + HOUR)

    rows = list_cases(viewer=district.viewer("grid_worker"), wanted=wanted, at=AT).rows

    assert [row.number[-1] for row in rows] == list("176543")


@pytest.mark.parametrize("cursor", ["x", "!!", "WzFd", "WyJhIl0", "WyJhIiwgImIiXQ", "e30", "bnVsbA"])
@pytest.mark.parametrize("sort", ["newest", "priority", "due"])
def test_cursor_made_elsewhere_is_refused(district: DemoDistrict, sort: str, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="unknown_cursor"):
        list_cases(viewer=district.viewer("grid_worker"), wanted=CaseFilter(sort=sort), at=AT, cursor=cursor)


@pytest.mark.parametrize("wanted", [{"box": "x"}, {"light": "x"}, {"sort": "x"}])
def test_unknown_words_are_refused(district: DemoDistrict, wanted: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="unknown_"):
        list_cases(viewer=district.viewer("grid_worker"), wanted=CaseFilter(**wanted), at=AT)


@pytest.mark.parametrize("after", [timedelta(0), 6 * HOUR, 30 * HOUR, timedelta(days=9)])
def test_lights_part_the_cases_and_agree_with_the_rows(
    district: DemoDistrict, many: list[Case], after: timedelta
) -> None:
    viewer, at = district.viewer("grid_worker"), AT + after
    found = {light: {case.id for case in filtered(viewer=viewer, wanted=CaseFilter(light=light), at=at)}
             for light in ("late", "warn", "ok", "hold", "done")}  # fmt: skip

    assert found == {
        light: {case.id for case in many
                if light_of(case.state, due_at=case.due_at, amber_at=case.amber_at, at=at) == light}
        for light in found
    }  # fmt: skip
    assert sum(map(len, found.values())) == len(many)


@pytest.mark.parametrize(
    ("box", "numbers"),
    [
        ("", "1234567"), ("open", "123467"), ("todo", "1267"), ("done", "234"), ("mine", ""), ("verify", "4"),
        ("unowned", ""), ("overdue", "1267"),
    ],
)  # fmt: skip
def test_box(district: DemoDistrict, many: list[Case], box: str, numbers: str) -> None:
    at = AT + timedelta(days=30)
    rows = list_cases(viewer=district.viewer("grid_worker"), wanted=CaseFilter(box=box), at=at).rows

    assert "".join(sorted(row.number[-1] for row in rows)) == numbers


def test_counters_say_what_the_boxes_list(district: DemoDistrict, many: list[Case]) -> None:
    viewer, at = district.viewer("grid_worker"), AT + timedelta(days=30)
    boxes = {box: count_cases(viewer=viewer, wanted=CaseFilter(box=box), at=at)
             for box in ("todo", "overdue", "mine", "open")}  # fmt: skip

    assert inbox_counts(viewer=viewer, at=at) == InboxCounts(**boxes) == InboxCounts(4, 4, 0, 6)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"states": ("reported_back", "rejected")}, "45"),
        ({"category": "gas"}, ""),
        ({"area_path": "210106/210106003"}, "1234567"),
        ({"area_path": "210106/210106007"}, ""),
        ({"reported_from": AT + HOUR, "reported_to": AT + 2 * HOUR}, "34"),
        ({"q": "老人"}, "2"),
    ],
)
def test_filter(district: DemoDistrict, many: list[Case], wanted: dict[str, Any], numbers: str) -> None:
    rows = list_cases(viewer=district.viewer("grid_worker"), wanted=CaseFilter(**wanted), at=AT).rows

    assert "".join(sorted(row.number[-1] for row in rows)) == numbers


@pytest.mark.parametrize("count", [1, 3])
# Who sees all of the district has words looked for among the newest first.
@pytest.mark.parametrize(("role", "queries"), [("grid_worker", 3), ("district_dispatcher", 4)])
def test_queries_of_a_list_do_not_grow(district: DemoDistrict, role: str, queries: int, count: int) -> None:
    for _ in range(count):
        district.open_case_in()
    viewer = district.viewer(role)

    with CaptureQueriesContext(connection) as captured:
        rows = list_cases(viewer=viewer, wanted=CaseFilter(box="open", q="水管"), at=AT).rows
        inbox_counts(viewer=viewer, at=AT)

    assert (len(rows), len(captured)) == (count, queries)


def test_unowned_lists_what_nobody_looks_after(district: DemoDistrict) -> None:
    owned, left = district.open_case_in(), district.open_case_in("compound", community=2)
    queued = [district.open_case_in(place) for place in ("vacant", "border", "street", "between_streets")]
    named = district.open_case_in(point=None, area_code="21010600300601")
    Post.objects.filter(id=left.post_id).update(ends_on=AT.date() - timedelta(days=1))
    wanted = CaseFilter(box="unowned")

    rows = list_cases(viewer=district.viewer("district_dispatcher"), wanted=wanted, at=AT).rows

    assert {row.id for row in rows} == {case.id for case in (left, *queued)}
    assert {owned.id, named.id}.isdisjoint(row.id for row in rows)
