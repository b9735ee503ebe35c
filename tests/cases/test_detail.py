from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.joining import join_case
from linli.cases.actions.opening import Caller, Contact, Report
from linli.cases.choices import Source
from linli.cases.queries.detail import MaskedContact, get_case


def test_detail_shows_contacts_masked_and_what_joiners_said(district: DemoDistrict) -> None:
    case = district.open_case_in(contact=Contact("王小明", "13812345678"))
    join_case(district_id=district.id, case_id=case.id, report=Report("三单元也没水"), by=Caller(Source.PORTAL), at=AT)

    seen = get_case(viewer=district.viewer("grid_worker"), case_id=case.id, at=AT)

    assert seen.contacts == [
        MaskedContact(seen.contacts[0].id, "王*明", "138****5678", seen.contacts[0].joined_at, ""),
        MaskedContact(seen.contacts[1].id, "", "", AT, "三单元也没水"),
    ]
