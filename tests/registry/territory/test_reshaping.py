"""Changing the tree: split, merge, move, redraw, add, rename, close; from a day on, all or nothing, old ones kept."""

from datetime import date, timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
import shapely
from django.db import IntegrityError, connection, transaction
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from tests.factories.territory import (
    FIRST,
    LAOMO,
    NOW,
    SECOND,
    SIDE,
    SOUTH,
    TODAY,
    WEST,
    XINXI,
    Made,
    load_territory,
    point,
    square,
)

from linli.kernel import bus
from linli.kernel.errors import InvalidInput
from linli.ledger.facts.models import Fact
from linli.registry.territory.actions import reshape_areas
from linli.registry.territory.calc.operations import Add, Close, Merge, Move, NewPart, Operation, Redraw, Rename, Split
from linli.registry.territory.events import AreasChanged
from linli.registry.territory.models import Area, AreaChange, Building
from linli.registry.territory.queries import (
    children_of,
    current_boundary_version,
    get_area_by_code,
    list_area_changes,
    list_buildings_of_area,
    locate,
    look_at_areas,
    place_by_code,
)

CLERK = UUID(int=7)
GRID = "21010600300601"
ONE, TWO = "2101060030060101", "2101060030060102"
LATER = TODAY + timedelta(days=40)


def polygon(*place: float) -> BaseGeometry:
    return shape(square(*place))


def line(*places: tuple[float, float]) -> BaseGeometry:
    return shapely.LineString([(WEST + east * SIDE, SOUTH + north * SIDE) for east, north in places])


def across(east: float) -> BaseGeometry:
    return line((east, -0.05), (east, 0.45))


def change(operation: Operation, on: date = TODAY, **more: Any) -> UUID:
    change_id = uuid4()
    words = {"reason": "每年调整", "accepts_gaps": False, "by": CLERK, "at": NOW, **more}
    reshape_areas(district_id="210106", operation=operation, change_id=change_id, on=on, **words)
    return change_id


def refused(operation: Operation, on: date = TODAY, **more: Any) -> tuple[str, str]:
    before = (Area.objects.count(), AreaChange.objects.count(), current_boundary_version("210106", at=NOW))
    with pytest.raises(InvalidInput) as refusal, transaction.atomic():
        change(operation, on, **more)
    assert before == (Area.objects.count(), AreaChange.objects.count(), current_boundary_version("210106", at=NOW))
    return refusal.value.code, refusal.value.field


def split_first(**more: Any) -> Split:
    return Split(ONE, NewPart("劳模三组"), line=across(0.11), **more)


def test_split_gives_the_new_part_the_next_code_and_points_fall_into_it_at_once(made: Made) -> None:
    change(split_first())

    new = get_area_by_code("2101060030060103")
    assert (new.name, new.level, new.path, new.starts_on) == ("劳模三组", "subgrid", f"{FIRST[:-16]}{new.code}", TODAY)
    assert locate(**point(0.15, 0.05), at=NOW).path == new.path
    assert locate(**point(0.05, 0.05), at=NOW).path == FIRST
    assert locate(**point(0.15, 0.05), at=NOW - timedelta(minutes=1)).path == FIRST


def test_split_from_a_later_day_counts_from_its_first_instant_on(made: Made) -> None:
    change(split_first(), LATER)

    midnight = NOW.replace(hour=16, minute=0) + timedelta(days=39)  # 0:00 in Shanghai
    assert locate(**point(0.15, 0.05), at=midnight - timedelta(seconds=1)).path == FIRST
    assert locate(**point(0.15, 0.05), at=midnight).code == "2101060030060103"
    grid = f"{LAOMO}/{GRID}"
    assert [area.code for area in children_of(grid, on=TODAY)] == [ONE, TWO]
    assert [area.code for area in children_of(grid, on=LATER)] == [ONE, TWO, "2101060030060103"]


