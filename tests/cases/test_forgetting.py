"""Contacts go when their time is over."""

from datetime import timedelta

from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.forgetting import forget_contacts
from linli.cases.actions.opening import Contact
from linli.cases.models import Case, Reporter


def _left(district: DemoDistrict) -> int:
    return Reporter.objects.filter(district_id=district.id).exclude(phone=b"", name=b"").count()


def test_contacts_of_a_case_closed_over_a_year_ago_are_wiped(district: DemoDistrict) -> None:
    old = district.open_case_in(contact=Contact("王小明", "13812345678"))
    district.open_case_in(contact=Contact("李大力", "13912345678"))
    Case.objects.filter(id=old.id).update(closed_at=AT)

    assert forget_contacts(district_id=district.id, at=AT + timedelta(days=365)) == 0
    assert _left(district) == 2
    assert forget_contacts(district_id=district.id, at=AT + timedelta(days=366)) == 1
    assert _left(district) == 1
