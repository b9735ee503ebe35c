"""Cases found by the last four digits of a reporter's number: where the mask shows them, and nowhere else."""

from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.opening import Contact
from linli.cases.models import Case, Reporter
from linli.cases.queries.lists import CaseFilter, count_cases, list_cases
from linli.kernel.crypto import add_key, blind_index
from linli.kernel.db.rekeying import reseal_all

ANEW = import_module("linli.cases.migrations.0024_phones_by_their_end")


def found(district: DemoDistrict, q: str, role: str = "grid_worker", community: int = 1) -> list[str]:
    viewer, wanted = district.viewer(role, community=community), CaseFilter(q=q)
    rows = list_cases(viewer=viewer, wanted=wanted, at=AT).rows
    assert count_cases(viewer=viewer, wanted=wanted, at=AT) == len(rows)
    return [row.number for row in rows]


@pytest.fixture
def called(district: DemoDistrict) -> list[Case]:
    """Three cases: two whose reporters' numbers end in 5678, one in each community; one of another number."""
    return [
        district.open_case_in("compound", contact=Contact("王小明", "138 1234-5678")),
        district.open_case_in("compound", community=2, contact=Contact("李大力", "024-55555678")),
        district.open_case_in("compound", contact=Contact("赵六", "13912340000")),
    ]


def test_last_four_digits_find_cases_whose_contacts_one_may_see(district: DemoDistrict, called: list[Case]) -> None:
    one, two, other = (case.number for case in called)

    assert found(district, "5678") == found(district, "５６７８") == [one]
    assert found(district, "5678", community=2) == [two]
    assert found(district, "5678", "district_dispatcher") == [two, one]
    assert found(district, "0000") == [other]
    assert found(district, "5678", "away-grid_worker") == []


def test_who_sees_the_case_but_no_contacts_finds_nothing(district: DemoDistrict, called: list[Case]) -> None:
    leader = district.viewer("district_leader")
    seen = {row.id for row in list_cases(viewer=leader, wanted=CaseFilter(), at=AT).rows}

    assert seen == {case.id for case in called}
    assert found(district, "5678", "district_leader") == []


@pytest.mark.parametrize("q", ["45678", "678", "1234", "345678", "8123"])
def test_other_parts_find_nothing(district: DemoDistrict, called: list[Case], q: str) -> None:
    assert found(district, q) == []


def test_a_number_whose_mask_shows_less_is_not_found_by_its_end(district: DemoDistrict) -> None:
    case = district.open_case_in("compound", contact=Contact("王小明", "55555678"))

    assert (found(district, "5678"), found(district, "55555678")) == ([], [case.number])


def test_words_with_these_digits_are_found_beside_in_two_queries(district: DemoDistrict, called: list[Case]) -> None:
    said = district.open_case_in("compound", text="表号 5678 的水表坏了")
    viewer = district.viewer("grid_worker")

    with CaptureQueriesContext(connection) as captured:
        rows = list_cases(viewer=viewer, wanted=CaseFilter(q="5678"), at=AT).rows

    assert ([row.id for row in rows], len(captured)) == ([said.id, called[0].id], 2)


@pytest.mark.usefixtures("own_keys")
def test_ends_are_found_under_old_and_new_keys(district: DemoDistrict, called: list[Case]) -> None:
    number = add_key()
    late = district.open_case_in("compound", contact=Contact("孙七", "13700005678"))
    before = found(district, "5678")
    reseal_all(key=number, advance=lambda _count: None)

    assert before == found(district, "5678") == [late.number, called[0].number]


def test_indexes_of_earlier_versions_are_made_anew(
    district: DemoDistrict, called: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ANEW, "_BATCH", 2)
    new = dict(Reporter.objects.values_list("id", "phone_index"))
    for reporter in Reporter.objects.order_by("id"):
        Reporter.objects.filter(id=reporter.id).update(phone_index=bytes(reporter.phone_index)[8:])
    before = found(district, "5678")

    ANEW.index_anew(None, None)

    assert (before, found(district, "5678")) == ([], [called[0].number])
    assert {key: bytes(index) for key, index in Reporter.objects.values_list("id", "phone_index")} == {
        key: bytes(index) for key, index in new.items()
    }
    assert {len(index) for index in new.values()} == {len(blind_index("13812345678", purpose="reporter.phone"))}
