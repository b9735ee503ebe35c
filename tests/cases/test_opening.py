from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, BURST, COMMUNITY, GRID_PATH, HOME, PATH, VACANT_GRID, DemoDistrict
from tests.factories.territory import square

from linli.cases.actions.opening import Caller, Contact, Opened, Point, Report, open_case
from linli.cases.choices import Source
from linli.cases.errors import CannotOpenCase
from linli.cases.models import Case, CaseStep, ClockSegment, Reporter
from linli.kernel.crypto import blind_index, decrypt
from linli.kernel.errors import Conflict, InvalidInput, NotAllowed
from linli.kernel.phones import plain_phone
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.facts.models import Fact
from linli.registry.territory.actions import NewBoundary
from linli.registry.territory.actions.boundaries import load_boundaries
from linli.registry.territory.models import District

PORTAL = Caller(Source.PORTAL)


def keyed(key: str = "k1", body: str = "b1") -> Caller:
    return Caller(Source.API, "visitor:1", key=key, body_hash=body)


def case_facts() -> QuerySet[Fact]:
    """Facts about cases; drawing boundaries left some, too."""
    return Fact.objects.filter(kind__startswith="case.")


@pytest.mark.parametrize(
    ("place", "community", "category", "holder", "level", "is_hole"),
    [
        ("compound", 1, "water_burst", "grid_worker-1", "grid", False),
        ("compound", 2, "water_burst", "grid_worker-2", "grid", False),
        ("open", 1, "water_burst", "department_handler-1", "district", False),
        ("open", 2, "water_burst", "department_handler-1", "district", False),
        ("compound", 1, "heating", "department_handler-2", "district", False),
        ("compound", 1, "dispute", "community_clerk-1", "community", False),
        ("compound", 2, "feedback", "district_dispatcher", "district", False),
        ("vacant", 1, "water_burst", "community_secretary-1", "community", True),
        ("border", 1, "garbage", "community_secretary-1", "community", True),
        ("street", 1, "garbage", "subdistrict_dispatcher-1", "subdistrict", True),
        ("between_streets", 1, "garbage", "district_dispatcher", "district", True),
        ("compound", 1, "gas", "community_secretary-1", "community", True),
        ("other_district", 1, "other", "away-grid_worker", "grid", False),
    ],
)  # fmt: skip
def test_case_goes_to(
    district: DemoDistrict,
    place: str,
    community: int,
    category: str,
    holder: str,
    level: str,
    is_hole: bool,  # noqa: FBT001
) -> None:
    case = district.open_case_in(place, community=community, category=category)
    posts = {post_id: username for username, post_id in district.posts.items()}

    assert (posts.get(case.post_id), case.level, case.is_hole) == (holder, level, is_hole)


@pytest.mark.parametrize(
    ("place", "path", "reason"),
    [
        ("compound", GRID_PATH[1], "inside"),
        ("vacant", f"{PATH[1]}/{VACANT_GRID}", "inside"),
        ("border", PATH[1], "on_border"),
        ("street", "210106/210106003", "nobody_owns"),
        ("between_streets", "210106", "nobody_owns"),
        ("between_districts", "210105", "on_border"),
    ],
)
def test_place_and_why(district: DemoDistrict, place: str, path: str, reason: str) -> None:
    case = district.open_case_in(place)

    assert (case.area_path, case.place_reason, case.boundary_number) == (path, reason, 1)
    assert (case.lng, case.lat) == (district.point_in(place).lng, district.point_in(place).lat)


def test_point_outside_goes_to_the_named_area_with_the_reason(district: DemoDistrict) -> None:
    case = district.open_case_in("nowhere", area_code=COMMUNITY[2])

    assert (case.area_path, case.place_reason, case.lng) == (PATH[2], "outside", district.point_in("nowhere").lng)


def test_point_outside_goes_to_the_reporting_staffs_district(district: DemoDistrict) -> None:
    case = district.open_case_in("nowhere", by=district.viewer("grid_worker"))

    assert (case.area_path, case.place_reason) == (HOME, "outside")


def test_point_outside_goes_to_the_only_district(district: DemoDistrict) -> None:
    District.objects.filter(code="210105").update(is_served=False)

    case = district.open_case_in("nowhere")

    assert (case.area_path, case.place_reason) == (HOME, "outside")


def test_point_outside_of_several_districts_asks_where_it_is(district: DemoDistrict) -> None:
    with pytest.raises(InvalidInput, match="place_missing"):
        district.open_case_in("nowhere")

    assert not Case.objects.exists()


