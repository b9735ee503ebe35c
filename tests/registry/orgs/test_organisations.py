from datetime import timedelta

import pytest
from django.db import IntegrityError
from tests.factories.district import HOME, PATH, SINCE, TODAY, DemoDistrict

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.registry.orgs.actions import NewOrganisation, load_organisations
from linli.registry.orgs.models import Organisation
from linli.registry.orgs.queries import (
    OrganisationRow,
    get_organisation,
    list_organisations,
    search_organisations,
)


def codes(**asked: str) -> list[str]:
    return [row.code for row in list_organisations(district_id=HOME, on=TODAY, **asked)]


def test_list_keeps_to_kind_and_area(district: DemoDistrict) -> None:
    assert codes(kind="department") == ["call_centre", "heating_office", "water_repair"]
    assert codes(area_path=PATH[1]) == ["committee_1", "property_1"]
    assert codes(area_path="210106/210106003") == ["committee_1", "office_1", "property_1"]


def test_area_filter_takes_whole_codes(district: DemoDistrict) -> None:
    assert codes(area_path="210106/21010600") == []
    assert len(codes(area_path=HOME)) == 9


def test_organisation_that_has_ended_is_not_there(district: DemoDistrict) -> None:
    office = district.organisations["heating_office"]
    Organisation.objects.filter(id=office).update(ends_on=TODAY)
    days = [TODAY, TODAY + timedelta(days=1), SINCE - timedelta(days=1)]

    assert [get_organisation(district_id=HOME, organisation_id=office, on=day) for day in days] == [
        OrganisationRow(office, "heating_office", "供热办", "department", HOME, "district"), None, None]  # fmt: skip


def test_organisation_of_another_district_is_not_there(district: DemoDistrict) -> None:
    away = district.organisations["away-water_repair"]

    assert get_organisation(district_id=HOME, organisation_id=away, on=TODAY) is None


@pytest.mark.parametrize("text", ["供热", "grb", "gongre", "reban", "heating_office"])
def test_organisations_are_found_by_name_sound_and_code_in_their_district(district: DemoDistrict, text: str) -> None:
    assert [row.code for row in search_organisations(district_id=HOME, text=text, on=TODAY)] == ["heating_office"]
    assert search_organisations(district_id=HOME, text=text, on=SINCE - timedelta(days=1)) == []


def load(district: DemoDistrict, *, code: str = "new", kind: str = "team") -> int:
    row = NewOrganisation(new_id(), code, "新队", kind, district.areas[HOME])
    return load_organisations(district_id=HOME, rows=[row], starts_on=SINCE)


def test_unknown_kind_is_refused(district: DemoDistrict) -> None:
    with pytest.raises(InvalidInput, match="unknown_organisation_kind kind row=new, kind=circus"):
        load(district, kind="circus")


def test_code_is_unique_within_its_district(district: DemoDistrict) -> None:
    assert load(district) == 1

    with pytest.raises(IntegrityError, match="organisation_code"):
        load(district)
