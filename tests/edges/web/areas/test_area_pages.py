"""The tree of areas in the workbench: read, found, changed with a look before; without script, for who may."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.factories.district import COMMUNITY, GRID, HOME, VACANT_GRID, DemoDistrict
from tests.factories.territory import SIDE, SOUTH, WEST, square

from linli.registry.territory.models import Area, AreaChange

ADDRESS = "/desk/registry/areas/"
GRID_PAGE = f"{ADDRESS}{GRID[1]}/"
LINE = f"{WEST + 0.12 * SIDE},{SOUTH - 0.1 * SIDE} {WEST + 0.12 * SIDE},{SOUTH + 0.5 * SIDE}"
TYPED = {"name": "西边第三网格", "drawing": LINE, "reason": "每年调整"}


@pytest.fixture
def admin(district: DemoDistrict, client: Client) -> Client:
    return district.login(client, "system_admin")


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def look(client: Client, kind: str = "split", code: str = GRID[1], **typed: Any) -> str:
    answer = client.post(f"{ADDRESS}{code}/{kind}/", {**TYPED, "do": "look", **typed})
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def drawing(page: str) -> Any:
    found = re.search(r"data-drawing>([^<]*)</textarea>", page)
    assert found is not None
    return json.loads(found[1].replace("&quot;", '"'))


def save(client: Client, page: str, kind: str = "split", code: str = GRID[1], **typed: Any) -> Any:
    sent = {**TYPED, "do": "save", "key": field(page, "key"), **typed}
    return client.post(f"{ADDRESS}{code}/{kind}/", sent)


def test_areas_page_goes_to_the_districts_own_page(admin: Client) -> None:
    answer = admin.get(ADDRESS)

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{ADDRESS}{HOME}/")


def test_page_of_an_area_counts_by_level_and_lists_what_is_below(admin: Client) -> None:
    page = page_of(admin, f"{ADDRESS}{COMMUNITY[1]}/")

    assert all(name in page for name in ("西边第一网格", "西边第二网格", "网格员", "第一街道"))
    assert "邻近社区" not in page
    assert "<svg" in page


def test_page_of_an_area_asks_the_same_for_one_and_for_many_below(
    admin: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page_of(admin, f"{ADDRESS}{COMMUNITY[1]}/")
    for code in (COMMUNITY[1], COMMUNITY[2]):
        with django_assert_num_queries(17):
            page_of(admin, f"{ADDRESS}{code}/")


def test_areas_are_found_by_name_and_never_a_foreign_one(admin: Client) -> None:
    assert GRID[1] in page_of(admin, f"{ADDRESS}?q=西边第一")
    assert "21010500100601" not in page_of(admin, f"{ADDRESS}?q=第一网格")


def test_shapes_for_drawing_are_the_area_with_its_surroundings(admin: Client) -> None:
    found = json.loads(admin.get(f"{GRID_PAGE}shapes.json").content)["features"]

    assert [(each["properties"]["role"], each["properties"]["code"]) for each in found] == [
        ("parent", COMMUNITY[1]), ("sibling", VACANT_GRID), ("self", GRID[1]),
    ]  # fmt: skip


def test_split_is_looked_at_then_saved_once_however_often_it_is_sent(admin: Client) -> None:
    page = look(admin)
    assert Area.objects.filter(name="西边第三网格").count() == 0
    assert "西边第三网格" in page
    parts = drawing(page)
    assert [each["properties"]["code"] for each in parts["features"]] == [GRID[1], ""]

    answers = [save(admin, page, drawing=json.dumps(parts)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    new = Area.objects.get(name="西边第三网格")
    assert (new.code, AreaChange.objects.filter(kind="split").count()) == ("21010600300603", 2)
    assert "每年调整" in page_of(admin, GRID_PAGE)
    assert "每年调整" in page_of(admin, f"{ADDRESS}{new.code}/")


def test_gap_is_shown_and_saved_only_if_it_is_meant_so(admin: Client) -> None:
    drawn = json.dumps(square(0.02, 0, 0.18, 0.4))
    page = look(admin, "redraw", drawing=drawn)
    assert "data-gaps" in page

    refused = save(admin, page, "redraw", drawing=drawn)
    meant = save(admin, page, "redraw", drawing=drawn, accepts_gaps="on")

    assert (refused.status_code, "gap" in refused.content.decode()) == (422, True)
    assert meant.status_code == 302


def test_areas_above_are_offered_to_follow_and_are_saved_with_it(admin: Client) -> None:
    drawn = json.dumps(square(0, 0, 0.2, 0.45))
    page = look(admin, "redraw", drawing=drawn)
    assert ("data-lifts" in page, 'value="save"' in page) == (True, False)

    page = look(admin, "redraw", drawing=drawn, lifts="on")
    assert ("data-lifts" in page, 'value="save"' in page) == (True, True)
    assert save(admin, page, "redraw", drawing=drawn, lifts="on").status_code == 302
    assert set(AreaChange.objects.values_list("area__code", "part")) == {
        (GRID[1], "redrawn"), (COMMUNITY[1], "redrawn"),
    }  # fmt: skip


def test_overlap_is_shown_and_cannot_be_saved(admin: Client) -> None:
    drawn = json.dumps(square(0, 0, 0.25, 0.4))
    page = look(admin, "redraw", drawing=drawn)

    assert ("data-overlaps" in page, 'value="save"' in page) == (True, False)
    assert save(admin, page, "redraw", drawing=drawn).status_code == 422
    assert not AreaChange.objects.exists()


def test_drawing_comes_as_a_file_too(admin: Client) -> None:
    line = {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [
        [WEST + 0.12 * SIDE, SOUTH - 0.01], [WEST + 0.12 * SIDE, SOUTH + 0.05]]}}  # fmt: skip
    file = SimpleUploadedFile("line.geojson", json.dumps(line).encode())

    page = look(admin, drawing="", drawing_file=file)

    assert len(drawing(page)["features"]) == 2


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("split", {"drawing": ""}, 'name="drawing"'),
        ("split", {"drawing": "abc"}, 'name="drawing"'),
        ("split", {"drawing": "{"}, 'name="drawing"'),
        ("split", {"name": ""}, 'id="name"'),
        ("merge", {}, 'name="others"'),
        ("move", {"parent": ""}, 'name="parent"'),
        ("redraw", {"drawing": LINE}, "data-drawing"),
        ("rename", {"name": "西边第一网格"}, 'id="name"'),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(admin: Client, kind: str, typed: dict[str, str], words: str) -> None:
    answer = admin.post(f"{GRID_PAGE}{kind}/", {**TYPED, "do": "look", **typed})

    page = answer.content.decode()
    assert (answer.status_code, words in page, 'value="每年调整"' in page) == (422, True, True)


def test_merge_move_add_rename_and_close_go_the_same_way(admin: Client) -> None:
    for kind, code, typed in (
        ("merge", GRID[1], {"others": [VACANT_GRID]}),
        ("move", GRID[1], {"parent": COMMUNITY[2], "accepts_gaps": "on"}),
        ("add", COMMUNITY[2], {"name": "东边新网格", "level": "grid", "drawing": ""}),
        ("rename", GRID[2], {"name": "东边大网格"}),
        ("close", "21010600700103", {"on": (timezone.localdate() + timedelta(days=1)).isoformat()}),
    ):
        page = look(admin, kind, code, **typed)
        assert save(admin, page, kind, code, **typed).status_code == 302, kind

    there = Area.objects.filter(district_id=HOME, level_id="grid", ends_on=None).order_by("code")
    assert list(there.values_list("code", "name")) == [
        ("21010600700101", "东边大网格"), ("21010600700102", "西边第一网格"),
    ]  # fmt: skip


def test_planned_change_is_seen_on_its_day_and_later_ones_start_from_it(admin: Client) -> None:
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert save(admin, look(admin, on=day), on=day).status_code == 302

    today, then = (page_of(admin, f"{ADDRESS}{COMMUNITY[1]}/?on={on}") for on in ("", day))
    assert ("21010600300603" in today, "21010600300603" in then) == (False, True)
    form = page_of(admin, f"{GRID_PAGE}split/")
    assert f'min="{day}"' in form
    shapes = json.loads(admin.get(f"{GRID_PAGE}shapes.json").content)["features"]
    assert "21010600300603" in {each["properties"]["code"] for each in shapes}
    early = admin.post(f"{GRID_PAGE}merge/", {"others": [VACANT_GRID], "reason": "x", "do": "look",
                                              "on": timezone.localdate().isoformat()})  # fmt: skip
    assert early.status_code == 422


def test_levels_are_named_in_the_readers_language(admin: Client) -> None:
    admin.cookies["linli_language"] = "en"

    assert "subdistrict" in page_of(admin, f"{ADDRESS}{HOME}/")


def test_district_itself_cannot_be_split(admin: Client) -> None:
    assert admin.get(f"{ADDRESS}{HOME}/split/").status_code == 404
    assert admin.get(f"{ADDRESS}{HOME}/moon/").status_code == 404


@pytest.mark.parametrize("page", ["", "shapes.json", "split/"])
def test_foreign_districts_area_is_not_there(admin: Client, page: str) -> None:
    answer = admin.get(f"{ADDRESS}21010500100601/{page}")

    assert (answer.status_code, "邻近第一网格" in answer.content.decode()) == (404, False)


@pytest.mark.parametrize("page", [ADDRESS, f"{ADDRESS}{HOME}/", f"{GRID_PAGE}shapes.json", f"{GRID_PAGE}split/"])
@pytest.mark.parametrize("role", ["grid_worker", "community_secretary", "security_admin", "district_leader"])
def test_who_does_not_edit_areas_is_refused(district: DemoDistrict, client: Client, role: str, page: str) -> None:
    assert district.login(client, role).get(page).status_code == 403


def test_change_by_who_may_not_is_refused_and_changes_nothing(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_secretary")

    answer = signed_in.post(f"{GRID_PAGE}rename/", {"name": "别名", "reason": "x", "do": "save", "key": "k"})

    assert (answer.status_code, Area.objects.filter(name="别名").exists()) == (403, False)


def take_back_of(page: str) -> str:
    found = re.search(r'href="(/desk/registry/areas/changes/[^"]+)"', page)
    assert found is not None
    return found[1]


def test_planned_change_is_taken_back_after_a_look_and_the_history_says_so(admin: Client) -> None:
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    save(admin, look(admin, on=day), on=day)
    address = take_back_of(page_of(admin, GRID_PAGE))

    shown = page_of(admin, address)
    assert ("西边第三网格" in shown, "每年调整" in shown, "data-stands" in shown) == (True, True, False)
    assert Area.objects.filter(name="西边第三网格", ends_on=None).exists()
    assert admin.post(address, {"reason": ""}).status_code == 422
    answer = admin.post(address, {"reason": "画错了"})

    assert (answer.status_code, answer.headers["Location"]) == (302, GRID_PAGE)
    after = page_of(admin, GRID_PAGE)
    assert ("画错了" in after, "areas/changes" in after) == (True, False)
    assert f'min="{day}"' not in page_of(admin, f"{GRID_PAGE}split/")
    assert admin.post(address, {"reason": "再来"}).status_code == 409
    assert page_of(admin, f"{ADDRESS}21010600300603/")


def test_what_stands_on_a_change_is_said_and_there_is_no_button(district: DemoDistrict, admin: Client) -> None:
    save(admin, look(admin))
    address = take_back_of(page_of(admin, GRID_PAGE))
    district.open_case_in("open", at=timezone.now())

    shown = page_of(admin, address)

    assert ("data-stands" in shown, 'name="reason"' in shown) == (True, False)
    assert admin.post(address, {"reason": "画错了"}).status_code == 409
    assert Area.objects.filter(name="西边第三网格", ends_on=None).exists()


@pytest.mark.parametrize("role", ["grid_worker", "community_secretary", "security_admin", "auditor"])
def test_taking_back_by_who_may_not_is_refused(district: DemoDistrict, client: Client, role: str) -> None:
    save(district.login(client, "system_admin"), look(client))
    address = take_back_of(page_of(client, GRID_PAGE))
    other = district.login(Client(), role)

    assert (other.get(address).status_code, other.post(address, {"reason": "x"}).status_code) == (403, 403)
    assert Area.objects.filter(name="西边第三网格", ends_on=None).exists()
