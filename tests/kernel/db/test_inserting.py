from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, HOME, DemoDistrict
from tests.kernel.db.test_copying import ODD, case_of

from linli.cases.models import Case, CaseStep
from linli.kernel.db.inserting import insert
from linli.kernel.ids import new_id
from linli.ledger.facts.models import Fact


def step_of(case: Case) -> CaseStep:
    return CaseStep(district_id=HOME, case=case, at=AT, action="note", from_state="", to_state="", by_kind="system")


def test_inserted_row_is_the_row_that_save_writes(district: DemoDistrict) -> None:
    inserted, saved = case_of(district, "10626-1"), case_of(district, "10626-2")
    insert(inserted)
    saved.save(force_insert=True)

    rows = [Case.objects.values().get(number=number) for number in ("10626-1", "10626-2")]
    assert {**rows[0], "id": None, "number": ""} == {**rows[1], "id": None, "number": ""}
    assert (rows[0]["text"], rows[0]["why"], rows[0]["lng"]) == (ODD, [{"about": ODD}], None)


def test_rows_of_several_tables_are_one_statement(district: DemoDistrict) -> None:
    cases = [case_of(district, f"10626-{number}") for number in range(3)]
    with CaptureQueriesContext(connection) as captured:
        insert(*cases, *[step_of(case) for case in cases])

    assert (len(captured), Case.objects.count(), CaseStep.objects.count()) == (1, 3, 3)


def test_inserted_row_can_be_changed_and_saved(district: DemoDistrict) -> None:
    case = case_of(district, "10626-1")
    insert(case)
    case.title = "改过"
    case.save()

    assert Case.objects.get().title == "改过"


def test_column_with_a_default_of_the_database_is_left_to_it(district: DemoDistrict) -> None:
    Fact.objects.filter(kind="case.noted").delete()
    insert(Fact(district_id=HOME, kind="case.noted", subject_id=new_id(), at=AT, data={}))

    assert isinstance(Fact.objects.get(kind="case.noted").recorded_at, datetime)


def test_rows_that_break_a_rule_are_refused_whole(district: DemoDistrict) -> None:
    case, other = case_of(district, "10626-1"), case_of(district, "10626-2")

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(case, step_of(other))
    assert not Case.objects.exists()
