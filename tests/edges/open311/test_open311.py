"""GeoReport v2: what each method answers in both forms, errors with their codes, nothing that residents may not see."""

import json
from datetime import timedelta
from itertools import product
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.district import COMMUNITY, DemoDistrict
from tests.factories.territory import point

from linli.cases.actions.opening import Contact
from linli.cases.choices import Action
from linli.cases.models import Case, CaseStep, Reporter
from linli.cases.queries.public import code_of
from linli.registry.people.actions.tokens import make_token
from linli.registry.territory.calc.coordinates import wgs84_from_gcj02
from linli.registry.territory.models import District

V2 = "/open311/v2"
SECRET, NAME, PHONE, DONE = "绝密水管三号院", "秘密人", "13912345678", "悄悄修好了"
LISTS = ("discovery", "services", "requests", "servicerequestupdates")


@pytest.fixture
def served(district: DemoDistrict) -> DemoDistrict:
    """Serve one district alone, as most do."""
    District.objects.exclude(code=district.id).update(is_served=False)
    return district


@pytest.fixture
def lived(served: DemoDistrict) -> DemoDistrict:
    """Six cases of noise in community 1, the first handled; one of heating, that is alone."""
    now = timezone.now()
    for n in range(6):
        case = served.open_case_in("open", at=now - timedelta(hours=9 - n), category="noise", text=f"{SECRET}{n}",
                                   address=SECRET, contact=Contact(NAME, PHONE))  # fmt: skip
        if n == 0:
            dispatcher = served.actor("district_dispatcher")
            served.take(case, Action.DISPATCH, by=dispatcher, to_post=served.post_of("grid_worker"))
            served.take(case, Action.NOTE, by=dispatcher, note=DONE)
    served.open_case_in("compound", at=now - timedelta(hours=1), category="heating", text=SECRET)
    return served


