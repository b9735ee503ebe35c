from datetime import timedelta

import pytest
from django.db import connection
from tests.factories.district import AT, BURST, DemoDistrict

from linli.cases.choices import Action
from linli.cases.models import Case
from linli.cases.queries.public import code_of, follow_case, followed_id
from linli.kernel.errors import NotFound


@pytest.fixture
def case(district: DemoDistrict) -> Case:
    """Make a case with words for colleagues and words for the reporter."""
    case, worker = district.open_case_in(), district.actor("grid_worker")
    district.take(case, Action.NOTE, by=worker, note="给同事看的话")
    district.take(case, Action.HANDLE, by=worker, note="内部：先关总阀")
    return district.take(case, Action.REPORT_BACK, by=worker, note="换了阀门")


def test_number_and_code_open_the_case(case: Case) -> None:
    found = follow_case(number=f" {case.number} ", code=f"{code_of(case.id)[:3]} {code_of(case.id)[3:]}", at=AT)

    assert (found.text, found.row.id, found.can_verify, found.photos) == (BURST, case.id, True, 0)
    assert followed_id(number=case.number, code=code_of(case.id)) == ("210106", case.id)


def test_reporter_reads_the_words_meant_for_them_only(case: Case) -> None:
    found = follow_case(number=case.number, code=code_of(case.id), at=AT)

    assert [(step.action, step.note) for step in found.steps] == [
        ("report", ""), ("handle", ""), ("report-back", "换了阀门")]  # fmt: skip
    assert "演示" not in str(found.steps)


def test_wrong_number_and_wrong_code_look_alike(case: Case) -> None:
    right = code_of(case.id)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    tried = [(case.number, wrong), ("10626-999999", right), ("", ""), (case.number, ""), (case.number, "一二三四五六"),
             ("x\0y", right)]  # fmt: skip

    for number, code in tried:
        with pytest.raises(NotFound, match="number_or_code_wrong number"):
            follow_case(number=number, code=code, at=AT + timedelta(days=1))


def test_code_is_stored_nowhere(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM cases_case c")
        whole = cursor.fetchone()[0]

    assert f'"{code_of(case.id)}"' not in whole
    assert len(code_of(case.id)) == 6