def test_buildings_go_with_the_ground_they_stand_on_and_their_signs_hold_before_and_after(made: Made) -> None:
    change(split_first(), LATER)

    new = f"{FIRST[:-16]}2101060030060103"
    assert [building.name for building in list_buildings_of_area(FIRST)] == ["12号楼"]
    assert [building.name for building in list_buildings_of_area(new)] == ["13号楼"]
    assert place_by_code(code="21010600300600013", at=NOW).path == FIRST
    assert place_by_code(code="21010600300600013", at=NOW + timedelta(days=40)).path == new


def test_smaller_part_may_keep_the_code(made: Made) -> None:
    change(split_first(keeps_smaller=True))

    assert locate(**point(0.15, 0.05), at=NOW).path == FIRST
    assert locate(**point(0.05, 0.05), at=NOW).code == "2101060030060103"


def test_areas_below_go_with_the_part_that_they_lie_in(made: Made) -> None:
    change(Split(GRID, NewPart("劳模第二网格"), line=across(0.2)))

    moved = f"{LAOMO}/21010600300602/2101060030060201"
    assert locate(**point(0.3, 0.1), at=NOW).path == moved
    assert get_area_by_code(TWO).ends_on == TODAY - timedelta(days=1)
    assert place_by_code(code=TWO, at=NOW).code == GRID
    rows = {row.area_code: (row.part, row.other_code) for row in list_area_changes(
        district_id="210106", area_id=made.areas[TWO])}  # fmt: skip
    assert rows == {TWO: ("moved", "2101060030060201")}


def test_line_through_an_area_below_is_refused(made: Made) -> None:
    assert refused(Split(GRID, NewPart("劳模第二网格"), line=across(0.1))) == ("child_outside", "geometry")


def test_merge_keeps_the_first_code_and_ends_the_other(made: Made) -> None:
    change(Merge(ONE, (TWO,)))

    assert locate(**point(0.3, 0.1), at=NOW).path == FIRST
    assert locate(**point(0.3, 0.1), at=NOW - timedelta(minutes=1)).path == SECOND
    assert [area.code for area in children_of(f"{LAOMO}/{GRID}", on=TODAY)] == [ONE]
    assert get_area_by_code(TWO).ends_on == TODAY - timedelta(days=1)


def test_code_that_an_area_ever_had_is_not_given_again(made: Made) -> None:
    change(Merge(ONE, (TWO,)))
    change(split_first())

    assert [area.code for area in children_of(f"{LAOMO}/{GRID}", on=TODAY)] == [ONE, "2101060030060103"]


def test_move_takes_all_below_along_with_new_codes_and_borders_above_follow(made: Made) -> None:
    change(Move(GRID, "210106003007"))

    moved = f"{XINXI}/21010600300701"
    assert [area.path for area in children_of(moved, on=TODAY)] == [
        f"{moved}/2101060030070101", f"{moved}/2101060030070102",
    ]  # fmt: skip
    assert locate(**point(0.3, 0.1), at=NOW).path == f"{moved}/2101060030070102"
    assert locate(**point(0.3, 0.1), at=NOW - timedelta(minutes=1)).path == SECOND
    assert locate(**point(0.3, 0.3), at=NOW).path == LAOMO
    assert {building.area_path for building in list_buildings_of_area(moved)} == {f"{moved}/2101060030070101"}
    assert children_of(LAOMO, on=TODAY) == []


def test_redrawing_that_leaves_a_gap_is_shown_where_and_how_large_and_has_to_be_said_yes_to(made: Made) -> None:
    smaller = Redraw(TWO, {TWO: polygon(0.25, 0, 0.15, 0.2)})

    look = look_at_areas(district_id="210106", operation=smaller, on=TODAY)

    assert [(gap.name, round(gap.piece.area_m2, -4)) for gap in look.gaps] == [("劳模第一网格", 920_000)]
    assert shape(look.gaps[0].piece.geometry).equals(polygon(0.2, 0, 0.05, 0.2))
    assert refused(smaller) == ("gaps_left", "accepts_gaps")
    change(smaller, accepts_gaps=True)
    assert locate(**point(0.22, 0.1), at=NOW).path == f"{LAOMO}/{GRID}"


def test_gap_that_was_there_before_is_not_told_again(made: Made) -> None:
    look = look_at_areas(district_id="210106", operation=Split("210106003007", NewPart("新喜二", "210106003008"),
                         line=across(0.6)), on=TODAY)  # fmt: skip

    assert (look.faults, look.gaps, look.overlaps) == ((), (), ())


