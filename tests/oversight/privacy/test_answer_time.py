"""A district says within how many working days it answers; nobody says more than the standard."""

import pytest
from django.test import Client
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.opening import Contact
from linli.kernel.errors import InvalidInput, NotAllowed
from linli.ledger.audit.models import AuditLine
from linli.ledger.facts.models import Fact
from linli.oversight.privacy.actions.answer_time import set_answer_time
from linli.oversight.privacy.actions.asking import Asked, make_request
from linli.oversight.privacy.choices import Part, RequestKind
from linli.oversight.privacy.models import AnswerTime, DataRequest

pytestmark = pytest.mark.usefixtures("contexts")


def due(district: DemoDistrict) -> str:
    """Ask for a case's contact to be deleted; AT is a Wednesday. Gives the day it is promised for."""
    case = district.open_case_in(contact=Contact("王小明", "13900001234"))
    asked = Asked(RequestKind.DELETE, parts=(Part.CONTACT,))
    request_id = make_request(district_id=district.id, case_id=case.id, asked=asked, source_ip="", at=AT)
    return DataRequest.objects.get(id=request_id).due_at.astimezone(AT.tzinfo).date().isoformat()


def set_days(district: DemoDistrict, days: int, role: str = "catalogue_keeper") -> None:
    set_answer_time(viewer=district.viewer(role), work_days=days, source_ip="", at=AT)


def test_time_of_the_district_counts_from_then_on(district: DemoDistrict) -> None:
    before = due(district)
    set_days(district, 5)
    set_days(district, 5)

    assert (before, due(district)) == ("2026-12-09", "2026-11-25")
    assert DataRequest.objects.order_by("id").values_list("due_at__date", flat=True)[0].isoformat() == "2026-12-09"
    assert Fact.objects.get(kind="answer_time.set").data == {"from": 15, "to": 5}
    assert AuditLine.objects.filter(object_kind="answer_time").count() == AnswerTime.objects.count() == 1


@pytest.mark.parametrize("days", [0, -1, 16])
def test_more_than_the_standard_or_nothing_is_refused(district: DemoDistrict, days: int) -> None:
    with pytest.raises(InvalidInput, match="answer_days_out_of_range"):
        set_days(district, days)
    assert not AnswerTime.objects.exists()


@pytest.mark.parametrize("role", ["subdistrict_dispatcher", "community_secretary", "security_admin"])
def test_who_edits_no_rulebooks_of_the_district_says_nothing(district: DemoDistrict, role: str) -> None:
    with pytest.raises(NotAllowed):
        set_days(district, 3, role)


def test_page_shows_the_time_and_takes_another(district: DemoDistrict) -> None:
    client = district.login(Client(), "catalogue_keeper")

    shown = client.get("/desk/consent/").context["work_days"]
    saved = client.post("/desk/consent/days/", {"work_days": "7"})
    refused = client.post("/desk/consent/days/", {"work_days": "99999"})

    assert (shown, saved.status_code, refused.status_code) == (15, 302, 422)
    assert client.get("/desk/consent/").context["work_days"] == 7
