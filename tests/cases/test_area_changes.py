"""A change of the tree leaves open cases where they are; a look tells how many there are, and new ones follow it."""

from datetime import timedelta
from uuid import UUID

import pytest
import shapely
from pytest_django import DjangoAssertNumQueries
from tests.factories.district import AT, GRID, GRID_PATH, HOME, TODAY, DemoDistrict
from tests.factories.territory import SIDE, SOUTH, WEST

from linli.cases.actions.area_changes import take_back_area_change
from linli.cases.models import Case
from linli.cases.queries.area_changes import look_at_area_change, look_at_undoing
from linli.kernel.errors import Conflict, NotAllowed
from linli.registry.coverage.actions import check_coverage
from linli.registry.people.actions.areas import ChangeTerms, change_areas
from linli.registry.territory.calc.operations import Merge, NewPart, Split
from linli.registry.territory.models import Building

# West of it lies the point of the kind "compound", east of it that of the kind "open".
BETWEEN = shapely.LineString([(WEST + 0.12 * SIDE, SOUTH - 0.1 * SIDE), (WEST + 0.12 * SIDE, SOUTH + 0.5 * SIDE)])
SPLIT = Split(GRID[1], NewPart("西边第三网格"), line=BETWEEN)


def test_old_case_keeps_its_grid_and_version_and_a_new_one_falls_into_the_new_grid(district: DemoDistrict) -> None:
    before = [district.open_case_in(place) for place in ("compound", "open")]
    admin = district.viewer("system_admin")

    change_areas(operation=SPLIT, terms=ChangeTerms(TODAY, "每年调整"), by=admin, key="k", source_ip="", at=AT)

    after = [district.open_case_in(place, at=AT + timedelta(minutes=1)) for place in ("compound", "open")]
    kept = [Case.objects.get(id=case.id) for case in before]
    assert [(case.area_path, case.boundary_number) for case in kept] == [(GRID_PATH[1], 1)] * 2
    assert [(case.post_id, case.version) for case in kept] == [(case.post_id, case.version) for case in before]
    new = "21010600300603"
    assert sorted((case.area_path[-14:], case.boundary_number) for case in after) == [(GRID[1], 2), (new, 2)]


def test_look_counts_open_cases_and_those_whose_ground_goes_elsewhere(district: DemoDistrict) -> None:
    for place in ("compound", "open", "open", "vacant"):
        district.open_case_in(place)
    admin = district.viewer("system_admin")

    split = look_at_area_change(viewer=admin, operation=SPLIT, on=TODAY)
    merge = look_at_area_change(viewer=admin, operation=Merge("21010600300602", (GRID[1],)), on=TODAY)

    assert (split.open_cases, split.elsewhere) == (3, 2)
    assert (merge.open_cases, merge.elsewhere) == (4, 3)


def test_closed_case_is_not_counted(district: DemoDistrict) -> None:
    case = district.open_case_in("compound")
    Case.objects.filter(id=case.id).update(closed_at=AT + timedelta(hours=1))

    found = look_at_area_change(viewer=district.viewer("system_admin"), operation=SPLIT, on=TODAY)

    assert (found.open_cases, found.elsewhere) == (0, 0)


def test_who_may_not_change_areas_is_told_no_number(district: DemoDistrict) -> None:
    with pytest.raises(NotAllowed):
        look_at_area_change(viewer=district.viewer("security_admin"), operation=SPLIT, on=TODAY)


def test_look_asks_the_same_however_many_cases_there_are(
    district: DemoDistrict, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    admin = district.viewer("system_admin")
    look_at_area_change(viewer=admin, operation=SPLIT, on=TODAY)
    for number in (1, 3):
        for _ in range(number):
            district.open_case_in("open")
        with django_assert_num_queries(10):
            look_at_area_change(viewer=admin, operation=SPLIT, on=TODAY)


def split_today(district: DemoDistrict) -> UUID:
    admin = district.viewer("system_admin")
    terms = ChangeTerms(TODAY, "每年调整")
    return change_areas(operation=SPLIT, terms=terms, by=admin, key="k", source_ip="", at=AT).change_id


def undo(district: DemoDistrict, change_id: UUID) -> None:
    take_back_area_change(change_id=change_id, reason="画错了", by=district.viewer("system_admin"), source_ip="",
                          at=AT + timedelta(hours=1))  # fmt: skip


@pytest.mark.parametrize(("place", "standing"), [("open", 1), ("compound", 1), ("vacant", 0)])
def test_case_reported_since_in_its_areas_stands_on_a_change(district: DemoDistrict, place: str, standing: int) -> None:
    district.open_case_in("compound")
    change_id = split_today(district)
    case = district.open_case_in(place, at=AT + timedelta(minutes=1))

    look = look_at_undoing(viewer=district.viewer("system_admin"), change_id=change_id)
    assert [(stand.code, stand.n) for stand in look.stands] == [("change_has_cases", 1)] * standing
    if standing:
        with pytest.raises(Conflict, match="change_has_cases"):
            undo(district, change_id)
    else:
        undo(district, change_id)
    kept = Case.objects.get(id=case.id)
    assert (kept.area_path, kept.boundary_number) == (case.area_path, 2)
    again = district.open_case_in("open", at=AT + timedelta(hours=2))
    assert (again.area_path == GRID_PATH[1], again.boundary_number) == ((False, 2) if standing else (True, 3))


def test_case_that_the_program_opened_about_the_new_area_closes_with_it(district: DemoDistrict) -> None:
    Building.objects.filter(district_id=HOME, name="12号楼").update(lng=WEST + 0.15 * SIDE)
    check_coverage(district_id=HOME, at=AT)
    change_id = split_today(district)
    check_coverage(district_id=HOME, at=AT + timedelta(minutes=1))
    of_itself = Case.objects.filter(source="system")
    assert of_itself.filter(closed_at=None, area__name="西边第三网格").exists()

    undo(district, change_id)
    check_coverage(district_id=HOME, at=AT + timedelta(hours=2))

    assert not of_itself.filter(closed_at=None, area__name="西边第三网格").exists()
