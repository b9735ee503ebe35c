"""Places that an earlier version kept in clear are sealed by the migration, as a new report's would be."""

from importlib import import_module

import pytest
from django.db import connection
from tests.cases.calc.test_doors import HOMES, OPEN
from tests.factories.district import AT, DemoDistrict

from linli.cases.calc.words import search_vector
from linli.cases.models import Case
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.kernel.crypto import decrypt

SEAL = import_module("linli.cases.migrations.0015_seal_address")
AREA = "西边社区"


def as_of_old(case: Case, written: str) -> None:
    """Put a case into the columns of then: the place in clear, and its words too."""
    search = search_vector(f"{case.text} {written} {AREA}")
    Case.objects.filter(id=case.id).update(address=b"", place=written or AREA, search=search)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET written = %s WHERE id = %s", [written, case.id])


@pytest.fixture
def _column_of_old(district: DemoDistrict) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_case ADD COLUMN written varchar(200) NOT NULL DEFAULT ''")


@pytest.mark.usefixtures("_column_of_old")
def test_places_are_sealed_as_those_of_new_reports(district: DemoDistrict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SEAL, "_BATCH", 7)
    places = [*(address for address, _building, _door in HOMES), *OPEN]
    cases = [district.open_case_in(text="家里没水", address=place) for place in places]
    new = {each.id: (each.place, decrypt(each.address, purpose="case.address")) for each in Case.objects.all()}
    for case, place in zip(cases, places, strict=True):
        as_of_old(case, place)

    SEAL.seal(None, None)

    now = {each.id: (each.place, decrypt(each.address, purpose="case.address")) for each in Case.objects.all()}
    hidden = {case.id for case, place in zip(cases, places, strict=True) if place in {"8楼801", "三单元502", ""}}
    assert {key: told for key, told in now.items() if key not in hidden} == {
        key: told for key, told in new.items() if key not in hidden
    }
    assert [now[key][1] for key in new] == [new[key][1] for key in new]


@pytest.mark.usefixtures("_column_of_old")
def test_door_leaves_the_words_in_clear_and_is_found_all_the_same(district: DemoDistrict) -> None:
    case = district.open_case_in(text="12号楼没水")
    as_of_old(case, "花园小区12号楼3单元501")

    SEAL.seal(None, None)

    left = Case.objects.get()
    viewer = district.viewer("district_dispatcher")
    found = [len(list_cases(viewer=viewer, wanted=CaseFilter(q=wanted), at=AT).rows) for wanted in
             ("501", "3单元501", "花园小区12号楼", "没水", "西边社区", "602")]  # fmt: skip
    assert (found, left.place, "501" in left.search) == ([1, 1, 1, 1, 1, 0], "花园小区12号楼", False)