def test_overlap_is_shown_where_and_refused(made: Made) -> None:
    larger = Redraw(TWO, {TWO: polygon(0.15, 0, 0.25, 0.2)})

    look = look_at_areas(district_id="210106", operation=larger, on=TODAY)

    assert [(row.code, row.area, row.other) for row in look.faults] == [("overlaps_sibling", "劳模二组", "劳模一组")]
    assert [(row.name, row.other, round(row.piece.area_m2, -4)) for row in look.overlaps] == [
        ("劳模二组", "劳模一组", 920_000)
    ]
    assert refused(larger) == ("overlaps_sibling", "geometry")


def test_two_neighbours_are_redrawn_together(made: Made) -> None:
    change(Redraw(TWO, {ONE: polygon(0, 0, 0.15, 0.2), TWO: polygon(0.15, 0, 0.25, 0.2)}))

    assert locate(**point(0.17, 0.1), at=NOW).path == SECOND


def test_areas_below_follow_a_redrawn_line(made: Made) -> None:
    lines = {
        LAOMO[-12:]: polygon(0, 0, 0.35, 0.4),
        XINXI[-12:]: polygon(0.35, 0, 0.45, 0.4),
        GRID: polygon(0, 0, 0.35, 0.2),
    }
    assert refused(Redraw(GRID, lines, carries=False)) == ("child_outside", "geometry")

    change(Redraw(GRID, lines))

    assert locate(**point(0.37, 0.1), at=NOW).path == XINXI
    assert locate(**point(0.34, 0.1), at=NOW).path == SECOND
    assert locate(**point(0.1, 0.1), at=NOW).path == FIRST


def test_areas_above_are_offered_to_follow_an_outer_border_and_do_if_it_is_said(made: Made) -> None:
    # The grid is the southern half of its community, which is a part of the street: south stays, east grows.
    drawn = {GRID: polygon(0, 0, 0.42, 0.2), TWO: polygon(0.2, 0, 0.22, 0.2)}
    other = {XINXI[-12:]: shapely.difference(polygon(0.4, 0, 0.4), polygon(0.4, 0, 0.02, 0.2))}

    look = look_at_areas(district_id="210106", operation=Redraw(GRID, {**drawn, **other}), on=TODAY)
    assert [(row.name, round(row.gained_m2, -4), row.lost_m2) for row in look.lifts] == [("劳模社区", 370_000, 0)]
    assert [(row.code, row.area, row.other) for row in look.faults] == [("outside_parent", "劳模第一网格", "劳模社区")]
    assert refused(Redraw(GRID, {**drawn, **other})) == ("outside_parent", "geometry")

    change(Redraw(GRID, {**drawn, **other}, lifts=True), LATER)
    then = NOW + timedelta(days=40)
    assert locate(**point(0.41, 0.1), at=NOW).path == XINXI
    assert locate(**point(0.41, 0.1), at=then).path == SECOND
    assert locate(**point(0.41, 0.3), at=then).path == XINXI
    rows = list_area_changes(district_id="210106", area_id=made.areas[LAOMO[-12:]])
    assert [(row.part, row.boundary_number, row.valid_on) for row in rows] == [("redrawn", 2, LATER)]


def test_border_that_moves_inwards_takes_areas_above_along_up_to_the_street(made: Made) -> None:
    smaller = {GRID: polygon(0.03, 0, 0.37, 0.2), ONE: polygon(0.03, 0, 0.17, 0.2)}

    look = look_at_areas(district_id="210106", operation=Redraw(GRID, smaller), on=TODAY)
    assert [(row.name, round(row.lost_m2, -4)) for row in look.lifts] == [
        ("劳模社区", 550_000),
        ("工人村街道", 550_000),
    ]
    assert {gap.name for gap in look.gaps} == {"劳模社区"}

    look = look_at_areas(district_id="210106", operation=Redraw(GRID, smaller, lifts=True), on=TODAY)
    assert [(gap.name, round(gap.piece.area_m2, -4)) for gap in look.gaps] == [("铁西区", 550_000)]
    change(Redraw(GRID, smaller, lifts=True), accepts_gaps=True)
    assert locate(**point(0.02, 0.1), at=NOW).path == "210106"


