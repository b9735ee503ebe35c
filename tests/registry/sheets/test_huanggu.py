"""A whole district by the figures of Huanggu: loaded from a workbook, counted, moved, merged, and counted again."""

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import openpyxl
import pytest
from tests.factories.district import AT, TODAY
from tests.registry.sheets.books import exported, sent_again, statuses, taken_in

from linli.edges.sheets import read_sent
from linli.kernel.db.statistics import count_for_planner
from linli.kernel.ids import new_id
from linli.registry.people.actions.areas import ChangeTerms, change_areas
from linli.registry.people.actions.loading import install_default_roles
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.models import Role
from linli.registry.people.queries.areas import report_area
from linli.registry.people.rules import HeldPost, Viewer
from linli.registry.sheets.choices import RowStatus
from linli.registry.territory.actions import NewDistrict, load_districts, load_levels
from linli.registry.territory.calc.operations import Merge, Move, Operation
from linli.registry.territory.queries import children_of, get_area_by_code

DISTRICT = "210105"
SUBDISTRICTS, COMMUNITIES, GRIDS, SUBGRIDS, GROUPS, HOUSEHOLDS = 10, 138, 128, 1246, 1355, 679
DAY = "2026-01-01"
Row = tuple[str, ...]


def shares(whole: int, parts: int) -> Iterable[int]:
    """Give out as evenly as can be, the first ones one more."""
    return (whole // parts + (number < whole % parts) for number in range(parts))


def below(codes: Sequence[str], whole: int, width: int) -> list[tuple[str, str]]:
    """Give codes to what lies below each, with the code of the one above."""
    return [
        (f"{code}{number:0{width}d}", code)
        for code, share in zip(codes, shares(whole, len(codes)), strict=True) for number in range(1, share + 1)
    ]  # fmt: skip


def areas() -> list[Row]:
    streets = below([DISTRICT], SUBDISTRICTS, 3)
    communities = below([code for code, _ in streets], COMMUNITIES, 3)
    grids = below([code for code, _ in communities[:GRIDS]], GRIDS, 2)
    subgrids = below([code for code, _ in grids], SUBGRIDS, 2)
    groups = below([code for code, _ in subgrids], GROUPS, 1)
    rows = [(DISTRICT, "皇姑区", "区", "", "", DAY)]
    for level, word, found in (("街道", "街道", streets), ("社区", "社区", communities), ("网格", "网格", grids),
                               ("二级网格", "小组", subgrids), ("楼栋", "楼组", groups)):  # fmt: skip
        kind = "社区" if level == "社区" else ""
        rows += [(code, f"第{n}{word}", level, above, kind, DAY) for n, (code, above) in enumerate(found, 1)]
    return rows


def workbook() -> bytes:
    tree = areas()
    grids = [row[0] for row in tree if row[2] == "网格"]
    groups = [row[0] for row in tree if row[2] == "楼栋"]
    people = [(f"H{n:04d}", f"演示住户{n}") for n in range(HOUSEHOLDS)]
    sheets: dict[str, list[Row]] = {
        "区域": [("区域编码", "区域名称", "层级", "上级编码", "类别", "启用日期"), *tree],
        "组织": [("组织编码", "组织名称", "组织类型", "工作区域编码"),
                 *((f"branch-{code}", f"网格党支部{code[-5:]}", "党支部", code) for code in grids)],
        "人员": [("人员编码", "姓名"), *people],
        "岗位": [("人员编码", "角色", "组织编码", "负责区域编码", "任职日期"),
                 *((person, "党员中心户", f"branch-{code[:14]}", code, DAY)
                   for (person, _name), code in zip(people, groups, strict=False))],
    }  # fmt: skip
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(made)
    return made.getvalue()


def clerk() -> Viewer:
    post = HeldPost(new_id(), "system_admin", "系统管理员", frozenset({Verb.EDIT_AREAS}), Reach.AREA, new_id(), "",
                    DISTRICT, "皇姑区")  # fmt: skip
    return Viewer(new_id(), new_id(), DISTRICT, "演示", (post,))


def counted(code: str = DISTRICT, on: date = TODAY) -> dict[str, int]:
    """Count by level, contact households by the level of the area that they are for."""
    found: Counter[str] = Counter()
    for level in report_area(viewer=clerk(), area_code=code, on=on).levels:
        found[level.count.level] = level.count.areas
        found["contact households"] += dict(level.posts).get("党员中心户", 0)
    return dict(found)


def change(operation: Operation, on: date = TODAY) -> int:
    terms = ChangeTerms(on, "网格优化")
    return change_areas(operation=operation, terms=terms, by=clerk(), key=str(new_id()), source_ip="", at=AT).posts


@pytest.fixture
def huanggu(db: None) -> None:
    load_levels()
    load_districts([NewDistrict(code=DISTRICT, name="皇姑区", is_demo=True)])
    install_default_roles()
    Role.objects.create(code="contact_household", name="党员中心户", verbs=[], reach=Reach.OWN)
    taken_in(*read_sent(workbook()), district_id=DISTRICT)
    count_for_planner()  # as PostgreSQL does by itself after a commit


def test_huanggu_is_loaded_counted_moved_merged_and_written_out(huanggu: None) -> None:
    whole = {"district": 1, "subdistrict": 10, "community": 138, "grid": 128, "subgrid": 1246, "building": 1355,
             "contact households": 679}  # fmt: skip
    assert counted() == whole
    first, last = f"{DISTRICT}001", f"{DISTRICT}010"
    before = (counted(first), counted(last))

    # The first grid goes to a community at the other end of the district, which has none yet.
    grid, goal = f"{first}00101", f"{last}013"
    its = counted(grid)
    followed = change(Move(grid, goal))

    assert (followed, counted()) == (its["contact households"], whole)
    after = (counted(first), counted(last))
    for level in ("grid", "subgrid", "building", "contact households"):
        assert (before[0][level] - after[0][level], after[1].get(level, 0) - before[1].get(level, 0)) == (
            its[level], its[level],
        )  # fmt: skip
    assert get_area_by_code(grid).ends_on == TODAY - timedelta(days=1)

    # Two subgrids of it become one: their building groups go on under the first, and their contact households too.
    moved = f"{goal}01"
    tomorrow = TODAY + timedelta(days=1)
    change(Merge(f"{moved}01", (f"{moved}02",)), tomorrow)

    assert (counted(), counted(on=tomorrow)) == (whole, whole | {"subgrid": 1245})
    one = get_area_by_code(f"{moved}01")
    assert len(children_of(one.path, on=tomorrow)) == 4

    plan = taken_in(*sent_again(exported(DISTRICT)), district_id=DISTRICT)
    assert {status for found in statuses(plan).values() for status in found} == {RowStatus.UNCHANGED}
