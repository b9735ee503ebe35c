"""Areas, their drawing, organisations, posts and people."""

from typing import Any

import pytest
from django.test import Client
from tests.edges.api.calling import Calling, counting, statements
from tests.factories.district import COMMUNITY, GRID, HOME, PATH


def _all(client: Client, path: str, **asked: Any) -> list[dict[str, Any]]:
    """Read a list page by page."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = client.get(f"/api/v1/{path}", {**asked, "cursor": cursor, "limit": 3}).json()
        rows += page["items"]
        cursor = page["next_cursor"]
    return rows


def test_areas_below_one_come_page_by_page(calling: Calling, nobody: Client) -> None:
    rows = _all(nobody, "areas", within=HOME)
    assert [row["path"] for row in rows] == sorted(row["path"] for row in rows)
    assert {row["code"] for row in rows} >= {HOME, COMMUNITY[1], GRID[2]}
    assert [row["code"] for row in _all(nobody, "areas", within=COMMUNITY[1][:9], level="community")] == [COMMUNITY[1]]
    refused = nobody.get("/api/v1/areas", {"within": "999999999"})
    assert (refused.status_code, refused.json()["field"]) == (422, "within")


def test_drawing_holds_what_lies_in_the_box(calling: Calling, nobody: Client) -> None:
    point = calling.district.point_in(community=2)
    box = f"{point.lng},{point.lat},{point.lng + 0.001},{point.lat + 0.001}"
    drawn = nobody.get("/api/v1/areas/geojson", {"level": "community", "bbox": box, "crs": "GCJ-02"}).json()
    assert [each["properties"]["code"] for each in drawn["features"]] == [COMMUNITY[2]]
    assert (drawn["type"], drawn["is_schematic"]) == ("FeatureCollection", True)
    whole = nobody.get("/api/v1/areas/geojson", {"level": "grid", "path": PATH[1]}).json()
    assert {each["properties"]["code"][:12] for each in whole["features"]} == {COMMUNITY[1]}


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "nan,0,1,1"])
def test_box_that_is_none_names_its_field(calling: Calling, nobody: Client, box: str) -> None:
    refused = nobody.get("/api/v1/areas/geojson", {"bbox": box})
    assert (refused.status_code, refused.json()["field"]) == (422, "bbox")


def test_posts_say_who_is_responsible_where(calling: Calling) -> None:
    client = calling.as_("community_clerk")
    rows = _all(client, "posts", area=GRID[1], role="grid_worker")
    assert [(row["organisation_name"], row["area_path"]) for row in rows] == [
        ("西边社区居委会", f"{PATH[1]}/{GRID[1]}")
    ]
    assert len(_all(client, "posts")) == len(_all(client, "people"))


@pytest.mark.parametrize(("path", "most"), [("organisations", 2), ("posts", 2), ("people", 3), ("me", 1), ("facts", 2)])
def test_lists_of_the_registry_have_a_budget(calling: Calling, path: str, most: int) -> None:
    client = calling.as_("community_clerk")
    with counting() as caught:
        assert client.get(f"/api/v1/{path}").status_code == 200
    assert len(statements(caught)) <= most


@pytest.mark.parametrize("q", ["供水", "gongsh", "gs"])
def test_organisations_are_found_by_a_part_of_the_name(calling: Calling, q: str) -> None:
    found = _all(calling.as_("grid_worker"), "organisations", q=q)
    assert [row["code"] for row in found] == ["water_repair"]


def test_me_says_who_is_asking(calling: Calling) -> None:
    told = calling.as_("grid_worker", scope="read").get("/api/v1/me").json()
    assert (told["scope"], told["district"]) == ("read", HOME)
    assert told["may"] == ["report", "see_cases", "see_contacts", "work_cases"]


def test_facts_of_a_case_come_newest_first(calling: Calling) -> None:
    made = calling.report(Client()).json()
    worker = calling.as_("grid_worker")
    calling.step(worker, made["id"], "accept", 1)
    facts = _all(worker, "facts", subject=made["id"])
    assert [fact["kind"] for fact in facts] == ["case.accepted", "case.opened"]
    assert facts[1]["data"]["category"] == "water_burst"
    assert _all(worker, "facts", kind="case.closed") == []


def test_polling_says_what_the_stream_says(calling: Calling) -> None:
    case = calling.district.open_case_in()
    told = calling.as_("grid_worker").get("/api/v1/events/state").json()
    assert told["counts"] == {"todo": 1, "overdue": 1, "mine": 0, "open": 1}
    assert [(row["id"], row["light"]) for row in told["newest"]] == [(str(case.id), "late")]
