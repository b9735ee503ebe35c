"""The pages of coverage: what they say, to whom, and that a number and its rows are one."""

import json
from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook
from tests.factories.district import COMMUNITY, HOME, VACANT_GRID, DemoDistrict

from linli.ledger.audit.models import AuditLine
from linli.registry.coverage.queries import current_functions

BOARD, HOLES = "/desk/people/coverage/", "/desk/people/coverage/holes/"


def said(district: DemoDistrict, client: Client, role: str, url: str, *, community: int = 1) -> str:
    answer = district.login(client, role, community=community).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_board_of_a_district_leads_to_its_holes(district: DemoDistrict, client: Client) -> None:
    page = said(district, client, "district_leader", BOARD)

    assert "66.6%" in page
    assert f"{HOLES}?area=210106003&amp;function=fire" in page
    rows = said(district, client, "district_leader", f"{HOLES}?area=210106003&function=fire")
    assert rows.count("公园小区") == 1
    assert "花园小区" not in rows


def test_community_sees_its_places_with_names_and_not_the_neighbours(district: DemoDistrict, client: Client) -> None:
    page = said(district, client, "community_clerk", BOARD)
    other = said(district, client, "community_clerk", BOARD, community=2)

    assert ("花园小区" in page, "公园小区" in page, "湖畔小区" in page) == (True, True, False)
    assert district.viewer("grid_worker").name in page
    assert ("花园小区" in other, "湖畔小区" in other) == (False, True)
    assert "no hole" in other or "没有空白" in other


def test_who_gives_posts_goes_straight_to_the_form(district: DemoDistrict, client: Client) -> None:
    admin = said(district, client, "security_admin", HOLES)
    clerk = said(district, client, "community_clerk", HOLES)

    form = f"/desk/posts/new/?role=grid_worker&amp;area={VACANT_GRID}"
    assert (form in admin, form in clerk) == (True, False)


def test_place_says_who_is_responsible_there(district: DemoDistrict, client: Client) -> None:
    place = district.compounds[HOME, "yard-2"]

    page = said(district, client, "community_clerk", f"{BOARD}places/{place}/?area={COMMUNITY[1]}")

    assert district.viewer("community_secretary").name in page
    assert page.count('class="tag late nb"') == 3


@pytest.mark.parametrize(("name", "rows", "first"), [
    ("holes", 3, ["公园小区", "单体楼", "第一街道 · 西边社区", "治安防范"]),
    ("coverage", 12, ["花园小区", "单体楼", "第一街道 · 西边社区", "统筹负责"]),
])  # fmt: skip
def test_register_holds_what_its_reader_sees(
    district: DemoDistrict, client: Client, name: str, rows: int, first: list[str]
) -> None:
    signed_in = district.login(client, "community_clerk")

    answer = signed_in.post(f"/desk/registers/{name}/export/", {"format": "xlsx", "query": ""})

    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    sheet = book.get_sheet_by_index(0).to_python()
    head = next(n for n, line in enumerate(sheet) if line[1] in {"Kind", "类别"})
    assert len(sheet[head + 1 :]) == rows
    assert sheet[head + 1][:4] == first
    assert AuditLine.objects.get(kind="exported").object_id == name


def test_map_shows_holes_within_reach_only(district: DemoDistrict, client: Client) -> None:
    mine = json.loads(said(district, client, "community_clerk", "/map/holes.json"))
    others = json.loads(said(district, client, "community_clerk", "/map/holes.json", community=2))

    assert (mine["count"], mine["unplaced"], [spot["count"] for spot in mine["spots"]]) == (3, 0, [3])
    assert mine["spots"][0]["url"] == f"{HOLES}?area={COMMUNITY[1]}"
    assert others == {"count": 0, "unplaced": 0, "spots": []}


FUNCTIONS = "/desk/people/coverage/functions/"


class Form(HTMLParser):
    """What a browser would send of the fields of a page as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down the value of a field."""
        said = dict(attrs)
        if tag == "select":
            self._select = said.get("name") or ""
        elif tag == "option" and "selected" in said:
            self.sent.setdefault(self._select, []).append(said.get("value") or "")
        elif tag == "input" and (said.get("type") != "checkbox" or "checked" in said):
            self.sent.setdefault(said.get("name") or "", []).append(said.get("value") or "")


def form(page: str) -> dict[str, list[str]]:
    """Read the fields of a page."""
    reading = Form()
    reading.feed(page[page.index("<main") :])
    return reading.sent


def test_functions_are_changed_on_a_form_and_count_at_once(district: DemoDistrict, client: Client) -> None:
    sent = form(said(district, client, "catalogue_keeper", FUNCTIONS))
    names = sorted(name for name in sent if name.startswith("name_"))
    assert len(names) == 7
    sent |= {"reason": ["入冬"], "drop_5": ["yes"], "name_6": ["供暖联络"], "level_6": ["community"],
             "places_6": ["compound", "single_building"], "roles_6": ["community_clerk"]}  # fmt: skip

    answer = client.post(FUNCTIONS, sent)

    assert (answer.status_code, answer.headers["Location"]) == (302, FUNCTIONS)
    number, functions = current_functions(HOME)
    assert (number, [function.name for function in functions][-2:]) == (1, ["矛盾调解", "供暖联络"])
    assert functions[1].roles == ("grid_worker", "grid_head")
    assert "供暖联络" in said(district, client, "district_leader", BOARD)


@pytest.mark.parametrize(("changed", "status"), [
    ({"reason": [""]}, 422), ({"roles_1": []}, 422), ({"follows": ["7"]}, 409), ({"name_0": [""]}, 422),
])  # fmt: skip
def test_form_with_a_fault_says_so_and_changes_nothing(
    district: DemoDistrict, client: Client, changed: dict[str, list[str]], status: int
) -> None:
    sent = form(said(district, client, "catalogue_keeper", FUNCTIONS)) | {"reason": ["改"]} | changed

    answer = client.post(FUNCTIONS, sent)

    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (status, True)
    assert current_functions(HOME)[0] == 0


def test_who_may_not_change_functions_sees_them_and_is_refused(district: DemoDistrict, client: Client) -> None:
    page = said(district, client, "community_clerk", FUNCTIONS)

    answer = client.post(FUNCTIONS, {"follows": "0", "reason": "改", "name_0": "别的", "code_0": "x"})

    assert ("治安防范" in page, 'name="reason"' in page, answer.status_code) == (True, False, 403)
