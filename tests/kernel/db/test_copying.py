from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, GRID_PATH, HOME, DemoDistrict

from linli.cases.calc.words import search_vector
from linli.cases.models import Case, CaseStep, Reporter
from linli.kernel.db.copying import copy_in
from linli.kernel.ids import new_id

ODD = "它说：“\\N”\t和\n'; DROP TABLE x; --"


def case_of(district: DemoDistrict, number: str) -> Case:
    return Case(
        district_id=HOME, number=number, title="题", text=ODD, category="other", source="portal",
        area_id=district.areas["21010600300601"], area_path=GRID_PATH[1], place_reason="inside", state="reported",
        level="grid", score=5, priority_level=4, priority_parts=[{"name": "危险", "points": 1}], why=[{"about": ODD}],
        rulebooks={"dispatch": 1}, reported_at=AT, response_due_at=AT + timedelta(hours=1), calendar_number=1,
        search=search_vector("水管爆裂"),
    )  # fmt: skip


def test_copied_row_is_the_row_that_insert_writes(district: DemoDistrict) -> None:
    copied, saved = case_of(district, "10626-1"), case_of(district, "10626-2")
    assert copy_in(Case, [copied]) == 1
    saved.save(force_insert=True)

    rows = [Case.objects.values().get(number=number) for number in ("10626-1", "10626-2")]
    assert {**rows[0], "id": None, "number": ""} == {**rows[1], "id": None, "number": ""}
    assert (rows[0]["text"], rows[0]["why"], rows[0]["lng"]) == (ODD, [{"about": ODD}], None)
    assert Case.objects.filter(search="水管").count() == 2


def test_bytes_and_defaults_are_copied(district: DemoDistrict) -> None:
    case = case_of(district, "10626-1")
    case.save(force_insert=True)
    copy_in(Reporter, [Reporter(district_id=HOME, case=case, phone=b"\x00\xff\\N", joined_at=AT)])
    row = Reporter.objects.get()

    assert (bytes(row.phone), bytes(row.name), row.text) == (b"\x00\xff\\N", b"", "")


def test_many_rows_are_one_statement(district: DemoDistrict) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert copy_in(Case, [case_of(district, f"10626-{n}") for n in range(50)]) == 50

    assert (len(captured) <= 1, Case.objects.count()) == (True, 50)


def test_rows_that_break_a_rule_are_refused_whole(district: DemoDistrict) -> None:
    rows = [case_of(district, "10626-1"), case_of(district, "10626-1")]

    with pytest.raises(IntegrityError, match="case_number"), transaction.atomic():
        copy_in(Case, rows)
    step = CaseStep(district_id=HOME, case_id=new_id(), at=AT, action="note", from_state="", to_state="", by_kind="")
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in(CaseStep, [step])

    assert Case.objects.count() == 0


def test_nothing_copies_nothing(db: None) -> None:
    assert copy_in(Case, []) == 0
