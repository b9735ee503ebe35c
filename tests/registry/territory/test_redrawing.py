"""New boundary versions: what they change, from when on, for whom; and what is refused."""

from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries
from tests.factories.territory import LAOMO, NOW, START, TODAY, XINXI, Made, load_territory, point, square

from linli.kernel import bus
from linli.kernel.errors import InvalidInput
from linli.ledger.facts.models import Fact
from linli.registry.territory.actions import NewArea, load_areas, redraw_boundaries
from linli.registry.territory.events import BoundariesRedrawn
from linli.registry.territory.models import Boundary
from linli.registry.territory.queries import (
    area_chain,
    current_boundary_version,
    list_boundary_versions,
    locate,
)

CLERK = UUID(int=7)
MOVED = point(0.38, 0.3)


def redraw(made: Made, drawn: dict[str, dict[str, Any] | None], **more: Any) -> int:
    changes = {made.areas[code]: geometry for code, geometry in drawn.items()}
    words: dict[str, Any] = {"valid_from": NOW, "reason": "border moved", "by": CLERK, "at": NOW, **more}
    return redraw_boundaries(district_id="210106", changes=changes, **words)


def move_border(made: Made, **more: Any) -> int:
    """Give a strip of 劳模 to 新喜."""
    return redraw(
        made, {"210106003006": square(0, 0, 0.36, 0.4), "210106003007": square(0.36, 0, 0.44, 0.4),
               "21010600300601": square(0, 0, 0.36, 0.2), "2101060030060102": square(0.2, 0, 0.16, 0.2)}, **more
    )  # fmt: skip


def test_next_question_after_an_edit_is_answered_by_the_new_version(made: Made) -> None:
    before = locate(**MOVED, at=NOW)

    number = move_border(made)

    after = locate(**MOVED, at=NOW)
    assert (before.path, before.boundary_number) == (LAOMO, 1)
    assert (number, after.path, after.boundary_number) == (2, XINXI, 2)


@pytest.mark.django_db(transaction=True)
def test_edit_in_another_connection_counts_from_its_commit_on() -> None:
    made = load_territory()
    asked = [locate(**MOVED, at=NOW).path]

    def edit_elsewhere() -> None:
        with transaction.atomic():
            move_border(made)
            asked.append("uncommitted")
        connection.close()

    other = Thread(target=edit_elsewhere)
    other.start()
    other.join()
    asked.append(locate(**MOVED, at=NOW).path)

    assert asked == [LAOMO, "uncommitted", XINXI]


@pytest.mark.django_db(transaction=True)
def test_edit_that_is_taken_back_leaves_nothing_behind_in_memory() -> None:
    made = load_territory()
    with transaction.atomic():
        move_border(made)
        seen_inside = locate(**MOVED, at=NOW).path
        transaction.set_rollback(True)

    assert (seen_inside, locate(**MOVED, at=NOW).path) == (XINXI, LAOMO)
    assert redraw(made, {"2101060030060101": square(0, 0, 0.1)}) == 2
    assert locate(**MOVED, at=NOW).path == LAOMO


def test_old_version_still_answers_for_old_instants(made: Made) -> None:
    move_border(made, valid_from=NOW + timedelta(days=40))

    answers = [locate(**MOVED, at=NOW + timedelta(days=days)) for days in (0, 39, 40, 0)]

    assert [(answer.path, answer.boundary_number) for answer in answers] == [
        (LAOMO, 1),
        (LAOMO, 1),
        (XINXI, 2),
        (LAOMO, 1),
    ]
    assert current_boundary_version("210106", at=NOW) == 1


def test_redrawing_copies_no_unchanged_boundary(made: Made) -> None:
    move_border(made)

    assert [(version.number, version.drawn) for version in list_boundary_versions("210106")] == [(2, 4), (1, 7)]
    assert Boundary.objects.filter(area_id=made.areas["2101060030060101"]).count() == 1
    assert current_boundary_version("210105", at=NOW) == 1


def test_redrawing_writes_a_fact_and_publishes_an_event(made: Made) -> None:
    heard: list[BoundariesRedrawn] = []
    bus.subscribe(BoundariesRedrawn, heard.append)

    redraw(made, {"2101060030060101": square(0, 0, 0.1)})

    path = f"{LAOMO}/21010600300601/2101060030060101"
    assert heard == [BoundariesRedrawn("210106", 2, (path,), NOW, CLERK, NOW)]
    fact = Fact.objects.get(actor_id=CLERK)
    assert (fact.kind, fact.area_path) == ("territory.boundaries_redrawn", "210106")
    assert fact.data == {"number": 2, "areas": 1}


def test_withdrawn_boundary_leaves_its_points_to_the_area_above(made: Made) -> None:
    redraw(made, {"2101060030060101": None})

    assert locate(**point(0.02, 0.02), at=NOW).path == f"{LAOMO}/21010600300601"
    assert locate(**point(0.02, 0.02), at=START).path == f"{LAOMO}/21010600300601/2101060030060101"


@pytest.mark.parametrize(
    ("drawn", "code", "params"),
    [
        ({"210106003007": square(0.4, 0, 0.45)}, "outside_parent", {"area": "210106003007", "other": "210106003"}),
        ({"210106003006": square(0, 0, 0.1)}, "child_outside", {"area": "210106003006", "other": "21010600300601"}),
        ({"210106003007": square(0.3, 0, 0.4)}, "overlaps_sibling", {"area": "210106003007", "other": "210106003006"}),
    ],
)
def test_redrawing_refuses_what_does_not_fit(
    made: Made, drawn: dict[str, Any], code: str, params: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        redraw(made, drawn)

    assert (refusal.value.code, refusal.value.params) == (code, {**params, "row": 1})
    assert current_boundary_version("210106", at=NOW) == 1


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"reason": " "}, "reason_missing", "reason"),
        ({"reason": "x" * 201}, "reason_too_long", "reason"),
        ({"valid_from": START - timedelta(days=1)}, "valid_from_too_early", "valid_from"),
        ({"crs": "BD-09"}, "unknown_crs", "crs"),
        ({"changes": {}}, "nothing_drawn", "changes"),
        ({"changes": {uuid4(): square(0, 0, 1)}}, "area_unknown", "changes"),
    ],
)
def test_redrawing_refuses_bad_words(made: Made, more: dict[str, Any], code: str, field: str) -> None:
    words: dict[str, Any] = {
        "district_id": "210106", "changes": {made.areas["210106"]: square(0, 0, 1)}, "valid_from": NOW,
        "reason": "why", "by": None, "at": NOW, **more,
    }  # fmt: skip
    with pytest.raises(InvalidInput) as refusal:
        redraw_boundaries(**words)

    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_area_of_a_foreign_district_is_unknown_to_redrawing(made: Made) -> None:
    with pytest.raises(InvalidInput) as refusal:
        redraw(made, {"210105001": square(0, 0, 0.1)})

    assert refusal.value.code == "area_unknown"


def test_names_held_in_memory_follow_a_load_without_a_new_version(
    made: Made, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    path = f"{XINXI}/21010600300701"
    assert area_chain(path, at=NOW)[-1].name == "新喜社区"

    load_areas([NewArea(code=path[-14:], name="新网格", level="grid", parent_code=path[-27:-15], starts_on=TODAY)])

    assert [area.name for area in area_chain(path, at=NOW)] == ["铁西区", "工人村街道", "新喜社区", "新网格"]
    with django_assert_num_queries(1):
        area_chain(path, at=NOW)
