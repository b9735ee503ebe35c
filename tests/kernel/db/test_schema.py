import pytest
from django.db import IntegrityError
from tests.kernel.db.catalogue import constraints
from tests.kernel.db.sample.rows import District, House, Line, Street

pytestmark = pytest.mark.usefixtures("tables")

TO_STREET = "FOREIGN KEY (street_id, district_id) REFERENCES sample_street(id, district_id) DEFERRABLE"
TO_HOUSE = "FOREIGN KEY (beside_id, district_id) REFERENCES sample_house(id, district_id) DEFERRABLE"
TO_DISTRICT = "FOREIGN KEY (district_id) REFERENCES sample_district(code) DEFERRABLE"
BOTH = "PRIMARY KEY (id, district_id)"


def test_primary_key_of_district_and_ledger_rows_names_district() -> None:
    keys = {model: constraints(model._meta.db_table, "p") for model in (District, Street, House, Line)}

    assert keys == {District: ["PRIMARY KEY (code)"], Street: [BOTH], House: [BOTH], Line: [BOTH]}


def test_foreign_keys_between_rows_have_two_columns() -> None:
    assert constraints("sample_house", "f") == [TO_HOUSE, TO_DISTRICT, TO_STREET]


def test_row_pointing_to_another_district_is_refused_at_once() -> None:
    street = Street.objects.create(district_id="210106", name="北二路")

    with pytest.raises(IntegrityError, match="sample_house_street_id"):
        House.objects.create(district_id="210105", street_id=street.id, number=1)


def test_moving_row_that_others_point_to_is_refused() -> None:
    street = Street.objects.create(district_id="210106", name="北二路")
    House.objects.create(district_id="210106", street=street, number=1)

    with pytest.raises(IntegrityError):
        Street.objects.filter(id=street.id).update(district_id="210105")


def test_unknown_district_is_refused_at_once() -> None:
    with pytest.raises(IntegrityError, match="district_id"):
        Street.objects.create(district_id="999999", name="无")


def test_unique_constraint_holds_within_district_only() -> None:
    Street.objects.create(district_id="210106", name="北二路")
    Street.objects.create(district_id="210105", name="北二路")

    with pytest.raises(IntegrityError, match="sample_street_once"):
        Street.objects.create(district_id="210106", name="北二路")
