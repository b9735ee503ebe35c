"""Many rows changed at once: each to its own values, in one district, one statement."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AWAY, HOME, DemoDistrict

from linli.kernel.db.amending import amend
from linli.registry.people.models import Person


def people(district_id: str) -> list[Person]:
    return list(Person.objects.filter(district_id=district_id).order_by("code"))


def test_each_row_gets_its_own_values_in_one_statement(district: DemoDistrict) -> None:
    first, second, *others = people(HOME)
    with CaptureQueriesContext(connection) as queries:
        changed = amend(
            Person,
            district_id=HOME,
            fields=("name", "work_phone"),
            rows=[(first.id, "甲", b"1"), (second.id, "乙", b"")],
        )

    assert (changed, len(queries)) == (2, 1)
    after = people(HOME)
    assert [(row.name, bytes(row.work_phone)) for row in after[:2]] == [("甲", b"1"), ("乙", b"")]
    assert [row.name for row in after[2:]] == [row.name for row in others]


def test_row_of_another_district_is_passed_over(district: DemoDistrict) -> None:
    foreign = people(AWAY)[0]

    assert amend(Person, district_id=HOME, fields=("name",), rows=[(foreign.id, "甲")]) == 0
    assert people(AWAY)[0].name == foreign.name


def test_no_rows_ask_nothing(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert amend(Person, district_id=HOME, fields=("name",), rows=[]) == 0

    assert len(queries) == 0