def test_two_polygons_split_as_a_line_does(made: Made) -> None:
    change(Split(ONE, NewPart("劳模三组"), shapes=(polygon(0.1, 0, 0.1, 0.2), polygon(0, 0, 0.1, 0.2))))

    assert locate(**point(0.15, 0.05), at=NOW).path == FIRST
    assert locate(**point(0.05, 0.05), at=NOW).code == "2101060030060103"


def test_added_area_lies_under_its_parent_and_closed_one_gives_its_ground_back(made: Made) -> None:
    change(Add(XINXI[-12:], "grid", NewPart("新喜第一网格"), polygon(0.4, 0, 0.2)))
    assert locate(**point(0.5, 0.1), at=NOW).path == f"{XINXI}/21010600300701"

    assert refused(Close("21010600300701"), LATER) == ("gaps_left", "accepts_gaps")
    change(Close("21010600300701"), LATER, accepts_gaps=True)
    assert locate(**point(0.5, 0.1), at=NOW + timedelta(days=40)).path == XINXI


def test_new_name_counts_at_once_and_the_old_one_stands_in_the_history(made: Made) -> None:
    change(Rename(ONE, " 劳模东组 "))

    assert locate(**point(0.05, 0.05), at=NOW).name == "劳模东组"
    (row,) = list_area_changes(district_id="210106", area_id=made.areas[ONE])
    assert (row.kind, row.part, row.name_before, row.reason) == ("rename", "renamed", "劳模一组", "每年调整")


def test_change_writes_a_fact_and_publishes_whom_it_touches(made: Made) -> None:
    heard: list[AreasChanged] = []
    bus.subscribe(AreasChanged, heard.append)

    change_id = change(split_first(), LATER)

    new = get_area_by_code("2101060030060103")
    assert heard == [AreasChanged("210106", (new.id, made.areas[ONE]), LATER, NOW)]
    fact = Fact.objects.get(kind="territory.split")
    assert (fact.subject_id, fact.actor_id, fact.area_path) == (change_id, CLERK, f"{LAOMO}/{GRID}")
    assert fact.data == {"areas": 2, "number": 2, "on": LATER.isoformat()}


