"""Sheets of cases: what a row would become is what it becomes, once; faults are named and left out."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, BURST, SHANGHAI, DemoDistrict

from linli.cases.actions.importing import import_cases
from linli.cases.calc.importing import match_columns, read_moment
from linli.cases.models import Case, HotlineOrder, Reporter
from linli.cases.queries.importing import PlannedCase, SheetLine, plan_import
from linli.kernel.errors import NotAllowed

TODAY = date(2026, 11, 23)


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type,misc]


def planned(district: DemoDistrict, *lines: SheetLine) -> list[PlannedCase]:
    return plan_import(viewer=district.viewer("community_clerk"), lines=lines, at=AT)


def taken(district: DemoDistrict, rows: list[PlannedCase], *, role: str = "community_clerk") -> list[bool]:
    viewer = district.viewer(role)
    done = import_cases(planned=rows, sheet="digest", viewer=viewer, caller=f"person:{viewer.person_id}")
    return [row.is_new for row in done]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["反映内容", "类别", "电话"], {"text": 0, "category": 1, "phone": 2}),
        (["序号", "联系 电话：", "*诉求内容", "所属社区（村）"], {"text": 2, "phone": 1}),
        (["时间", "内容", "反映时间"], {"text": 1, "reported_at": 2}),
        (["", ""], {}),
    ],
)
def test_columns_are_known_by_their_names(names: list[str], found: dict[str, int]) -> None:
    assert match_columns(names) == found


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-11-22 08:30", moment(2026, 11, 22, 8, 30)),
        ("2026/11/2 8:05:59", moment(2026, 11, 2, 8, 5)),
        ("2026年11月2日 8时05分", moment(2026, 11, 2, 8, 5)),
        ("11月2日8点", moment(2026, 11, 2, 8, 0)),
        ("8:30", moment(2026, 11, 23, 8, 30)),
        ("2026.11.22", moment(2026, 11, 22)),
        ("2026-13-01", None),
        ("25:00", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_moments_are_read_as_people_write_them(text: str, read: datetime | None) -> None:
    assert read_moment(text, today=TODAY, zone=SHANGHAI) == read


@pytest.mark.parametrize("area", ["西边社区", "第一街道西边社区", "210106003006", "西边 第一网格", ""])
@pytest.mark.parametrize("text", [BURST, "晚上广场舞太吵", "暖气不热", "咨询一下老年卡"])
def test_row_becomes_the_case_that_was_shown(district: DemoDistrict, area: str, text: str) -> None:
    [row] = planned(district, SheetLine(2, text=text, area=area, phone="02412345678"))
    assert row.faults == ()
    assert taken(district, [row]) == [True]
    case = Case.objects.get()
    holder = case.post
    assert (case.category, case.area.code, case.priority_level, case.solution_due_at) == (
        row.category, row.area_code, row.level, row.solution_due_at,
    )  # fmt: skip
    assert (holder.role.name if holder else "") == row.whom
    assert Reporter.objects.count() == 1


def test_same_sheet_makes_nothing_twice(district: DemoDistrict) -> None:
    rows = planned(district, SheetLine(2, text="路灯不亮"), SheetLine(3, text="路灯不亮"))
    assert taken(district, rows) == [True, True]
    assert taken(district, rows) == [False, False]
    assert Case.objects.count() == 2


def test_clocks_run_from_the_moment_that_the_row_names(district: DemoDistrict) -> None:
    rows = planned(district, SheetLine(2, text="路灯不亮", reported_at="2026-11-17 09:00"))
    taken(district, rows)
    assert Case.objects.get().reported_at == moment(2026, 11, 17, 9)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (SheetLine(2), ("text", "text_missing")),
        (SheetLine(2, text="字" * 2001), ("text", "sheet_cell_too_long")),
        (SheetLine(2, text="路灯", phone="1" * 21), ("phone", "sheet_cell_too_long")),
        (SheetLine(2, text="路灯", category="没有的类别"), ("category", "sheet_category_unknown")),
        (SheetLine(2, text="路灯", area="没有的社区"), ("area", "sheet_area_unknown")),
        (SheetLine(2, text="路灯", area="邻近社区"), ("area", "sheet_area_unknown")),
        (SheetLine(2, text="路灯", reported_at="昨天"), ("reported_at", "sheet_moment_unreadable")),
        (SheetLine(2, text="路灯", reported_at="2026-11-18 10:01"), ("reported_at", "sheet_moment_ahead")),
        (SheetLine(2, text="路灯", reported_at="2026-10-01"), ("reported_at", "sheet_moment_old")),
    ],
)
def test_row_with_a_fault_is_named_and_left_out(
    district: DemoDistrict, line: SheetLine, fault: tuple[str, str]
) -> None:
    rows = planned(district, line)
    assert [(each.field, each.code) for each in rows[0].faults] == [fault]
    assert taken(district, rows) == []
    assert Case.objects.count() == 0


def test_queries_do_not_grow_with_the_rows(district: DemoDistrict) -> None:
    counts = []
    planned(district, SheetLine(2, text="路灯不亮"))
    for many in (1, 30):
        with CaptureQueriesContext(connection) as asked:
            planned(district, *(SheetLine(n, text="路灯不亮", area="西边社区") for n in range(many)))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5


def test_whoever_may_not_report_takes_nothing_in(district: DemoDistrict) -> None:
    rows = planned(district, SheetLine(2, text="路灯不亮"))
    with pytest.raises(NotAllowed):
        taken(district, rows, role="auditor")
    assert Case.objects.count() == 0


def test_planning_writes_nothing(district: DemoDistrict) -> None:
    planned(district, SheetLine(2, text="路灯不亮", name="演示", phone="1"))
    assert (Case.objects.count(), Reporter.objects.count()) == (0, 0)


ORDER = SheetLine(
    2, text="楼上漏水三天了", order_number="SY20261118-0001", order_title="房屋漏水", order_kind="投诉",
    order_nature="主办", order_origin="区分转", order_class="城建-房屋-漏水", order_due_at="2026-11-25 18:00",
    street="第一街道", area="西边社区", name="演示来电人", phone="02400000007", reported_at="2026-11-18 09:00",
)  # fmt: skip


def test_work_order_of_the_hotline_becomes_a_case_with_what_the_hotline_says(district: DemoDistrict) -> None:
    [row] = planned(district, ORDER)
    assert (row.faults, taken(district, [row])) == ((), [True])

    case = Case.objects.get()
    assert (case.source, case.text, case.area.code) == ("hotline", "房屋漏水。楼上漏水三天了", "210106003006")
    assert case.reported_at == moment(2026, 11, 18, 9)
    order = HotlineOrder.objects.get(case=case)
    assert (order.number, order.kind, order.nature, order.origin, order.classification, order.due_at) == (
        "SY20261118-0001", "投诉", "主办", "区分转", "城建-房屋-漏水", moment(2026, 11, 25, 18),
    )  # fmt: skip


def test_same_work_order_in_another_sheet_from_another_hand_makes_nothing(district: DemoDistrict) -> None:
    taken(district, planned(district, ORDER))
    again = planned(district, replace(ORDER, number=7, text="楼上漏水四天了"))

    assert again[0].is_there is True
    assert taken(district, again, role="community_secretary") == [False]
    assert (Case.objects.count(), HotlineOrder.objects.count()) == (1, 1)


def test_last_part_of_the_hotlines_classification_is_the_category_if_it_is_one(district: DemoDistrict) -> None:
    name = planned(district, SheetLine(2, text=BURST))[0].category_name
    [row] = planned(district, replace(ORDER, text="请来看看", order_class=f"城建>{name}"))

    assert (row.category_name, row.is_category_suggested) == (name, False)


def test_deadline_of_the_hotline_that_cannot_be_read_is_a_fault(district: DemoDistrict) -> None:
    [row] = planned(district, replace(ORDER, order_due_at="尽快"))

    assert [(fault.field, fault.code) for fault in row.faults] == [("order_due_at", "sheet_moment_unreadable")]
