"""What a view of the map shows of many cases."""

from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from tests.factories.district import AT, DemoDistrict

from linli.cases.models import Case
from linli.cases.queries.lists import CaseFilter
from linli.cases.queries.map import MOST_LISTED, MapView, map_cases

WHOLE = MapView(123, 41, 125, 43, 12)
OPEN = CaseFilter(box="open")


def copies(district: DemoDistrict, count: int) -> None:
    """Put copies of a case all over the district, by the database itself."""
    district.open_case_in("compound")
    columns = [str(field.column) for field in Case._meta.concrete_fields if field.column not in
               {"id", "number", "lng", "lat"}]  # fmt: skip
    named = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_case (id, number, lng, lat, {named}) SELECT gen_random_uuid(), 'copy-' || n, "  # noqa: S608 - columns of the schema
            f"123.3 + 0.1 * random(), 41.7 + 0.1 * random(), {named} FROM cases_case, generate_series(1, %s) AS n",
            [count],
        )


def test_one_case_is_a_light_of_its_own(district: DemoDistrict) -> None:
    case = district.open_case_in("compound")

    seen = map_cases(viewer=district.viewer("district_dispatcher"), wanted=OPEN, view=WHOLE, at=AT)

    assert [(each.count, each.one) for each in seen.clusters] == [(1, str(case.id))]
    assert seen.extent == (case.lng, case.lat, case.lng, case.lat)
    assert (seen.count, list(seen.singles), [row.id for row in seen.listed]) == (1, [case.id], [case.id])


def test_cluster_has_the_worst_light_and_the_list_begins_with_it(district: DemoDistrict) -> None:
    late = district.open_case_in("compound", at=AT - timedelta(days=20))
    district.open_case_in("compound", at=AT)

    seen = map_cases(viewer=district.viewer("district_dispatcher"), wanted=OPEN, view=WHOLE, at=AT)

    assert [(each.count, each.worst) for each in seen.clusters] == [(2, 3)]
    assert seen.listed[0].id == late.id


def test_what_lies_beside_the_view_is_not_counted(district: DemoDistrict) -> None:
    district.open_case_in("compound")

    seen = map_cases(
        viewer=district.viewer("district_dispatcher"), wanted=OPEN, view=MapView(10, 10, 11, 11, 12), at=AT
    )

    assert (seen.count, seen.extent, seen.clusters, seen.listed) == (0, None, (), ())


@pytest.mark.parametrize("count", [1, 3, 5000])
def test_queries_and_answer_do_not_grow_with_the_cases(
    district: DemoDistrict, django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    copies(district, count)
    viewer = district.viewer("district_dispatcher")

    with django_assert_max_num_queries(3):
        seen = map_cases(viewer=viewer, wanted=OPEN, view=WHOLE, at=AT)

    assert (seen.count, sum(each.count for each in seen.clusters)) == (count + 1, count + 1)
    assert (len(seen.listed) <= MOST_LISTED, len(seen.clusters) < 300) == (True, True)
