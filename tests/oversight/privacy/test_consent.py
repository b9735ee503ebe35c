"""Which text somebody agreed to is kept with what they left; taken back, it is gone at once."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.factories.district import AT, AWAY, COMMUNITY, DemoDistrict

from linli.cases.actions.importing import import_cases
from linli.cases.actions.opening import Contact
from linli.cases.models import Case, Reporter
from linli.cases.queries.importing import SheetLine, plan_import
from linli.cases.queries.public import code_of
from linli.cases.queries.retention import CONTACT_DAYS
from linli.kernel.errors import Conflict, InvalidInput, NotAllowed
from linli.ledger.audit.models import AuditLine
from linli.ledger.facts.models import Fact
from linli.oversight.privacy.actions.consent import publish_consent
from linli.oversight.privacy.calc.default_consent import DEFAULT_CONSENT
from linli.oversight.privacy.models import DataRequest
from linli.oversight.privacy.queries.consent import current_consent, list_consents
from linli.registry.territory.models import District

TEXT = "留下的电话只用来回访这件事，办结一年后删除，随时可以撤回。"


def _publish(district: DemoDistrict, *, text: str = TEXT, based_on: int = 1, role: str = "catalogue_keeper") -> int:
    viewer = district.viewer(role)
    return publish_consent(viewer=viewer, text=text, based_on=based_on, source_ip="", at=AT)


def _report(client: Client, **more: str) -> Case:
    known = set(Case.objects.values_list("id", flat=True))
    form = {"step": "contact", "text": "路灯不亮", "area": COMMUNITY[1], "name": "王小明", "phone": "13900001234"}
    assert client.post("/report/", form | more).status_code == 200
    return Case.objects.exclude(id__in=known).get()


def test_text_of_the_program_says_how_long_and_that_it_can_be_taken_back() -> None:
    assert CONTACT_DAYS == 365
    assert ("办结一年后清除" in DEFAULT_CONSENT, "撤回" in DEFAULT_CONSENT) == (True, True)


def test_version_that_was_read_stands_with_the_contact(district: DemoDistrict, client: Client) -> None:
    form = {"step": "where", "go": "next", "text": "路灯不亮", "area": COMMUNITY[1]}
    first = client.post("/report/", form).content.decode()
    before = _report(client, consent="1")
    assert _publish(district) == 2
    second = client.post("/report/", form).content.decode()
    after = _report(client, consent="2")
    _report(client, consent="2", name="", phone="")

    assert (DEFAULT_CONSENT in first, TEXT in second, DEFAULT_CONSENT in second) == (True, True, False)
    assert 'name="consent" value="2"' in second
    kept = dict(Reporter.objects.values_list("case_id", "consent"))
    assert kept == {before.id: 1, after.id: 2}
    assert set(Reporter.objects.values_list("consent_way", flat=True)) == {"portal"}


def test_every_version_can_be_read_again(district: DemoDistrict, client: Client) -> None:
    _publish(district)

    pages = {number: client.get(f"/privacy/consent/{district.id}/{number}/") for number in (1, 2, 3)}

    assert client.get("/privacy/consent/999999/1/").status_code == 404
    assert [pages[number].status_code for number in (1, 2, 3)] == [200, 200, 404]
    assert (DEFAULT_CONSENT in pages[1].content.decode(), TEXT in pages[2].content.decode()) == (True, True)
    assert [row.number for row in list_consents(district.id)] == [2, 1]
    assert current_consent(AWAY).text == DEFAULT_CONSENT


@pytest.mark.parametrize("role", ["district_dispatcher", "auditor", "security_admin", "community_secretary"])
def test_text_is_published_by_who_edits_rulebooks(district: DemoDistrict, role: str) -> None:
    with pytest.raises(NotAllowed):
        _publish(district, role=role)
    assert current_consent(district.id).number == 1


def test_who_was_slower_is_told_and_nothing_is_published_twice(district: DemoDistrict) -> None:
    assert (_publish(district), _publish(district, based_on=2)) == (2, 2)

    with pytest.raises(Conflict, match="consent_changed"):
        _publish(district, text=TEXT + "再补一句。")
    with pytest.raises(InvalidInput, match="consent_length"):
        _publish(district, text="太短", based_on=2)
    assert Fact.objects.get(kind="consent.published").data == {"number": 2}
    assert AuditLine.objects.get(object_kind="consent").data == {"did": "published"}


def test_page_publishes_and_shows_versions(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")

    done = signed_in.post("/desk/consent/", {"text": TEXT, "based_on": "1"})
    slower = signed_in.post("/desk/consent/", {"text": TEXT + "再补一句。", "based_on": "1"})
    page = signed_in.get("/desk/consent/").content.decode()

    assert (done.status_code, slower.status_code) == (302, 409)
    assert "再补一句。" in slower.content.decode()
    assert (TEXT in page, DEFAULT_CONSENT in page) == (True, True)


def test_consent_taken_back_wipes_name_and_number_at_once(district: DemoDistrict, client: Client) -> None:
    case = _report(client, consent="1")
    other = district.open_case_in(contact=Contact("李大力", "13800005678"))
    opens = {"number": case.number, "code": code_of(case.id)}
    shown = client.post("/follow/data/", opens).content.decode()

    taken_back = client.post("/follow/data/", opens | {"act": "withdraw"}).content.decode()
    client.post("/follow/data/", opens | {"act": "withdraw"})

    assert (f"/privacy/consent/{district.id}/1/" in shown, "139****1234" in shown) == (True, True)
    assert ("139****1234" in taken_back, "已删除，复查无留存" in taken_back) == (False, True)
    left = {row.case_id: (bytes(row.name), bytes(row.phone), bytes(row.phone_index)) for row in Reporter.objects.all()}
    assert left[case.id] == (b"", b"", b"")
    assert all(left[other.id])
    assert (DataRequest.objects.count(), Fact.objects.filter(kind="consent.withdrawn").count()) == (1, 1)


def _kept() -> list[tuple[int, str]]:
    return list(Reporter.objects.order_by("id").values_list("consent", "consent_way"))


def test_contact_taken_by_staff_stands_with_the_text_that_staff_have_before_them(
    district: DemoDistrict, client: Client
) -> None:
    signed_in = district.login(client, "community_clerk")
    sent = {"key": "k1", "text": "来电：单元门坏了", "area": COMMUNITY[1], "phone": "13900005678"}
    signed_in.post("/desk/cases/new/", sent)
    _publish(district)

    assert TEXT in signed_in.get("/desk/cases/new/").content.decode()
    signed_in.post("/desk/cases/new/", sent | {"key": "k2", "text": "来电：路灯坏了"})
    signed_in.post("/desk/cases/new/", sent | {"key": "k3", "text": "来电：井盖没了", "phone": ""})

    assert _kept() == [(1, "staff"), (2, "staff")]


def test_contact_sent_by_a_program_stands_with_the_text_in_force_where_the_case_lies(
    district: DemoDistrict, client: Client
) -> None:
    _publish(district)
    body = {"text": "路灯不亮", "area_code": COMMUNITY[1], "contact": {"name": "王小明", "phone": "13900001234"}}
    for more in ({}, {"area_code": "210105001006"}, {"contact": None}):
        assert client.post("/api/v1/cases", body | more, content_type="application/json").status_code == 201

    assert dict(Reporter.objects.values_list("district_id", "consent")) == {district.id: 2, AWAY: 1}
    assert {way for _number, way in _kept()} == {"api"}


def test_contact_of_a_hotlines_order_stands_with_the_text_in_force(district: DemoDistrict, client: Client) -> None:
    viewer = district.viewer("community_clerk")
    lines = (SheetLine(2, "楼道没灯", area="西边社区", phone="13900005678", order_number="H1"),
             SheetLine(3, "单元门坏了", area="西边社区", phone="13900005679"),
             SheetLine(4, "路面有坑", area="西边社区", order_number="H2"))  # fmt: skip
    planned = plan_import(viewer=viewer, lines=lines, at=AT)

    import_cases(planned=planned, sheet="digest", viewer=viewer, caller="person:x", consent=3)

    assert sorted(_kept()) == [(3, "hotline"), (3, "staff")]


def test_feedback_shows_the_text_and_keeps_its_version(district: DemoDistrict, client: Client) -> None:
    District.objects.filter(code=AWAY).update(is_served=False)
    assert DEFAULT_CONSENT in client.get("/feedback/").content.decode()

    client.post("/feedback/", {"text": "电话没人接", "phone": "13900001234", "consent": "1"})
    client.post("/feedback/", {"text": "态度不好", "phone": "", "consent": "1"})

    assert _kept() == [(1, "portal")]


def test_way_is_shown_to_the_reporter_and_guarded_by_the_database(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")
    signed_in.post("/desk/cases/new/", {"key": "k1", "text": "来电：单元门坏了", "area": COMMUNITY[1],
                                        "phone": "13900005678"})  # fmt: skip
    case = Case.objects.get()

    shown = Client().post("/follow/data/", {"number": case.number, "code": code_of(case.id)}).content.decode()

    assert f"/privacy/consent/{district.id}/1/" in shown
    assert "向工作人员口头同意" in shown
    for wrong in ({"consent": 1, "consent_way": ""}, {"consent": 0, "consent_way": "api"}, {"consent_way": "moon"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reporter.objects.update(**wrong)
