"""What a row would do, and what is wrong with it: by row and column, before anything is written."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import COMMUNITY, GRID, HOME, VACANT_GRID, DemoDistrict
from tests.registry.sheets.books import EVERYTHING, faults, planned, sheet, statuses

from linli.kernel.ids import new_id
from linli.registry.people.actions.loading import NewPost, load_posts
from linli.registry.people.models import Person, Post
from linli.registry.sheets.calc.plans import SentSheet
from linli.registry.sheets.choices import RowStatus, SheetKind

AREAS = "区域编码|区域名称|层级|上级编码|停用日期"
COMPOUNDS = "小区编码|小区名称|小区类型|所属区域编码|上级小区编码|户数"
BUILDINGS = "楼栋编码|楼栋名称|网格编码|小区编码|经度|纬度"
ORGANISATIONS = "组织编码|组织名称|组织类型|工作区域编码|上级组织编码|启用日期|停用日期"
PEOPLE = "人员编码|姓名|工作电话"
POSTS = "人员编码|角色|组织编码|负责区域编码|任职日期|离任日期"
BUILDING = f"{COMMUNITY[1]}00099"


def one(columns: str, *rows: str) -> SentSheet:
    return sheet("第一张", columns, *rows)


@pytest.mark.parametrize(
    ("columns", "row", "fault"),
    [
        (AREAS, f"{COMMUNITY[1]}09|新网格|网格|{COMMUNITY[1]}|", None),
        (AREAS, f"{COMMUNITY[1]}0909|新网格|二级网格|{GRID[1]}|", ("code", "code_not_under_parent")),
        (AREAS, f"{COMMUNITY[1]}9|新网格|网格|{COMMUNITY[1]}|", ("code", "code_wrong_length")),
        (AREAS, f"{COMMUNITY[1]}AA|新网格|网格|{COMMUNITY[1]}|", ("code", "code_not_digits")),
        (AREAS, "2.10106003006010E+13|新网格|网格||", ("code", "sheet_code_rounded")),
        (AREAS, "210105009|外区街道|街道|210105|", ("code", "code_of_another_district")),
        (AREAS, f"{COMMUNITY[1]}09||网格|{COMMUNITY[1]}|", ("name", "sheet_cell_empty")),
        (AREAS, f"{COMMUNITY[1]}09|{'长' * 81}|网格|{COMMUNITY[1]}|", ("name", "sheet_cell_too_long")),
        (AREAS, f"{COMMUNITY[1]}09|新网格|小组|{COMMUNITY[1]}|", ("level", "sheet_choice_unknown")),
        (AREAS, "21010600300909|新网格|网格|210106003009|", ("parent_code", "parent_unknown")),
        (AREAS, f"{COMMUNITY[1]}09|新网格|网格||", ("parent_code", "parent_missing")),
        (AREAS, f"{COMMUNITY[1]}09|新网格|网格|{COMMUNITY[1]}|去年", ("ends_on", "sheet_day_unreadable")),
        (AREAS, f"{COMMUNITY[1]}09|新网格|网格|{COMMUNITY[1]}|2020-01-01", ("ends_on", "ends_before_start")),
        (AREAS, f"{COMMUNITY[1]}|西边社区|网格|210106003|", ("level", "sheet_cell_fixed")),
        (AREAS, f"{COMMUNITY[1]}|西边社区|社区|210106007|", ("parent_code", "sheet_cell_fixed")),
        (AREAS, f"{COMMUNITY[1]}|西边社区|社区|210106003|2026-12-31", ("ends_on", "area_has_areas")),
        (AREAS, f"{VACANT_GRID}|西边第二网格|网格|{COMMUNITY[1]}|2026-12-31", None),
        (AREAS, f"{GRID[1]}|西边第一网格|网格|{COMMUNITY[1]}|2026-12-31", ("ends_on", "area_has_posts")),
        (COMPOUNDS, f"yard-9|新小区|等级物业|{COMMUNITY[1]}|yard-1|120", None),
        (COMPOUNDS, f"yard-9|新小区|别墅|{COMMUNITY[1]}||", ("kind", "sheet_choice_unknown")),
        (COMPOUNDS, f"yard-9|新小区|等级物业|{COMMUNITY[1]}||很多", ("households", "sheet_count_unreadable")),
        (COMPOUNDS, "yard-9|新小区|等级物业|210106009009||", ("area_code", "area_unknown")),
        (COMPOUNDS, f"yard-9|新小区|等级物业|{COMMUNITY[1]}|yard-8|", ("parent_code", "parent_unknown")),
        (COMPOUNDS, f"yard-9|新小区|等级物业|{COMMUNITY[1]}|yard-9|", ("parent_code", "parent_in_circle")),
        (BUILDINGS, f"{BUILDING}|99号楼|{GRID[1]}|yard-1|123.4|41.8", None),
        (BUILDINGS, f"{BUILDING}|99号楼|{GRID[1]}|yard-1|东边|41.8", ("lng", "sheet_degrees_unreadable")),
        (BUILDINGS, f"{BUILDING}|99号楼|{GRID[1]}|yard-1|123.4|141.8", ("point", "coordinates_out_of_range")),
        (BUILDINGS, f"{BUILDING}|99号楼|{GRID[2]}|yard-1|123.4|41.8", ("code", "code_not_under_parent")),
        (BUILDINGS, f"{BUILDING}|99号楼|{COMMUNITY[1]}|yard-1|123.4|41.8", ("subgrid_code", "subgrid_too_high")),
        (BUILDINGS, f"{BUILDING}|99号楼|{GRID[1]}|yard-7|123.4|41.8", ("compound_code", "compound_unknown")),
        (ORGANISATIONS, f"new|新居委会|居委会|{COMMUNITY[1]}|office_1||", None),
        (ORGANISATIONS, f"new|新居委会|俱乐部|{COMMUNITY[1]}|office_1||", ("kind", "sheet_choice_unknown")),
        (ORGANISATIONS, "new|新居委会|居委会|999||||", ("area_code", "area_unknown")),
        (ORGANISATIONS, f"new|新居委会|居委会|{COMMUNITY[1]}|nobody||", ("parent_code", "parent_unknown")),
        (ORGANISATIONS, f"committee_1|西边社区居委会|居委会|{COMMUNITY[1]}||2024-01-01|2026-12-31",
         ("ends_on", "organisation_has_posts")),
        (PEOPLE, "P900|演示新人|024-00000000", None),
        (PEOPLE, "P900|演示新人|打我电话", ("phone", "sheet_phone_unreadable")),
        (PEOPLE, f"{'P' * 41}|演示新人|", ("code", "sheet_cell_too_long")),
        (POSTS, f"P001|网格员|committee_1|{VACANT_GRID}|2026-12-01|", None),
        (POSTS, f"P999|网格员|committee_1|{VACANT_GRID}|2026-12-01|", ("person_code", "person_unknown")),
        (POSTS, f"P001|网格仙|committee_1|{VACANT_GRID}|2026-12-01|", ("role", "sheet_choice_unknown")),
        (POSTS, f"P001|网格员|committee_9|{VACANT_GRID}|2026-12-01|", ("organisation_code", "organisation_unknown")),
        (POSTS, "P001|网格员|committee_1|99|2026-12-01|", ("area_code", "area_unknown")),
        (POSTS, f"P001|网格员|committee_1|{VACANT_GRID}||", ("starts_on", "sheet_cell_empty")),
        (POSTS, f"P001|网格员|committee_1|{VACANT_GRID}|2026-12-01|2026-11-01", ("ends_on", "ends_before_start")),
    ],
)  # fmt: skip
def test_fault_names_row_and_column(
    district: DemoDistrict, columns: str, row: str, fault: tuple[str, str] | None
) -> None:
    assert faults(planned(one(columns, row))) == ([(2, *fault)] if fault else [])


def test_rows_are_known_by_code_and_never_by_name(district: DemoDistrict) -> None:
    swapped = f"yard-1|公园小区|等级物业|{COMMUNITY[1]}||300"
    plan = planned(one(COMPOUNDS, swapped, f"yard-9|花园小区|等级物业|{COMMUNITY[1]}||1"))

    [compounds] = plan.sheets
    assert [row.status for row in compounds.rows] == [RowStatus.CHANGED, RowStatus.NEW]


def test_column_that_is_not_there_stays_and_an_empty_cell_becomes_empty(district: DemoDistrict) -> None:
    plan = planned(one("小区编码|小区名称", "yard-1|花园新苑"), sheet("人员", PEOPLE, "P001|演示01|"))

    compounds, people = plan.sheets
    assert compounds.rows[0].values == ("yard-1", "花园新苑", "graded", COMMUNITY[1], "", 300)
    assert people.rows[0].values == ("P001", "演示01", "")


def test_new_row_of_a_sheet_with_too_few_columns_names_those_it_needs(district: DemoDistrict) -> None:
    plan = planned(one("小区编码|小区名称", "yard-9|新小区"))

    assert [fault.params["column"] for fault in plan.sheets[0].rows[0].faults] == ["小区类型", "所属区域编码"]


def test_sheet_without_the_column_that_identifies_is_refused_whole(district: DemoDistrict) -> None:
    plan = planned(sheet("区域", "区域名称|层级", "某网格|网格"))

    assert [(fault.code, fault.params) for fault in plan.sheets[0].faults] == [
        ("sheet_columns_missing", {"columns": "区域编码"})
    ]
    assert plan.faulty == 1


def test_same_code_twice_in_a_file_is_a_fault(district: DemoDistrict) -> None:
    rows = (f"yard-9|新小区|等级物业|{COMMUNITY[1]}||", f"yard-9|新新小区|等级物业|{COMMUNITY[1]}||")

    assert faults(planned(one(COMPOUNDS, *rows))) == [(3, "code", "sheet_row_twice")]


def test_circle_of_two_is_found(district: DemoDistrict) -> None:
    rows = (
        "office_1|第一街道办事处|街道办事处|210106003|office_2||",
        "office_2|第二街道办事处|街道办事处|210106007|office_1||",
    )

    assert faults(planned(one(ORGANISATIONS, *rows))) == [
        (2, "parent_code", "parent_in_circle"), (3, "parent_code", "parent_in_circle"),
    ]  # fmt: skip


def test_sheets_of_a_file_are_taken_in_the_order_in_which_they_need_each_other(district: DemoDistrict) -> None:
    grid = f"{COMMUNITY[1]}09"
    plan = planned(
        sheet("岗位", POSTS, f"P900|网格员|new|{grid}|2026-12-01|"),
        sheet("人员", PEOPLE, "P900|演示新人|"),
        sheet("组织", ORGANISATIONS, f"new|新居委会|居委会|{COMMUNITY[1]}|||"),
        sheet("区域", AREAS, f"{grid}|新网格|网格|{COMMUNITY[1]}|"),
    )

    assert [each.kind for each in plan.sheets] == ["areas", "organisations", "people", "posts"]
    assert plan.faulty == 0


def test_area_can_end_together_with_its_posts(district: DemoDistrict) -> None:
    held = Post.objects.filter(district_id=HOME, area__code=GRID[1]).order_by("id")
    holders = held.values_list("person__code", "role__name", "organisation__code")
    posts = ["|".join([*holder, GRID[1], "2024-01-01", "2026-12-31"]) for holder in holders]
    plan = planned(
        sheet("区域", AREAS, f"{GRID[1]}|西边第一网格|网格|{COMMUNITY[1]}|2026-12-31"), sheet("岗位", POSTS, *posts)
    )

    assert (plan.faulty, plan.changing) == (0, 1 + len(holders))


def test_post_cannot_outlive_its_area(district: DemoDistrict) -> None:
    plan = planned(
        sheet("区域", AREAS, f"{VACANT_GRID}|西边第二网格|网格|{COMMUNITY[1]}|2026-12-31"),
        sheet("岗位", POSTS, f"P001|网格员|committee_1|{VACANT_GRID}|2026-12-01|"),
    )

    assert faults(plan) == [(2, "ends_on", "outlives_its_place")]


@pytest.mark.parametrize(("starts", "codes"), [("2026-06-01", ["post_twice"]), ("2027-01-01", [])])
def test_same_post_is_not_held_twice_at_once(district: DemoDistrict, starts: str, codes: list[str]) -> None:
    person = Person.objects.get(district_id=HOME, code="P001")
    load_posts(district_id=HOME, rows=[
        NewPost(new_id(), person.id, "grid_worker", district.organisations["committee_1"],
                district.areas[VACANT_GRID], date(2026, 1, 1), date(2026, 12, 31)),
    ])  # fmt: skip

    plan = planned(one(POSTS, f"P001|网格员|committee_1|{VACANT_GRID}|{starts}|"))

    assert [code for _row, _field, code in faults(plan)] == codes


def test_two_administrators_posts_are_not_given_to_one_person(district: DemoDistrict) -> None:
    rows = ("P900|系统管理员|call_centre|210106|2026-12-01|", "P900|审计员|call_centre|210106|2026-12-01|")
    plan = planned(sheet("人员", PEOPLE, "P900|演示新人|"), sheet("岗位", POSTS, *rows))

    assert faults(plan) == [(row, "starts_on", "administrators_are_separate") for row in (2, 3)]


def test_sheets_that_are_not_ours_or_not_for_the_sender_are_left_aside(district: DemoDistrict) -> None:
    plan = planned(
        sheet("说明", "请先看这里", "一二三"), sheet("人员", PEOPLE, "P900|演示新人|"),
        one(COMPOUNDS, f"yard-9|新小区|等级物业|{COMMUNITY[1]}||"), allowed=[SheetKind.COMPOUNDS],
    )  # fmt: skip

    assert (statuses(plan), plan.unknown, plan.not_yours) == ({"compounds": {"new": 1}}, ("说明",), ("人员",))


@pytest.mark.parametrize("rows", [1, 30])
def test_comparing_takes_as_many_queries_however_many_rows(district: DemoDistrict, rows: int) -> None:
    sent = sheet("人员", PEOPLE, *(f"P9{number:02d}|演示新人|" for number in range(rows)))
    with CaptureQueriesContext(connection) as queries:
        planned(sent)

    assert len(queries) == 5


def test_comparing_everything_takes_ten_queries(district: DemoDistrict) -> None:
    sent = [sheet(title, columns, row) for title, columns, row in (
        ("区域", AREAS, "1||||"), ("小区", COMPOUNDS, "1|||||"), ("楼栋", BUILDINGS, "1|||||"), ("人员", PEOPLE, "1||"),
        ("组织", ORGANISATIONS, "1||||||"), ("岗位", POSTS, "1|||||"),
    )]  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        planned(*sent, allowed=EVERYTHING)

    assert len(queries) == 10
