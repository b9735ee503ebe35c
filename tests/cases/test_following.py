from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from tests.factories.district import AT, BURST, DemoDistrict

from linli.cases.actions.following import MOST_WRONG, WINDOW, find_by_code
from linli.cases.choices import Action
from linli.cases.models import Case
from linli.cases.queries.public import code_of, followed_case
from linli.kernel.errors import NotFound, TooManyRequests


@pytest.fixture
def case(district: DemoDistrict) -> Case:
    """Make a case with words for colleagues and words for the reporter."""
    case, worker = district.open_case_in(), district.actor("grid_worker")
    district.take(case, Action.NOTE, by=worker, note="给同事看的话")
    district.take(case, Action.HANDLE, by=worker, note="内部：先关总阀")
    return district.take(case, Action.REPORT_BACK, by=worker, note="换了阀门")


def test_number_and_code_open_the_case(case: Case) -> None:
    code = f"{code_of(case.id)[:3]} {code_of(case.id)[3:]}"

    assert find_by_code(number=f" {case.number} ", code=code, at=AT) == ("210106", case.id)
    found = followed_case(district_id="210106", case_id=case.id, at=AT)
    assert (found.text, found.row.id, found.can_verify, found.photos) == (BURST, case.id, True, 0)


def test_reporter_reads_the_words_meant_for_them_only(case: Case) -> None:
    found = followed_case(district_id="210106", case_id=case.id, at=AT)

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
            find_by_code(number=number, code=code, at=AT + timedelta(days=1))


def test_after_ten_wrong_codes_the_right_one_waits_an_hour(case: Case) -> None:
    right = code_of(case.id)
    for _ in range(MOST_WRONG):
        with pytest.raises(NotFound):
            find_by_code(number=case.number, code="wrong", at=AT)

    with pytest.raises(TooManyRequests) as refused:
        find_by_code(number=case.number, code=right, at=AT + timedelta(minutes=1))
    assert refused.value.params == {"wait_s": 3541}
    assert find_by_code(number=case.number, code=right, at=AT + WINDOW) == ("210106", case.id)


def test_wrong_codes_of_an_hour_ago_are_forgotten(case: Case) -> None:
    for minutes in range(0, 120, 8):  # seven or eight an hour
        with pytest.raises(NotFound):
            find_by_code(number=case.number, code="wrong", at=AT + timedelta(minutes=minutes))

    assert find_by_code(number=case.number, code=code_of(case.id), at=AT + timedelta(minutes=121))[1] == case.id


def test_wrong_codes_of_one_case_hold_up_no_other(district: DemoDistrict, case: Case) -> None:
    other = district.open_case_in("open")
    for _ in range(MOST_WRONG):
        with pytest.raises(NotFound):
            find_by_code(number=case.number, code="wrong", at=AT)

    assert find_by_code(number=other.number, code=code_of(other.id), at=AT) == ("210106", other.id)


@pytest.mark.parametrize("is_right", [True, False])
def test_queries_of_a_code(case: Case, django_assert_num_queries: DjangoAssertNumQueries, *, is_right: bool) -> None:
    with django_assert_num_queries(3 if is_right else 4), suppress(NotFound):
        find_by_code(number=case.number, code=code_of(case.id) if is_right else "wrong", at=AT)


def test_code_is_stored_nowhere(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM cases_case c")
        whole = cursor.fetchone()[0]

    assert f'"{code_of(case.id)}"' not in whole
    assert len(code_of(case.id)) == 6
