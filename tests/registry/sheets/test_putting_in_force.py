"""A file in force: all of it with its facts, or nothing; mended and sent again; what it does not name stays."""

from datetime import date

import pytest
from tests.factories.district import AT, COMMUNITY, GRID, HOME, VACANT_GRID, DemoDistrict
from tests.registry.sheets.books import sent_again, sheet, statuses, taken_in
from tests.registry.sheets.test_planning import AREAS, COMPOUNDS, ORGANISATIONS, PEOPLE, POSTS

from linli.edges.sheets import write_faults
from linli.kernel.crypto import decrypt
from linli.ledger.audit.queries import list_lines
from linli.ledger.facts.models import Fact
from linli.registry.people.models import Person, Post
from linli.registry.people.queries import list_holders_above
from linli.registry.sheets.calc.plans import SentSheet
from linli.registry.sheets.calc.reports import report_on
from linli.registry.sheets.errors import SheetHasFaults
from linli.registry.sheets.queries.planning import compare
from linli.registry.sheets.queries.registry import descriptions
from linli.registry.territory.models import Area, BoundaryVersion, Compound
from linli.registry.territory.queries import place_by_code

NEW_GRID = f"{COMMUNITY[1]}09"
MOVING_IN = (
    sheet("区域", AREAS, f"{NEW_GRID}|新网格|网格|{COMMUNITY[1]}|"),
    sheet("小区", COMPOUNDS, f"part-1|一期|等级物业|{COMMUNITY[1]}|whole|80", f"whole|大院|开放小区|{COMMUNITY[1]}||"),
    sheet("楼栋", "楼栋编码|楼栋名称|网格编码|小区编码|经度|纬度|户数",
          f"{COMMUNITY[1]}00077|77号楼|{NEW_GRID}|part-1|123.4|41.8|60"),
    sheet("组织", ORGANISATIONS, f"branch|新网格党支部|党支部|{NEW_GRID}|union||",
          f"union|党总支|党总支|{COMMUNITY[1]}|||"),
    sheet("人员", PEOPLE, "P900|演示新人|024-00000009"),
    sheet("岗位", POSTS, f"P900|网格员|branch|{NEW_GRID}|2026-11-01|"),
)  # fmt: skip


def test_everything_of_a_file_is_there_and_at_work(district: DemoDistrict) -> None:
    taken_in(*MOVING_IN)

    assert Compound.objects.get(code="part-1").parent == Compound.objects.get(code="whole")
    assert place_by_code(code=f"{COMMUNITY[1]}00077", at=AT).path.endswith(NEW_GRID)
    [holder] = list_holders_above(
        district_id=HOME, area_path=f"210106/210106003/{COMMUNITY[1]}/{NEW_GRID}", roles=["grid_worker"], on=AT.date()
    )
    assert (holder.person_name, holder.organisation_name) == ("演示新人", "新网格党支部")
    phone = Person.objects.get(code="P900").work_phone
    assert decrypt(phone, purpose="person.work_phone") == "024-00000009"


def test_each_row_that_changes_anything_is_a_fact_without_personal_data(district: DemoDistrict) -> None:
    taken_in(*MOVING_IN)
    taken_in(sheet("人员", PEOPLE, "P900|演示新名|024-00000009", "P001|演示01|"))

    kinds = sorted(Fact.objects.filter(district_id=HOME, at=AT).values_list("kind", flat=True))
    assert kinds == [
        "area.made", "building.made", "compound.made", "compound.made", "organisation.made",
        "organisation.made", "person.changed", "person.changed", "person.made", "post.made",
        "registry.imported", "registry.imported",
    ]  # fmt: skip
    changed = Fact.objects.filter(kind="person.changed").order_by("data__fields")
    assert [fact.data["fields"] for fact in changed] == ["name", "phone"]
    post = Fact.objects.get(kind="post.made")
    assert post.area_path == f"210106/210106003/{COMMUNITY[1]}/{NEW_GRID}"