def test_redrawn_boundary_routes_the_next_case_and_leaves_the_old(district: DemoDistrict) -> None:
    old = district.open_case_in("compound")
    redrawn = [NewBoundary(area_code="21010600300601", geometry=square(0, 0.2, 0.2)),
               NewBoundary(area_code=VACANT_GRID, geometry=square(0, 0, 0.4, 0.2))]  # fmt: skip
    load_boundaries(redrawn, valid_from=AT, reason="redrawn", by=None, at=AT)

    new = district.open_case_in("compound", at=AT + timedelta(minutes=1))
    old.refresh_from_db()

    assert (old.area_path, old.boundary_number) == (GRID_PATH[1], 1)
    assert (new.area_path, new.boundary_number, new.is_hole) == (f"{PATH[1]}/{VACANT_GRID}", 2, True)


def test_suggested_category_is_marked(district: DemoDistrict) -> None:
    named, suggested, other = (district.open_case_in(**more) for more in (
        {}, {"category": "", "text": "暖气一点都不热"}, {"category": "", "text": "你好"},
    ))  # fmt: skip

    found = [(case.category, case.is_category_suggested) for case in (named, suggested, other)]
    assert found == [("water_burst", False), ("heating", True), ("other", True)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": "  "}, "text_missing text"),
        ({"text": "水" * 2001}, "text_too_long text most=2000"),
        ({"address": "水" * 201}, "address_too_long address most=200"),
        ({"category": "ufo"}, "unknown_category category category=ufo"),
        ({"contact": Contact(phone="0" * 21)}, "contact_too_long contact"),
        ({"contact": Contact(name="王" * 41)}, "contact_too_long contact"),
        ({"file_ids": tuple(range(10))}, "too_many_files file_ids most=9"),
    ],
)
def test_report_that_cannot_be_taken(district: DemoDistrict, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(CannotOpenCase) as caught:
        district.open_case_in(**changes)

    assert str(caught.value) == code
    assert (Case.objects.count(), case_facts().count(), OutboxMessage.objects.count()) == (0, 0, 0)


def test_case_leaves_segments_step_fact_and_message(district: DemoDistrict) -> None:
    case = district.open_case_in("compound")
    step, fact, message = CaseStep.objects.get(), case_facts().get(), OutboxMessage.objects.get()
    segments = ClockSegment.objects.order_by("clock").values_list(
        "clock", "timer", "amount", "started_at", "stopped_at"
    )

    assert list(segments) == [("response", "work_hour", 4, AT, None), ("solution", "work_day", 3, AT, None)]
    assert (step.action, step.from_state, step.to_state, step.by_kind, step.by_person) == (
        "report", "", "reported", "resident", None)  # fmt: skip
    assert (fact.kind, fact.subject_id, fact.at, fact.post_id) == ("case.opened", case.id, AT, case.post_id)
    assert (message.kind, message.subject_id) == ("case.opened", case.id)


def test_fact_and_message_hold_nothing_that_was_written(district: DemoDistrict) -> None:
    district.open_case_in("compound", address="某号楼三单元", contact=Contact("王小明", "024-55550199"))

    for row in (*case_facts().values(), *OutboxMessage.objects.values()):
        said = str(row)
        assert not [word for word in (BURST, "水管", "某号楼", "王小明", "55550199") if word in said]


def test_contact_is_encrypted_in_the_table(district: DemoDistrict) -> None:
    case = district.open_case_in("compound", contact=Contact("王小明", "024-55550199"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, phone_index, row_to_json(r)::text FROM cases_reporter r")
        name, phone, index, whole = cursor.fetchone()

    assert b"024" not in bytes(phone) and "王小明".encode() not in bytes(name)  # noqa: PT018
    assert "55550199" not in whole
    assert b"55550199".hex() not in whole
    assert (decrypt(name, purpose="reporter.name"), decrypt(phone, purpose="reporter.phone")) == (
        "王小明",
        "024-55550199",
    )
    assert bytes(index) == blind_index(plain_phone("024-55550199"), purpose="reporter.phone")
    assert Reporter.objects.get().case_id == case.id


def test_numbers_follow_each_other_within_district_and_year(district: DemoDistrict) -> None:
    new_year = AT.replace(year=2027, month=1, day=1, hour=0, minute=0)
    cases = [
        district.open_case_in(), district.open_case_in("open"), district.open_case_in("other_district"),
        district.open_case_in(at=new_year - timedelta(seconds=1)), district.open_case_in(at=new_year),
    ]  # fmt: skip

    assert [case.number for case in cases] == [
        "10626-000001", "10626-000002", "10526-000001", "10626-000003", "10627-000001",
    ]  # fmt: skip


def test_same_key_twice_makes_one_case(district: DemoDistrict) -> None:
    report = district.report()
    first = open_case(report=report, by=keyed(), at=AT)
    second = open_case(report=report, by=keyed(), at=AT + timedelta(minutes=1))

    assert second == Opened(first.case_id, HOME, is_new=False)
    assert (first.is_new, Case.objects.count(), case_facts().count(), CaseStep.objects.count()) == (True, 1, 1, 1)


def test_key_of_another_report_is_refused(district: DemoDistrict) -> None:
    open_case(report=district.report(), by=keyed(), at=AT)

    with pytest.raises(Conflict, match="idempotency_key_reused"):
        open_case(report=district.report(text="别的事"), by=keyed(body="b2"), at=AT)

    assert Case.objects.count() == 1


def test_keys_of_two_callers_do_not_meet(district: DemoDistrict) -> None:
    for caller in ("visitor:1", "visitor:2"):
        open_case(report=district.report(), by=Caller(Source.API, caller, key="k", body_hash="b"), at=AT)

    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("by", "more", "queries"),
    [
        (PORTAL, {}, 9),
        (keyed(), {}, 10),
        (keyed(), {"contact": Contact("王小明", "024-55550199")}, 11),
    ],
)
def test_queries_of_opening(district: DemoDistrict, by: Caller, more: dict[str, Any], queries: int) -> None:
    district.open_case_in()

    with CaptureQueriesContext(connection) as captured:
        open_case(report=district.report(**more), by=by, at=AT)

    said = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(said) == queries, "\n".join(said)


@pytest.mark.parametrize("source", [Source.DESK, Source.API])
@pytest.mark.parametrize("role", ["call_back_clerk", "district_leader", "auditor"])
def test_staff_without_the_right_enter_no_report(district: DemoDistrict, role: str, source: Source) -> None:
    by = Caller(source, "person:x", district.viewer(role))

    with pytest.raises(NotAllowed, match="no_post_allows"):
        open_case(report=district.report(), by=by, at=AT)


def test_staff_enter_no_report_of_another_district(district: DemoDistrict) -> None:
    by = Caller(Source.DESK, "person:x", district.viewer("grid_worker"))

    with pytest.raises(NotAllowed, match="other_district"):
        open_case(report=district.report("other_district"), by=by, at=AT)


def test_staff_report_on_the_portal_as_anybody(district: DemoDistrict) -> None:
    opened = open_case(report=district.report(), by=Caller(Source.PORTAL, viewer=district.viewer("auditor")), at=AT)

    assert opened.is_new


def test_report_by_building_code_knows_building_and_compound(district: DemoDistrict) -> None:
    building = f"{COMMUNITY[1]}00012"
    opened = open_case(report=Report(BURST, "water_burst", area_code=building), by=PORTAL, at=AT)
    case = Case.objects.get(id=opened.case_id)

    assert (case.area_path, case.place_reason, case.place) == (GRID_PATH[1], "named", "西边社区 花园小区 12号楼")
    assert (case.compound_id, case.post_id) == (
        district.compounds[HOME, "yard-1"], district.post_of("grid_worker"))  # fmt: skip


def test_report_without_any_place_is_asked_for_one(district: DemoDistrict) -> None:
    with pytest.raises(InvalidInput, match="place_missing"):
        open_case(report=Report(BURST), by=PORTAL, at=AT)


def test_point_in_other_coordinates_is_the_same_place(district: DemoDistrict) -> None:
    with pytest.raises(InvalidInput, match="unknown_crs"):
        district.open_case_in(point=Point(123.3, 41.7, "MARS"))
    with pytest.raises(InvalidInput, match="coordinates_out_of_range"):
        district.open_case_in(point=Point(float("nan"), 41.7))


def test_reporters_nearby_raise_the_score(district: DemoDistrict) -> None:
    first = district.open_case_in("compound")
    Case.objects.filter(id=first.id).update(reporters=3)

    second = district.open_case_in("compound")

    repeats = [part for part in second.priority_parts if part["name"] == "repeats"]
    assert repeats == [{"name": "repeats", "points": 10, "reason": "repeats", "detail": "3"}]


def test_post_that_begins_today_has_the_case_from_midnight_in_shanghai(district: DemoDistrict) -> None:
    from linli.registry.people.models import Post

    Post.objects.filter(id=district.post_of("grid_worker")).update(starts_on=AT.date())
    midnight = AT.replace(hour=0, minute=30)

    before, after = (district.open_case_in(at=at) for at in (midnight - timedelta(hours=1), midnight))

    assert [case.post_id == district.post_of("grid_worker") for case in (before, after)] == [False, True]
