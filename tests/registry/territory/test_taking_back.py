"""Taking a change of the tree back: before it counts or on its day, whole, and not while something stands on it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import shapely
from django.db import IntegrityError, transaction
from shapely.geometry import shape
from tests.factories.territory import FIRST, LAOMO, NOW, SECOND, SIDE, SOUTH, TODAY, WEST, XINXI, Made, point, square

from linli.kernel import bus
from linli.kernel.errors import Conflict, InvalidInput, LinliError, NotFound
from linli.ledger.facts.models import Fact
from linli.registry.territory.actions import (
    NewArea,
    NewBoundary,
    load_areas,
    load_boundaries,
    reshape_areas,
    take_back_change,
)
from linli.registry.territory.calc.operations import Add, Close, Merge, Move, NewPart, Operation, Redraw, Rename, Split
from linli.registry.territory.events import AreasChanged
from linli.registry.territory.models import Area, AreaChange, Building, Compound
from linli.registry.territory.queries import (
    children_of,
    count_areas,
    get_area_by_code,
    list_area_changes,
    list_area_entries,
    locate,
    place_by_code,
)

CLERK = UUID(int=7)
GRID, ONE, TWO = "21010600300601", "2101060030060101", "2101060030060102"
LATER = TODAY + timedelta(days=40)
BETWEEN = shapely.LineString([(WEST + 0.11 * SIDE, SOUTH - 0.05 * SIDE), (WEST + 0.11 * SIDE, SOUTH + 0.45 * SIDE)])
SPLIT = Split(ONE, NewPart("劳模三组"), line=BETWEEN)
NEW = "2101060030060103"


def change(operation: Operation, **more: Any) -> UUID:
    change_id = uuid4()
    words = {"on": LATER, "reason": "每年调整", "accepts_gaps": True, "by": CLERK, "at": NOW, **more}
    reshape_areas(district_id="210106", operation=operation, change_id=change_id, **words)
    return change_id


def back(change_id: UUID, **more: Any) -> None:
    words = {"undo_id": uuid4(), "reason": "画错了", "by": CLERK, "at": NOW, **more}
    take_back_change(**{"district_id": "210106", "change_id": change_id, **words})


def refused(change_id: UUID, kind: type[LinliError] = Conflict, **more: Any) -> str:
    before = (tree(), AreaChange.objects.count())
    with pytest.raises(kind) as refusal, transaction.atomic():
        back(change_id, **more)
    assert before == (tree(), AreaChange.objects.count())
    return refusal.value.code


def tree() -> dict[str, list[tuple[Any, ...]]]:
    """Read the areas in force on three days, where points lie then, and where houses and estates are seated."""
    days = (TODAY, TODAY + timedelta(days=1), LATER)
    spots = [point(east, north) for east in (0.05, 0.15, 0.22, 0.3, 0.5) for north in (0.05, 0.3)]
    return {
        "areas": [
            (day, *row) for day in days
            for row in Area.objects.filter(starts_on__lte=day).exclude(ends_on__lt=day).order_by("path")
            .values_list("path", "name")
        ],
        "points": [
            (locate(**spot, at=NOW + (day - TODAY) + timedelta(seconds=1)).path,) for day in days for spot in spots
        ],
        "houses": list(Building.objects.order_by("code").values_list("code", "subgrid__code")),
        "estates": list(Compound.objects.order_by("area__path", "code").values_list("code", "area__code")),
    }  # fmt: skip


OPERATIONS = (
    SPLIT, Merge(ONE, (TWO,)), Merge(TWO, (ONE,)), Move(GRID, XINXI[-12:]),
    Move(LAOMO[-12:], "210106401", "210106401001"),
    Redraw(TWO, {TWO: shape(square(0.25, 0, 0.15, 0.2))}), Add(XINXI[-12:], "grid", NewPart("新喜第一网格")),
    Add(XINXI[-12:], "grid", NewPart("新喜第一网格"), shape(square(0.4, 0, 0.2))), Close(TWO),
    Merge(LAOMO[-12:], (XINXI[-12:],)), Merge(XINXI[-12:], (LAOMO[-12:],)),
)  # fmt: skip


@pytest.mark.parametrize("on", [TODAY, LATER])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: type(each).__name__)
def test_taken_back_all_is_as_it_was(made: Made, operation: Operation, on: Any) -> None:
    before = tree()
    change_id = change(operation, on=on)
    assert tree() != before

    back(change_id)

    assert tree() == before


def test_name_taken_back_on_its_day_is_the_old_one(made: Made) -> None:
    change_id = change(Rename(ONE, "劳模东组"), on=TODAY)
    back(change_id)

    assert get_area_by_code(ONE).name == "劳模一组"


def test_history_says_what_was_done_and_that_it_was_taken_back(made: Made) -> None:
    heard: list[AreasChanged] = []
    bus.subscribe(AreasChanged, heard.append)
    change_id = change(SPLIT)
    undo_id = uuid4()

    back(change_id, undo_id=undo_id)

    rows = list_area_changes(district_id="210106", area_id=made.areas[ONE])
    assert [(row.kind, row.part, row.is_taken_back, row.boundary_number, row.reason) for row in rows] == [
        ("split", "kept", True, 2, "每年调整"), ("split", "undone", False, 3, "画错了"),
    ]  # fmt: skip
    assert [row.can_be_taken_back(TODAY) for row in rows] == [False, False]
    fact = Fact.objects.get(kind="territory.taken_back")
    assert (fact.subject_id, fact.actor_id, fact.data) == (
        undo_id, CLERK, {"change": str(change_id), "areas": 2, "number": 3})  # fmt: skip
    assert [event.from_on for event in heard] == [LATER, TODAY]


def test_planned_change_stands_in_the_way_no_longer(made: Made) -> None:
    change_id = change(SPLIT)
    with pytest.raises(InvalidInput):
        change(Merge(ONE, (TWO,)), on=TODAY)

    back(change_id)
    change(Merge(ONE, (TWO,)), on=TODAY)

    assert locate(**point(0.3, 0.1), at=NOW).path == FIRST
    assert locate(**point(0.3, 0.1), at=NOW + timedelta(days=50)).path == FIRST


def test_what_is_planned_before_it_stays_planned(made: Made) -> None:
    before = LATER - timedelta(days=10)
    change(Merge(ONE, (TWO,)), on=before)
    change_id = change(Close(ONE))

    back(change_id)

    then = NOW + (before - TODAY)
    assert locate(**point(0.3, 0.1), at=NOW).path == SECOND
    assert locate(**point(0.3, 0.1), at=then).path == FIRST
    assert locate(**point(0.3, 0.1), at=then + timedelta(days=20)).path == FIRST


def test_code_is_free_again_for_a_change_and_for_a_sheet(made: Made) -> None:
    back(change(SPLIT))
    assert (get_area_by_code(NEW).never_was, NEW in {row.code for row in list_area_entries("210106")}) == (True, False)
    assert count_areas("210106") == len(list_area_entries("210106"))
    assert place_by_code(code=NEW, at=NOW).code == GRID

    change(Split(ONE, NewPart("劳模新组"), line=BETWEEN), on=TODAY)
    assert [(area.code, area.name) for area in children_of(f"{LAOMO}/{GRID}", on=TODAY)][2:] == [(NEW, "劳模新组")]
    change_id = change(Add(XINXI[-12:], "grid", NewPart("甲")))
    back(change_id)
    ids = load_areas([
        NewArea(code="21010600300701", name="乙", level="grid", parent_code=XINXI[-12:], starts_on=TODAY),
        NewArea(code="2101060030070101", name="丙", level="subgrid", parent_code="21010600300701", starts_on=TODAY),
    ])  # fmt: skip
    found = get_area_by_code("21010600300701")
    assert (found.id, found.name, found.ends_on) == (ids["21010600300701"], "乙", None)
    assert [area.name for area in children_of(found.path, on=TODAY)] == ["丙"]


def test_it_is_too_late_once_it_counts_and_the_day_after_it_was_saved(made: Made) -> None:
    planned, saved = change(SPLIT, on=TODAY + timedelta(days=1)), change(Rename(TWO, "二组"), on=TODAY)

    for each in (planned, saved):
        assert refused(each, at=NOW + timedelta(days=1)) == "change_counts"


def test_twice_foreign_and_unknown_ones_are_refused(made: Made) -> None:
    change_id = change(SPLIT)
    undo_id = uuid4()
    assert refused(change_id, NotFound, district_id="210105") == "no_such_change"
    assert refused(change_id, InvalidInput, reason=" ") == "reason_missing"
    back(change_id, undo_id=undo_id)

    assert refused(change_id) == "change_taken_back"
    assert refused(undo_id, NotFound) == "no_such_change"
    with pytest.raises(IntegrityError), transaction.atomic():
        AreaChange.objects.create(
            district_id="210106", change=uuid4(), area_id=made.areas[ONE], kind="split", part="undone",
            undoes=change_id, valid_on=TODAY, made_at=NOW, reason="x",
        )  # fmt: skip


def test_what_stands_on_it_is_named(made: Made) -> None:
    first = change(Add(XINXI[-12:], "grid", NewPart("甲"), shape(square(0.4, 0, 0.2))))
    second = change(SPLIT)
    assert refused(first) == "change_has_later"
    back(second)
    load_areas([NewArea(code="2101060030070101", name="丙", level="subgrid", parent_code="21010600300701",
                        starts_on=LATER)])  # fmt: skip
    assert refused(first) == "change_has_areas"
    Area.objects.filter(code="2101060030070101").update(parent_id=made.areas[GRID])
    Building.objects.filter(code="21010600300600013").update(subgrid_id=get_area_by_code("21010600300701").id)
    assert refused(first) == "change_has_houses"


def test_boundaries_loaded_since_stand_on_it(made: Made) -> None:
    change_id = change(SPLIT, on=TODAY)
    row = NewBoundary(area_code="210106003", geometry=square(0, 0, 0.81))
    load_boundaries([row], valid_from=NOW, reason="x", by=None, at=NOW)

    assert refused(change_id) == "change_has_boundaries"


def test_database_lets_no_area_end_earlier_than_that(made: Made) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.filter(code=ONE).update(starts_on=TODAY, ends_on=TODAY - timedelta(days=2))