def test_change_of_rights_and_of_the_rest_are_two_lines_of_audit(district: DemoDistrict) -> None:
    taken_in(*MOVING_IN)

    assert {line.kind: line.data for line in list_lines(district_id=HOME).lines} == {
        "rights_changed": {"people_new": 1, "posts_new": 1},
        "settings_changed": {"areas_new": 1, "compounds_new": 2, "buildings_new": 1, "organisations_new": 2},
    }


def test_changes_are_those_of_the_file_and_no_others(district: DemoDistrict) -> None:
    drawn = BoundaryVersion.objects.count()
    boundary = Compound.objects.get(code="yard-1").boundary
    taken_in(
        sheet("区域", AREAS, f"{VACANT_GRID}|西边第二网格（撤）|网格|{COMMUNITY[1]}|2026-12-31"),
        sheet("小区", "小区编码|所属区域编码|户数", f"yard-1|{COMMUNITY[2]}|301"),
        sheet(
            "岗位",
            "人员编码|角色|组织编码|负责区域编码|任职日期|在岗",
            f"P001|网格员|committee_1|{GRID[1]}|2026-11-01|否",
        ),
    )

    area = Area.objects.get(district_id=HOME, code=VACANT_GRID)
    assert (area.name, area.ends_on) == ("西边第二网格（撤）", date(2026, 12, 31))
    yard = Compound.objects.get(code="yard-1")
    assert (yard.name, yard.area.code, yard.households, yard.boundary) == ("花园小区", COMMUNITY[2], 301, boundary)
    assert BoundaryVersion.objects.count() == drawn
    assert Post.objects.get(starts_on=date(2026, 11, 1)).is_on_duty is False


def test_one_faulty_row_keeps_all_others_out(district: DemoDistrict) -> None:
    faulty = sheet("人员", PEOPLE, "P901|演示新人|打我电话")

    with pytest.raises(SheetHasFaults):
        taken_in(*MOVING_IN[:4], faulty)

    assert Area.objects.filter(code=NEW_GRID).count() == 0
    assert Fact.objects.filter(district_id=HOME, at=AT).count() == 0
    assert list_lines(district_id=HOME).lines == ()


def mended(sent: SentSheet, wrong: str, right: str) -> SentSheet:
    rows = tuple((number, tuple(cell.replace(wrong, right) for cell in cells)) for number, cells in sent.rows)
    return SentSheet(sent.title, sent.columns, rows)


def test_file_with_faults_is_mended_and_sent_again(district: DemoDistrict) -> None:
    sent = (*MOVING_IN[:4], sheet("人员", PEOPLE, "P900|演示新人|024-00000009", "P901|演示二号|打我电话"), MOVING_IN[5])
    registry, plan = compare(district_id=HOME, sent=sent, allowed=tuple(descriptions()), today=AT.date())
    returned = sent_again(b"".join(write_faults(sent, report_on(plan, registry), descriptions(), at=AT)))

    people = next(each for each in returned if each.title == "人员")
    assert people.columns == ("需要修改", "人员编码", "姓名", "工作电话")
    assert [cells[1] for _number, cells in people.rows] == ["P901", "P900"]
    assert people.rows[0][1][0].startswith("工作电话")
    assert people.rows[1][1][0] == ""

    plan = taken_in(*(mended(each, "打我电话", "024-00000010") for each in returned))

    assert statuses(plan)["people"] == {"new": 2}
    assert Person.objects.filter(code__in=["P900", "P901"]).count() == 2


def test_second_time_nothing_is_written(district: DemoDistrict) -> None:
    taken_in(*MOVING_IN)
    facts = Fact.objects.count()

    plan = taken_in(*MOVING_IN)

    assert plan.changing == 0
    assert (Fact.objects.count(), Post.objects.filter(area__code=NEW_GRID).count()) == (facts, 1)
