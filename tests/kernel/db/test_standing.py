from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, HOME, DemoDistrict
from tests.kernel.db.test_copying import case_of

from linli.cases.models import Case
from linli.kernel.db.standing import Given, StandingQuery


def by_number() -> QuerySet[Any, Any]:
    found = Case.objects.filter(district_id=Given("district"), number__among=Given("numbers"), title__contains="题")
    return found.order_by("number").values_list("number", "why", "reported_at", "post__role__name")


def by_title_with_percent() -> QuerySet[Any, Any]:
    return Case.objects.filter(district_id=Given("district")).extra(where=["title LIKE '题%%'"]).values_list("number")


@pytest.fixture
def district(district: DemoDistrict) -> DemoDistrict:
    for number in ("10626-1", "10626-2", "10626-3"):
        case_of(district, number).save(force_insert=True)
    return district


@pytest.mark.parametrize("numbers", [[], ["10626-2"], ["10626-3", "10626-1", "none"]])
def test_standing_query_gives_what_the_queryset_gives(district: DemoDistrict, numbers: list[str]) -> None:
    plain = Case.objects.filter(district_id=HOME, number__in=numbers).order_by("number")
    expected = list(plain.values_list("number", "why", "reported_at", "post__role__name"))

    assert StandingQuery(by_number).rows(district=HOME, numbers=numbers) == expected
    assert len(expected) == len([number for number in numbers if number != "none"])


def test_standing_query_is_built_once_and_asked_with_new_values(district: DemoDistrict) -> None:
    built = []
    query = StandingQuery(lambda: built.append(1) or by_number())  # type: ignore[func-returns-value]
    with CaptureQueriesContext(connection) as captured:
        asked = [query.rows(district=HOME, numbers=[f"10626-{n}"])[0][0] for n in (1, 2, 3, 1)]

    assert (asked, len(built), len(captured)) == (["10626-1", "10626-2", "10626-3", "10626-1"], 1, 4)


def test_standing_query_names_the_value_that_is_missing(district: DemoDistrict) -> None:
    with pytest.raises(KeyError, match="numbers"):
        StandingQuery(by_number).rows(district=HOME)


def test_percent_sign_of_a_statement_stays_one(district: DemoDistrict) -> None:
    assert len(StandingQuery(by_title_with_percent).rows(district=HOME)) == 3


def test_values_are_never_part_of_the_statement(district: DemoDistrict) -> None:
    rows = StandingQuery(by_number).rows(district="'; DROP TABLE cases_case; --", numbers=["$1", "%s"])

    assert (rows, Case.objects.filter(reported_at=AT).count()) == ([], 3)
