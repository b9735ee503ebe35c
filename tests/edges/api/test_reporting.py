"""Reporting over HTTP: the answer, the keys, the budget of queries."""

import pytest
from django.test import Client
from tests.edges.api.calling import Calling, counting, statements
from tests.factories.district import COMMUNITY, GRID, HOME, DemoDistrict

from linli.cases.models import Case, Reporter
from linli.cases.queries.public import code_of
from linli.edges.limits import REPORTS


def test_report_answers_the_whole_promise(calling: Calling, nobody: Client) -> None:
    answer = calling.report(nobody)
    case = Case.objects.get()
    assert answer.status_code == 201
    told = answer.json()
    assert (told["id"], told["number"], told["status"]) == (str(case.id), case.number, "reported")
    assert told["access_code"] == code_of(case.id)
    assert told["category"] == "water_burst"
    assert [area["code"] for area in told["area"]["path"]] == [HOME, COMMUNITY[1][:9], COMMUNITY[1], GRID[1]]
    assert (told["area"]["code"], told["area"]["level"]) == (GRID[1], "grid")
    assert (told["responsible"]["organisation"], told["responsible"]["post"]) == ("西边社区居委会", "网格员")
    assert told["priority"]["score"] == sum(part["points"] for part in told["priority"]["parts"]) == case.score
    assert all(part["name"] and part["reason"] for part in told["priority"]["parts"])
    assert told["deadlines"]["response"] < told["deadlines"]["solution"]
    assert {line["about"] for line in told["why"]} == {"where", "who", "priority", "deadline"}


def test_report_takes_gcj02_where_no_system_is_named(calling: Calling, nobody: Client) -> None:
    point = calling.district.point_in()
    calling.report(nobody)
    calling.report(nobody, location={"lng": point.lng, "lat": point.lat, "crs": "WGS-84"})
    first, second = Case.objects.order_by("id")
    assert (first.lng, first.lat) == (point.lng, point.lat)
    assert (second.lng, second.lat) != (point.lng, point.lat)


@pytest.mark.parametrize("key", ["", "key-1"])
def test_report_needs_at_most_twelve_queries(calling: Calling, nobody: Client, key: str) -> None:
    calling.report(nobody)
    with counting() as caught:
        assert calling.report(nobody, key=key).status_code == 201
    assert len(statements(caught)) <= 12


@pytest.mark.parametrize(("key", "most"), [("", 10), ("key-1", 11)])
def test_report_with_a_token_reads_its_holder_once(calling: Calling, key: str, most: int) -> None:
    client = calling.as_("grid_worker")
    calling.report(client)
    with counting() as caught:
        assert calling.report(client, key=key).status_code == 201
    assert len(statements(caught)) == most


def test_key_sent_again_is_the_same_case_with_its_code(calling: Calling, nobody: Client) -> None:
    first = calling.report(nobody, key="key-1")
    again = calling.report(nobody, key="key-1")
    assert Case.objects.count() == 1
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.json() == first.json()


def test_key_of_a_person_is_the_same_case_with_its_code(calling: Calling) -> None:
    client = calling.as_("community_clerk")
    first, again = (calling.report(client, key="key-1") for _ in range(2))
    assert again.json() == first.json()
    assert again.json()["access_code"]


def test_key_at_the_same_address_without_the_cookie_hands_no_code_out(calling: Calling) -> None:
    first = calling.report(Client(), key="key-1")
    stranger = Client()
    again = calling.report(stranger, key="key-1")
    assert again.json() == first.json() | {"access_code": None}
    assert first.json()["access_code"] is not None
    assert calling.report(stranger, key="key-1").json()["access_code"] is None
    assert Case.objects.count() == 1


def test_key_from_another_address_is_another_command(calling: Calling) -> None:
    first = calling.report(Client(REMOTE_ADDR="192.0.2.1"), key="key-1")
    other = calling.report(Client(REMOTE_ADDR="192.0.2.2"), key="key-1")
    assert first.json()["id"] != other.json()["id"]


def test_key_with_another_body_is_refused(calling: Calling, nobody: Client) -> None:
    calling.report(nobody, key="key-1")
    refused = calling.report(nobody, key="key-1", text="路灯不亮")
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")
    assert refused.json()["field"] == "Idempotency-Key"
    assert Case.objects.count() == 1


@pytest.mark.parametrize(("said", "field", "code"), [
    ({"text": ""}, "text", "text_missing"),
    ({"text": "   "}, "text", "text_missing"),
    ({"text": "a\0b"}, "text", "not_text"),
    ({"category": "nonsense"}, "category", "unknown_category"),
    ({"location": {"lng": 1}}, "location.lat", "missing"),
    ({"location": {"lng": 123.3, "lat": 41.7, "crs": "BD-09"}}, "location.crs", "literal_error"),
    ({"location": {"lng": 223.3, "lat": 41.7}}, "location.lng", "less_than_equal"),
    ({"location": None, "area_code": "999999"}, "area_code", "area_unknown"),
    ({"file_ids": ["0192f0c1-0000-7000-8000-000000000001"]}, "file_ids", "file_not_attachable"),
])  # fmt: skip
def test_report_that_cannot_be_taken_names_the_field(
    calling: Calling, nobody: Client, said: dict[str, object], field: str, code: str
) -> None:
    refused = calling.report(nobody, **said)
    told = refused.json()
    assert (refused.status_code, told["field"], told["code"]) == (422, field, code)
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert told["type"] == f"/api/v1/docs#errors/{code}"
    assert told["title"]
    assert told["detail"]


def test_report_with_contact_keeps_it_encrypted(calling: Calling, nobody: Client) -> None:
    calling.report(nobody, contact={"name": "演示居民", "phone": "00000000000"})
    assert b"00000000000" not in bytes(Reporter.objects.get().phone)


def test_reports_of_one_address_are_limited(calling: Calling, nobody: Client) -> None:
    for _ in range(REPORTS.tries):
        REPORTS.take("127.0.0.1")
    refused = calling.report(nobody)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(refused.headers["Retry-After"]) <= REPORTS.window_s + 1
    assert calling.report(calling.as_("grid_worker")).status_code == 201


def test_locate_names_the_path_down(district: DemoDistrict, nobody: Client) -> None:
    point = district.point_in()
    found = nobody.get("/api/v1/cases/locate", {"lng": point.lng, "lat": point.lat}).json()
    assert (found["area"]["code"], found["reason"], found["compound"]) == (GRID[1], "inside", "花园小区")
    outside = nobody.get("/api/v1/cases/locate", {"lng": 10, "lat": 10, "crs": "WGS-84"}).json()
    assert (outside["area"], outside["reason"]) == (None, "outside")


def test_similar_tells_no_more_than_everybody_may_know(calling: Calling, nobody: Client) -> None:
    made = calling.report(nobody).json()
    point = calling.district.point_in()
    asked = {"lng": point.lng, "lat": point.lat, "text": "水管爆裂", "category": ""}
    found = nobody.get("/api/v1/cases/similar", asked).json()
    row = {"id": made["id"], "title": made["category_text"], "distance_m": 0, "status": made["status_text"]}
    assert found == {"items": [row]}


def test_suggestion_follows_the_words(district: DemoDistrict, nobody: Client) -> None:
    assert nobody.get("/api/v1/categories/suggest", {"text": "水管爆裂"}).json()["category"]["code"] == "water_burst"
    assert nobody.get("/api/v1/categories/suggest", {"text": "嗯"}).json() == {"category": None, "learned": None}
    codes = [kind["code"] for kind in nobody.get("/api/v1/categories").json()["items"]]
    assert "water_burst" in codes