@pytest.mark.parametrize(
    ("operation", "code", "field"),
    [
        (Split("9", NewPart("x"), line=across(0.1)), "area_unknown", "code"),
        (Split(ONE, NewPart(" "), line=across(0.1)), "name_missing", "name"),
        (Split(ONE, NewPart("x", ONE), line=across(0.1)), "code_taken", "code"),
        (Split(ONE, NewPart("x", "1"), line=across(0.1)), "code_wrong_length", "code"),
        (Split(ONE, NewPart("x")), "line_missing", "line"),
        (Split(ONE, NewPart("x"), shapes=(polygon(0, 0, 0.2),)), "parts_are_two", "shapes"),
        (Split(LAOMO[-12:], NewPart("x"), line=across(0.2)), "area_code_missing", "code"),
        (Split("210106", NewPart("x", "210107"), line=across(0.5)), "area_is_the_district", "code"),
        (Merge(ONE, ()), "others_missing", "others"),
        (Merge(ONE, (ONE,)), "not_siblings", "others"),
        (Merge(ONE, (GRID,)), "not_siblings", "others"),
        (Move(GRID, LAOMO[-12:]), "area_not_changed", "parent_code"),
        (Move(GRID, ONE), "move_into_itself", "parent_code"),
        (Move(LAOMO[-12:], "21010600300701"), "area_unknown", "parent_code"),
        (Redraw(ONE, {ONE: polygon(0, 0, 0.2)}), "area_not_changed", "shapes"),
        (Redraw(ONE, {ONE: polygon(0, 0, 0.9)}), "outside_parent", "geometry"),
        (Add(ONE, "grid", NewPart("x")), "parent_not_above", "level"),
        (Add(GRID, "moon", NewPart("x")), "level_unknown", "level"),
        (Rename(ONE, "劳模一组"), "area_not_changed", "name"),
        (Close(GRID), "area_has_some_below", "code"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    made: Made, operation: Operation, code: str, field: str
) -> None:
    assert refused(operation) == (code, field)


@pytest.mark.parametrize(
    ("on", "more", "code"),
    [
        (TODAY - timedelta(days=1), {}, "day_too_early"),
        (TODAY + timedelta(days=367), {}, "day_too_far"),
        (TODAY, {"reason": " "}, "reason_missing"),
        (TODAY, {"reason": "x" * 201}, "reason_too_long"),
    ],
)
def test_day_and_reason_are_checked(made: Made, on: date, more: dict[str, Any], code: str) -> None:
    assert refused(split_first(), on, **more)[0] == code


def test_name_from_a_later_day_is_refused(made: Made) -> None:
    assert refused(Rename(ONE, "x"), LATER) == ("name_counts_at_once", "on")


def test_change_before_one_that_is_planned_already_is_refused(made: Made) -> None:
    change(split_first(), LATER)

    assert refused(Merge(ONE, (TWO,))) == ("valid_from_too_early", "on")


def test_area_does_not_end_on_the_day_that_it_begins(made: Made) -> None:
    change(split_first())
    new = "2101060030060103"

    assert refused(Merge(ONE, (new,))) == ("area_begins_that_day", "on")
    change(Merge(ONE, (new,)), TODAY + timedelta(days=1))

    assert (get_area_by_code(new).starts_on, get_area_by_code(new).ends_on) == (TODAY, TODAY)


def test_area_of_a_foreign_district_is_unknown(made: Made) -> None:
    assert refused(Rename("210105001", "x")) == ("area_unknown", "code")
    assert refused(Move(GRID, "210105001006")) == ("area_unknown", "parent_code")


def test_undrawn_area_can_be_added_moved_and_merged(made: Made) -> None:
    change(Add(XINXI[-12:], "grid", NewPart("甲")))
    change(Add(XINXI[-12:], "grid", NewPart("乙")))
    change(Merge("21010600300701", ("21010600300702",)), LATER)
    change(Move("21010600300701", LAOMO[-12:]), LATER)

    assert [(area.code, area.name) for area in children_of(LAOMO, on=LATER)] == [
        (GRID, "劳模第一网格"), ("21010600300602", "甲"),
    ]  # fmt: skip


def test_history_is_guarded_by_the_database(made: Made) -> None:
    words = {"district_id": "210106", "change": uuid4(), "area_id": made.areas[ONE], "valid_on": TODAY,
             "made_at": NOW, "reason": "x"}  # fmt: skip
    for wrong in ({"kind": "moon", "part": "kept"}, {"kind": "split", "part": "moon"},
                  {"kind": "split", "part": "kept", "successor_id": made.areas[TWO]},
                  {"kind": "rename", "part": "renamed"}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            AreaChange.objects.create(**words, **wrong)
    assert AreaChange.is_append_only


def test_number_of_buildings_that_change_is_told(made: Made) -> None:
    look = look_at_areas(district_id="210106", operation=split_first(), on=TODAY)

    assert (look.buildings, Building.objects.filter(subgrid_id=made.areas[ONE]).count()) == (1, 2)
    assert [(row.code, row.part, round(row.area_m2 or 0, -5)) for row in look.touched] == [
        ("2101060030060103", "begun", 1_700_000), (ONE, "kept", 2_000_000),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_do_not_take_the_same_code() -> None:
    load_territory()
    refusals: list[str] = []

    def split(east: float, name: str) -> None:
        try:
            change(Split(ONE, NewPart(name), line=across(east)))
        except InvalidInput as error:
            refusals.append(error.code)
        connection.close()

    threads = [Thread(target=split, args=(0.11, "甲")), Thread(target=split, args=(0.05, "乙"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refusals == []
    new = Area.objects.filter(district_id="210106", name__in=["甲", "乙"]).order_by("code")
    assert list(new.values_list("code", flat=True)) == ["2101060030060103", "2101060030060104"]
    assert current_boundary_version("210106", at=NOW) == 3
