"""Reading over HTTP: lists and their budget, one case, and what lies in other hands."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.edges.api.calling import Calling, counting, photo, statements
from tests.factories.district import COMMUNITY


@pytest.mark.parametrize("rows", [1, 30])
def test_list_needs_at_most_six_queries(calling: Calling, rows: int) -> None:
    for _ in range(rows):
        calling.district.open_case_in()
    client = calling.as_("community_clerk")
    client.get("/api/v1/cases")
    with counting() as caught:
        found = client.get("/api/v1/cases", {"area": COMMUNITY[1], "status": ["reported", "closed"]}).json()
    assert len(found["items"]) == rows
    assert len(statements(caught)) <= 6


def test_list_goes_on_from_its_cursor(calling: Calling) -> None:
    made = [str(calling.district.open_case_in().id) for _ in range(5)]
    client = calling.as_("community_clerk")
    for sort in ("newest", "priority", "due"):
        seen, cursor = [], ""
        while cursor is not None:
            page = client.get("/api/v1/cases", {"sort": sort, "limit": 2, "cursor": cursor}).json()
            seen += [row["id"] for row in page["items"]]
            cursor = page["next_cursor"]
        assert seen == made[::-1]


@pytest.mark.parametrize(
    "cursor", ["x", "é", "W10", "WyJhIiwgImIiXQ", "WyIxIiwgIjAxOTJmMGMxLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMSJd"]
)
@pytest.mark.parametrize("path", ["cases?sort=due", "cases?sort=priority", "cases?", "facts?", "people?", "posts?"])
def test_cursor_of_another_list_is_no_accident(calling: Calling, path: str, cursor: str) -> None:
    answer = calling.as_("community_clerk").get(f"/api/v1/{path}&cursor={cursor}")
    assert answer.status_code in {200, 422}
    if answer.status_code == 422:
        assert answer.json()["field"] == "cursor"


def test_filters_narrow_the_list(calling: Calling) -> None:
    district = calling.district
    burst, open_space = (
        district.open_case_in(text="水管爆裂了"),
        district.open_case_in("open", text="井盖没了", category="road"),
    )
    client = calling.as_("district_dispatcher")

    def found(**asked: object) -> list[str]:
        return [row["id"] for row in client.get("/api/v1/cases", asked).json()["items"]]

    assert found() == [str(open_space.id), str(burst.id)]
    assert found(category="road") == [str(open_space.id)]
    assert found(q="水管") == [str(burst.id)]
    assert found(q=burst.number) == [str(burst.id)]
    assert found(area=COMMUNITY[2]) == []
    assert found(status="closed") == []
    assert found(overdue="true") == [str(open_space.id), str(burst.id)]
    assert found(box="mine") == []


@pytest.mark.parametrize(("asked", "field"), [
    ({"area": "999999999"}, "area"), ({"area": "210105001006"}, "area"), ({"status": "nonsense"}, "status.0"),
    ({"limit": "0"}, "limit"), ({"limit": "1000"}, "limit"), ({"box": "nonsense"}, "box"), ({"q": "\0"}, "query"),
])  # fmt: skip
def test_filter_that_is_none_names_its_field(calling: Calling, asked: dict[str, str], field: str) -> None:
    refused = calling.as_("community_clerk").get("/api/v1/cases", asked)
    assert (refused.status_code, refused.json()["field"]) == (422, field)


@pytest.mark.parametrize("path", ["cases?state=closed", "cases?Status=closed", "facts?subject_id=x", "people?name=x"])
def test_h4_filter_by_a_name_that_there_is_none_of_is_refused(calling: Calling, path: str) -> None:
    calling.district.open_case_in()
    refused = calling.as_("community_clerk").get(f"/api/v1/{path}")
    told = refused.json()
    assert (refused.status_code, told["code"]) == (422, "unknown_parameter")
    assert told["field"] == path.partition("?")[2].partition("=")[0]
    assert "limit" in told["detail"]


def test_case_out_of_reach_is_not_found(calling: Calling) -> None:
    case = calling.district.open_case_in()
    foreign = calling.as_("community_clerk", community=2)
    for path in ("", "/history"):
        refused = foreign.get(f"/api/v1/cases/{case.id}{path}")
        assert (refused.status_code, refused.json()["code"]) == (404, "no_such_case")
    for action in ("accept", "close", "override-priority"):
        assert calling.step(foreign, case.id, action, 1, level=1, note="x").status_code == 404
    assert foreign.post(f"/api/v1/cases/{case.id}/contacts", {"reason": "x"}, "application/json").status_code == 404


def test_nobody_is_asked_to_sign_in(nobody: Client, calling: Calling) -> None:
    refused = nobody.get("/api/v1/cases")
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    wrong = Client(headers={"Authorization": "Bearer linli_wrong"}).get("/api/v1/categories")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "token_unknown")


def test_problem_speaks_the_callers_language(nobody: Client, calling: Calling) -> None:
    english = nobody.get("/api/v1/cases", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert english.json()["title"] == "Sign in or send a token"
    assert english.headers["Content-Language"] == "en"
    chinese = nobody.get("/api/v1/cases", headers={"Accept-Language": "fr, zh-CN;q=0.5, en;q=0.1"})
    assert chinese.headers["Content-Language"] == "zh-hans"


def test_what_is_no_address_is_a_problem_too(nobody: Client, calling: Calling) -> None:
    for path in ("/api/v1/nothing", "/api/v1/", "/api/v1/cases/", "/api/v1/cases/7"):
        answer = nobody.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_route")
        assert answer.headers["Content-Type"] == "application/problem+json"
    wrong = nobody.delete("/api/v1/cases")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert set(wrong.headers["Allow"].split(", ")) == {"GET", "POST"}
    unreadable = nobody.post("/api/v1/cases", "{", content_type="application/json")
    assert (unreadable.status_code, unreadable.json()["code"]) == (400, "body_unreadable")


def test_accident_is_a_problem_too(nobody: Client, calling: Calling, settings: Settings) -> None:
    settings.FILES_ROOT = None  # no file can be kept then
    broken = nobody.post("/api/v1/files", {"file": photo()})
    assert (broken.status_code, broken.json()["code"]) == (500, "server_error")
    assert broken.headers["Content-Type"] == "application/problem+json"
