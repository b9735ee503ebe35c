"""Saved views: kept, renamed, moved and deleted by their owner alone; counts of several filters at once."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, GRID_PATH, HOME, PATH, DemoDistrict

from linli.cases.actions.views import delete_view, keep_view, move_view, rename_view
from linli.cases.choices import Action
from linli.cases.errors import CannotKeepView, NoSuchView, ViewsChanged
from linli.cases.models import SavedView
from linli.cases.queries.lists import CaseFilter, count_cases, count_each
from linli.cases.queries.views import KeptView, list_views
from linli.kernel.errors import InvalidInput, NotAllowed
from linli.registry.people.rules import NOBODY, Viewer

BURSTS = CaseFilter(box="open", category="water_burst", states=("reported",), area_path=PATH[1], light="ok", q="水管",
                    sort="due")  # fmt: skip


def keep(viewer: Viewer, *names: str, box: str = "open") -> list[UUID]:
    return [keep_view(name=name, wanted=replace(BURSTS, box=box), by=viewer, at=AT) for name in names]


def names_of(viewer: Viewer) -> list[str]:
    return [view.name for view in list_views(viewer=viewer)]


def test_view_is_kept_as_it_was_asked(district: DemoDistrict) -> None:
    worker = district.viewer("grid_worker")

    view_id = keep_view(name="  爆管  要紧 ", wanted=BURSTS, by=worker, at=AT)

    assert list_views(viewer=worker) == [KeptView(view_id, "爆管 要紧", BURSTS)]


def test_view_is_seen_by_its_owner_alone(district: DemoDistrict) -> None:
    keep(district.viewer("grid_worker"), "只给自己看")

    others = [district.viewer(role) for role in ("grid_head", "district_leader", "system_admin")]

    assert [names_of(viewer) for viewer in (*others, NOBODY)] == [[], [], [], []]


def test_view_of_somebody_else_can_not_be_changed(district: DemoDistrict) -> None:
    owner, other = district.viewer("grid_worker"), district.viewer("grid_head")
    view_id, _second = keep(owner, "第一", "第二")

    for change in (
        lambda: rename_view(view_id=view_id, name="改了", by=other),
        lambda: move_view(view_id=view_id, is_left=False, by=other),
        lambda: delete_view(view_id=view_id, by=other),
    ):
        with pytest.raises(NoSuchView):
            change()

    assert names_of(owner) == ["第一", "第二"]


def test_nobody_keeps_nothing(district: DemoDistrict) -> None:
    with pytest.raises(NotAllowed, match="not_signed_in"):
        keep(NOBODY, "谁的")


@pytest.mark.parametrize("name", ["", "  ", "一二三四五六七八九十一二三"])
def test_name_of_a_wrong_length_is_refused(district: DemoDistrict, name: str) -> None:
    with pytest.raises(CannotKeepView, match="view_name_length"):
        keep(district.viewer("grid_worker"), name)


def test_name_is_taken_once_a_list_and_person(district: DemoDistrict) -> None:
    worker = district.viewer("grid_worker")
    first, _other_list = *keep(worker, "水"), *keep(worker, "水", box="todo")
    keep(district.viewer("grid_head"), "水")

    with pytest.raises(CannotKeepView, match="view_name_taken"):
        keep(worker, "水")
    rename_view(view_id=first, name="水", by=worker)

    assert names_of(worker) == ["水", "水"]


def test_renaming_takes_no_name_of_a_neighbour(district: DemoDistrict) -> None:
    worker = district.viewer("grid_worker")
    first, _second = keep(worker, "一", "二")

    with pytest.raises(CannotKeepView, match="view_name_taken"):
        rename_view(view_id=first, name="二", by=worker)
    rename_view(view_id=first, name="三", by=worker)

    assert names_of(worker) == ["三", "二"]


def test_thirteenth_view_does_not_fit(district: DemoDistrict) -> None:
    worker = district.viewer("grid_worker")
    keep(worker, *map(str, range(12)))

    with pytest.raises(ViewsChanged, match="too_many_views"):
        keep(worker, "再来一个", box="todo")


def test_database_holds_how_many_there_may_be(district: DemoDistrict) -> None:
    worker = district.viewer("grid_worker")
    keep(worker, "一")

    for rank in (1, 13):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(
                district_id=HOME, person_id=str(worker.person_id), name="二", rank=rank, sort="due"
            )

    assert names_of(worker) == ["一"]


def test_view_changes_places_with_its_neighbour_over_the_same_list(district: DemoDistrict) -> None:
    worker = district.viewer("grid_worker")
    _one, two = keep(worker, "一", "二")
    keep(worker, "别处", box="todo")
    (three,) = keep(worker, "三")

    move_view(view_id=three, is_left=True, by=worker)

    assert names_of(worker) == ["一", "三", "别处", "二"]
    with pytest.raises(ViewsChanged, match="view_is_at_the_end"):
        move_view(view_id=two, is_left=False, by=worker)


def test_view_moves_to_the_right(district: DemoDistrict) -> None:
    worker = district.viewer("grid_worker")
    one, _two = keep(worker, "一", "二")

    move_view(view_id=one, is_left=False, by=worker)

    assert names_of(worker) == ["二", "一"]


def test_deleting_makes_room_at_the_end(district: DemoDistrict) -> None:
    worker = district.viewer("grid_worker")
    kept = keep(worker, *map(str, range(12)))

    delete_view(view_id=kept[3], by=worker)
    keep(worker, "新的")

    assert names_of(worker) == ["0", "1", "2", "4", "5", "6", "7", "8", "9", "10", "11", "新的"]


@pytest.mark.parametrize("wrong", [
    {"box": "x"}, {"light": "x"}, {"sort": "x"}, {"states": ("x",)}, {"area_path": "210105/210105001"},
])  # fmt: skip
def test_filter_that_no_list_answers_is_not_kept(district: DemoDistrict, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        keep_view(name="坏的", wanted=replace(BURSTS, **wrong), by=district.viewer("grid_worker"), at=AT)  # type: ignore[arg-type]

    assert SavedView.objects.count() == 0


FILTERS = [CaseFilter(), CaseFilter(box="todo", sort="priority"), CaseFilter(box="open", light="late", sort="due"),
           CaseFilter(q="水管"), CaseFilter(category="noise"), CaseFilter(states=("accepted", "reported")),
           CaseFilter(box="done"), CaseFilter(area_path=GRID_PATH[2])]  # fmt: skip


@pytest.mark.parametrize("role", ["grid_worker", "community_clerk", "district_dispatcher", "department_handler"])
def test_counts_are_those_of_the_lists(district: DemoDistrict, role: str) -> None:
    worker = district.actor("grid_worker")
    cases = [district.open_case_in(community=community) for community in (1, 1, 2)]
    district.open_case_in(text="楼上太吵", category="noise")
    district.take(cases[0], Action.ACCEPT, by=worker)
    viewer, later = district.viewer(role), AT + timedelta(days=3)

    counts = count_each(viewer=viewer, wanted=FILTERS, at=later)

    assert counts == [count_cases(viewer=viewer, wanted=wanted, at=later) for wanted in FILTERS]
    assert sum(counts) > 0 or role == "department_handler"


def test_counting_asks_once_and_no_further_than_the_thousandth(
    district: DemoDistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linli.cases.queries.lists.MOST_COUNTED", 2)
    for _n in range(3):
        district.open_case_in()
    viewer = district.viewer("district_dispatcher")

    with CaptureQueriesContext(connection) as asked:
        counts = count_each(viewer=viewer, wanted=[CaseFilter(), CaseFilter(q="没有这个词")], at=AT)

    assert (counts, len(asked)) == ([2, 0], 1)


def test_counting_nothing_or_for_nobody_gives_none(district: DemoDistrict) -> None:
    district.open_case_in()

    assert count_each(viewer=district.viewer("grid_worker"), wanted=[], at=AT) == []
    assert count_each(viewer=NOBODY, wanted=FILTERS, at=AT) == [0] * len(FILTERS)
    assert count_each(viewer=district.viewer("auditor"), wanted=FILTERS, at=AT) == [0] * len(FILTERS)