def get(client: Client, path: str, **query: str) -> Any:
    answer = client.get(f"{V2}/{path}.json", query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def form(district: DemoDistrict, **more: str) -> dict[str, str]:
    """Fill in a report at the place of the open ground, as a telephone has it: in WGS-84."""
    place = point(0.15, 0.30)
    lng, lat = wgs84_from_gcj02(place["lng"], place["lat"])
    return {"service_code": "noise", "lat": str(lat), "long": str(lng), "description": "夜里施工很吵"} | more


def test_discovery_names_both_forms(served: DemoDistrict, client: Client) -> None:
    found = get(client, "discovery")

    (endpoint,) = found["endpoints"]
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    tree = ET.fromstring(client.get(f"{V2}/discovery.xml").content)  # noqa: S314 - our own
    assert [each.text for each in tree.findall("endpoints/endpoint/formats/format")] == endpoint["formats"]


def test_services_are_the_categories_a_new_case_can_have(served: DemoDistrict, client: Client) -> None:
    found = get(client, "services")

    codes = [each["service_code"] for each in found]
    assert ("noise" in codes, "coverage" in codes) == (True, False)
    noise = next(each for each in found if each["service_code"] == "noise")
    assert noise == {"service_code": "noise", "service_name": noise["service_name"], "metadata": False,
                     "description": noise["service_name"], "type": "realtime", "group": noise["group"],
                     "keywords": noise["keywords"]}  # fmt: skip
    definition = get(client, "services/noise")
    assert definition == {"service_code": "noise", "attributes": []}


@pytest.mark.parametrize("path", LISTS)
def test_xml_says_what_json_says(lived: DemoDistrict, client: Client, path: str) -> None:
    answer = client.get(f"{V2}/{path}.xml")
    tree, found = ET.fromstring(answer.content), get(client, path)  # noqa: S314 - our own

    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    if path == "discovery":
        assert tree.tag == "discovery"
        return
    said = [{part.tag: part.text for part in each} for each in tree]
    assert said == [
        {name: str(value).lower() if isinstance(value, bool) else value or None for name, value in each.items()}
        for each in found
    ]
    assert found


def test_report_by_form_becomes_a_case_at_its_place(served: DemoDistrict, client: Client) -> None:
    answer = client.post(f"{V2}/requests.json", form(served, first_name="明", last_name="王", phone=PHONE,
                                                     media_url="http://127.0.0.1:1/photo.jpg"))  # fmt: skip

    (told,) = answer.json()
    case = Case.objects.get(number=told["service_request_id"])
    assert (answer.status_code, case.category, case.area_path.split("/")[2]) == (200, "noise", COMMUNITY[1])
    assert code_of(case.id) in told["service_notice"]
    assert case.lng == pytest.approx(point(0.15, 0.30)["lng"], abs=1e-6)
    assert Reporter.objects.filter(case=case, consent_way="api").count() == 1


def test_report_in_xml_without_words_is_named_by_its_category(served: DemoDistrict, client: Client) -> None:
    answer = client.post(f"{V2}/requests.xml", form(served, description=""))

    tree = ET.fromstring(answer.content)  # noqa: S314 - our own
    number = tree.findtext("request/service_request_id")
    assert (tree.tag, Case.objects.get(number=number).text != "") == ("service_requests", True)


def test_report_sent_again_with_its_key_is_the_same(served: DemoDistrict, client: Client) -> None:
    sent = [Client().post(f"{V2}/requests.json", form(served), headers={"Idempotency-Key": "a1"}) for _ in range(2)]
    other = Client().post(f"{V2}/requests.json", form(served, description="另一件"), headers={"Idempotency-Key": "a1"})

    assert [answer.json()[0]["service_request_id"] for answer in sent] == [Case.objects.get().number] * 2
    assert (sent[1].headers["Idempotency-Replayed"], other.status_code) == ("true", 409)


@pytest.mark.parametrize(("changed", "status"), [
    ({"service_code": ""}, 400), ({"service_code": "nothing"}, 400), ({"lat": "", "long": ""}, 400),
    ({"lat": "north"}, 400), ({"lat": "nan"}, 400), ({"description": "长" * 2001}, 400), ({"api_key": "wrong"}, 403),
    ({"jurisdiction_id": "999999"}, 404),
])  # fmt: skip
def test_report_that_cannot_be_taken_is_refused_in_the_specifications_form(
    served: DemoDistrict, client: Client, changed: dict[str, str], status: int
) -> None:
    answer = client.post(f"{V2}/requests.json", form(served, **changed))
    tree = ET.fromstring(client.post(f"{V2}/requests.xml", form(served, **changed)).content)  # noqa: S314 - our own

    (error,) = answer.json()
    assert (answer.status_code, error["code"], bool(error["description"])) == (status, status, True)
    assert (tree.tag, tree.findtext("error/code")) == ("errors", str(status))
    assert Case.objects.count() == 0


def test_report_without_a_point_goes_to_the_jurisdiction_that_is_named(district: DemoDistrict, client: Client) -> None:
    sent = form(district, lat="", long="", address_string="花园小区门口")
    answers = [client.post(f"{V2}/requests.json", sent | more) for more in ({}, {"jurisdiction_id": district.id})]

    assert [answer.status_code for answer in answers] == [400, 200]
    assert Case.objects.get().district_id == district.id


def test_program_of_staff_reports_with_its_token(served: DemoDistrict, client: Client) -> None:
    worker = served.viewer("grid_worker")
    assert worker.login_id is not None
    now = timezone.now()
    keys = {scope: make_token(login_id=worker.login_id, name=scope, scope=scope, days=1, source_ip="", at=now)
            for scope in ("read", "write")}  # fmt: skip

    answers = [client.post(f"{V2}/requests.json", form(served, api_key=key.text)) for key in keys.values()]

    assert [answer.status_code for answer in answers] == [403, 200]
    assert Case.objects.get().opened_by == worker.person_id


def test_session_of_staff_does_not_count(served: DemoDistrict) -> None:
    signed_in = served.login(Client(enforce_csrf_checks=True), "grid_worker")

    assert signed_in.post(f"{V2}/requests.json", form(served)).status_code == 200
    assert Case.objects.get().opened_by is None


def test_list_tells_how_far_it_is_and_nothing_of_anybody(lived: DemoDistrict, client: Client) -> None:
    found = get(client, "requests")

    assert len(found) == 6
    assert {(each["service_code"], each["status"], each["address"]) for each in found} == {
        ("noise", "open", "第一街道")
    }
    assert all(each[part] is None for each in found for part in ("description", "lat", "long", "agency_responsible"))


@pytest.mark.parametrize(("path", "kind"), list(product(
    ("requests", "servicerequestupdates", "requests/{number}"), ("json", "xml")
)))  # fmt: skip
def test_no_word_place_or_holder_leaks(lived: DemoDistrict, client: Client, path: str, kind: str) -> None:
    case = Case.objects.filter(category="noise").order_by("id")[0]

    said = client.get(f"{V2}/{path.format(number=case.number)}.{kind}").content.decode()

    assert case.number in said
    hidden = (SECRET, NAME, PHONE, DONE, "西边社区", "演示", str(case.id), code_of(case.id), "西边第一网格")
    assert [word for word in hidden if word in said] == []


def test_case_that_is_alone_in_its_category_is_not_listed(lived: DemoDistrict, client: Client) -> None:
    alone = Case.objects.get(category="heating")

    assert alone.number not in {each["service_request_id"] for each in get(client, "requests")}
    assert alone.number not in {each["service_request_id"] for each in get(client, "servicerequestupdates")}
    assert get(client, "requests", service_request_id=alone.number) == []
    assert client.get(f"{V2}/requests/{alone.number}.json").status_code == 404


def test_subdistrict_with_few_of_a_kind_is_not_named(lived: DemoDistrict, client: Client) -> None:
    lived.open_case_in("open", community=2, at=timezone.now(), category="noise")

    found = get(client, "requests")

    assert [each["address"] for each in found].count(None) == 1
    assert not any("第二街道" in str(each) for each in found)


def test_reporter_sees_their_own_with_the_code(lived: DemoDistrict, client: Client) -> None:
    case = Case.objects.get(category="heating")

    (told,) = get(client, f"requests/{case.number}", code=code_of(case.id))
    wrong = client.get(f"{V2}/requests/{case.number}.json", {"code": "000000"})

    lng, lat = wgs84_from_gcj02(case.lng or 0, case.lat or 0)
    assert (told["description"], told["status"]) == (SECRET, "open")
    assert (told["long"], told["lat"]) == (pytest.approx(lng, abs=1e-6), pytest.approx(lat, abs=1e-6))
    assert wrong.status_code == 404


def test_list_is_narrowed_by_number_category_time_and_status(lived: DemoDistrict, client: Client) -> None:
    numbers = [each["service_request_id"] for each in get(client, "requests")]
    Case.objects.filter(number=numbers[0]).update(state="rejected")
    middle = f"{timezone.now() - timedelta(hours=6, minutes=30):%Y-%m-%dT%H:%M:%S}Z"

    def asked(**query: str) -> list[str]:
        return [each["service_request_id"] for each in get(client, "requests", **query)]

    assert asked(service_request_id=f"{numbers[1]},{numbers[3]}", status="closed") == [numbers[1], numbers[3]]
    assert asked(service_code="heating,green") == []
    assert asked(service_code="noise,heating") == numbers
    assert asked(status="closed") == numbers[:1]
    assert asked(status="open,closed") == numbers
    assert asked(start_date=middle) == numbers[:3]
    assert asked(end_date=middle) == numbers[3:]
    assert asked(page="2", page_size="4") == numbers[4:]


def test_updates_are_stages_and_no_notes(lived: DemoDistrict, client: Client) -> None:
    found = get(client, "servicerequestupdates")

    assert [(each["status"], each["description"]) for each in found] == [("action_scheduled", found[0]["description"])]
    assert CaseStep.objects.filter(action="note").exists()


@pytest.mark.parametrize(("path", "status"), [
    ("requests.json?status=unknown", 400), ("requests.json?start_date=2026-01-01", 400),
    ("requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400),
    ("requests.json?page=0", 400), ("requests.json?page_size=1001", 400), ("requests.json?jurisdiction_id=999999", 404),
    ("requests/nothing.json", 404), ("services/nothing.json", 404), ("tokens/abc.json", 404),
    ("servicerequestupdates.json?start_date=x", 400),
    ("services.json?jurisdiction_id=210106", 200), ("requests.json?status=&service_code=", 200),
])  # fmt: skip
def test_what_cannot_be_read_is_refused(lived: DemoDistrict, client: Client, path: str, status: int) -> None:
    answer = client.get(f"{V2}/{path}")

    assert answer.status_code == status
    assert status == 200 or answer.json()[0]["code"] == status


def test_other_methods_are_refused(served: DemoDistrict, client: Client) -> None:
    answers = [client.delete(f"{V2}/requests.json"), client.post(f"{V2}/services.xml")]

    assert [(answer.status_code, answer.headers["Allow"]) for answer in answers] == [(405, "GET, POST"), (405, "GET")]


def test_where_several_districts_are_served_one_is_named(district: DemoDistrict, client: Client) -> None:
    District.objects.update(is_served=True)

    assert client.get(f"{V2}/services.json").status_code == 400
    assert client.get(f"{V2}/services.json?jurisdiction_id={district.id}").status_code == 200


def test_reports_from_one_place_are_limited_as_on_the_portal(served: DemoDistrict, client: Client) -> None:
    answer: HttpResponseBase | None = None
    for n in range(61):
        answer = client.post(f"{V2}/requests.json", form(served, service_code="" if n < 60 else "noise"))

    assert answer is not None
    assert (answer.status_code, answer.has_header("Retry-After")) == (429, True)
    assert json.loads(getattr(answer, "content", b""))[0]["code"] == 429


@pytest.mark.parametrize("path", ["requests", "servicerequestupdates"])
def test_lists_ask_the_same_for_few_and_many(lived: DemoDistrict, client: Client, path: str) -> None:
    get(client, path)
    with CaptureQueriesContext(connection) as few:
        get(client, path)
    for n in range(5):
        case = lived.open_case_in("open", at=timezone.now() - timedelta(minutes=9 - n), category="noise")
        lived.take(case, Action.DISPATCH, by=lived.actor("district_dispatcher"), after=timedelta(0),
                   to_post=lived.post_of("grid_worker"))  # fmt: skip

    with CaptureQueriesContext(connection) as many:
        get(client, path)

    assert len(few) == len(many) <= 7


# As the specification's examples have it: the names, and their order within an entry.
SPECIFIED = {
    "services": ("services", "service", [
        "service_code", "service_name", "description", "metadata", "type", "keywords", "group",
    ]),
    "requests": ("service_requests", "request", [
        "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
        "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime",
        "address", "address_id", "zipcode", "lat", "long", "media_url",
    ]),
    "servicerequestupdates": ("service_request_updates", "request_update", [
        "update_id", "service_request_id", "status", "updated_datetime", "description", "media_url",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("path", SPECIFIED)
def test_entries_have_the_shape_of_the_examples(lived: DemoDistrict, client: Client, path: str) -> None:
    root, item, parts = SPECIFIED[path]

    tree = ET.fromstring(client.get(f"{V2}/{path}.xml").content)  # noqa: S314 - our own

    assert (tree.tag, {each.tag for each in tree}) == (root, {item})
    assert [part.tag for part in tree[0]] == list(get(client, path)[0]) == parts
