"""Tables stripped for a load come back as they were, and only if their rows are right."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from tests.factories.district import AT, HOME, DemoDistrict

from linli.cases.models import Case, CaseFile, CaseStep, ClockSegment, Reporter, Verification
from linli.kernel.db.copying import copy_text, text_of
from linli.kernel.db.stripping import restore_tables, strip_tables
from linli.kernel.errors import Conflict
from linli.kernel.ids import new_id

TABLES = (Case, CaseFile, CaseStep, ClockSegment, Reporter, Verification)
_INDEXES = """
SELECT tablename, indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'cases\\_%%'
UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid::regclass::text LIKE 'cases\\_%%' AND convalidated ORDER BY 1, 2, 3
"""


def shape() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES)
        found: list[tuple[str, str, str]] = cursor.fetchall()
    return found


def step_of(case_id: object) -> tuple[object, ...]:
    at = AT + timedelta(hours=1)
    return (new_id(), HOME, at, "note", "", "", "staff", None, None, "", "", {}, case_id)


def test_stripped_tables_are_restored_as_they_were(db: None) -> None:
    before, told = shape(), []
    with transaction.atomic():
        kept = strip_tables(TABLES)
        bare = shape()
        restore_tables(kept, told.append)

    assert shape() == before
    stripped = {model._meta.db_table for model in TABLES}
    assert {table for table, _, _ in before} >= stripped
    assert [row for row in bare if row[0] in stripped and ("INDEX" in row[2] or "KEY" in row[2])] == []
    assert len(told) == len(kept) + 1


def test_row_that_points_nowhere_is_found_when_keys_come_back(district: DemoDistrict) -> None:
    before = shape()
    columns = ("id", "district_id", "at", "action", "from_state", "to_state", "by_kind", "by_person", "by_post",
               "reason", "note", "data", "case_id")  # fmt: skip
    with transaction.atomic():
        kept = strip_tables(TABLES)
        copy_text(CaseStep, columns, text_of([step_of(new_id())]), is_frozen=True)
        with pytest.raises(IntegrityError, match="cases_casestep_case_id"):
            restore_tables(kept, lambda _more: None)
        transaction.set_rollback(True)

    assert (shape(), CaseStep.objects.count()) == (before, 0)


def test_table_with_rows_is_not_stripped(district: DemoDistrict) -> None:
    case = district.open_case_in()

    with pytest.raises(Conflict, match="table_not_empty"), transaction.atomic():
        strip_tables(TABLES)

    assert Case.objects.get() == case


@pytest.mark.django_db(transaction=True)
def test_nothing_is_stripped_outside_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        strip_tables(TABLES)
