"""Tabs over a list: what a person keeps is shown to that person alone, counted with the others in one query."""

import re
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.district import AT, PATH, DemoDistrict

from linli.cases.actions.views import keep_view
from linli.cases.queries.lists import CaseFilter
from linli.cases.queries.views import list_views

_TAB = re.compile(r'<a href="([^"]*)"( aria-current="page")?>([^<]*)<b data-tab-count>([^<]*)</b>')
SECRET = "王家的事"


def keep(district: DemoDistrict, role: str, name: str, *, box: str = "open", category: str = "water_burst") -> UUID:
    wanted = CaseFilter(box=box, category=category)
    return keep_view(name=name, wanted=wanted, by=district.viewer(role), at=AT)


def tabs_of(page: str) -> list[tuple[str, str, bool]]:
    """Read label, count and whether it is the present one off a page."""
    return [(label, count, bool(current)) for _url, current, label, count in _TAB.findall(page)]


def test_filters_are_kept_as_a_tab_with_its_count(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")
    for category in ("water_burst", "noise"):
        district.open_case_in(category=category, at=timezone.now())

    sent = {"box": "open", "query": "category=noise", "name": "太吵"}
    answer = signed_in.post("/desk/views/keep/", sent, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain == [("/desk/open/?category=noise", 302)]
    assert [(label, count) for label, count, is_on in tabs_of(page) if is_on] == [("太吵", "1")]
    assert [count for _label, count, _is_on in tabs_of(page)][:2] == ["2", "0"]


def test_tab_is_the_present_one_in_whatever_order_the_stages_are_said(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")
    signed_in.post("/desk/views/keep/", {"box": "", "query": "state=accepted&state=handling", "name": "在做的"})

    page = signed_in.get("/desk/cases/?state=handling&state=accepted").content.decode()

    assert [tab for tab in tabs_of(page) if tab[2]] == [("在做的", "0", True)]


@pytest.mark.parametrize("page", ["/desk/open/", "/desk/views/", "/desk/"])
@pytest.mark.parametrize("role", ["community_secretary", "district_leader", "system_admin"])
def test_tab_is_shown_to_its_owner_alone(district: DemoDistrict, client: Client, page: str, role: str) -> None:
    keep(district, "community_clerk", SECRET)

    answer = district.login(client, role).get(page, follow=True)

    assert (answer.status_code, SECRET in answer.content.decode()) == (200, False)


@pytest.mark.parametrize("page", ["/desk/open/", "/desk/views/"])
def test_tab_is_shown_to_its_owner(district: DemoDistrict, client: Client, page: str) -> None:
    keep(district, "community_clerk", SECRET)

    assert SECRET in district.login(client, "community_clerk").get(page).content.decode()


@pytest.mark.parametrize("do", ["rename", "left", "right", "delete"])
def test_tab_of_somebody_else_is_not_there(district: DemoDistrict, client: Client, do: str) -> None:
    view_id = keep(district, "community_clerk", SECRET)

    answer = district.login(client, "community_secretary").post(f"/desk/views/{view_id}/", {"do": do, "name": "x"})

    assert (answer.status_code, SECRET in answer.content.decode()) == (404, False)
    assert [view.name for view in list_views(viewer=district.viewer("community_clerk"))] == [SECRET]


def test_count_on_a_tab_passes_the_rights_filter(district: DemoDistrict, client: Client) -> None:
    district.open_case_in(community=1, at=timezone.now())
    keep(district, "community_clerk", "爆管")
    clerk = district.viewer("community_clerk", community=2)
    keep_view(name="爆管", wanted=CaseFilter(box="open", category="water_burst"), by=clerk, at=AT)

    pages = [
        district.login(Client(), "community_clerk", community=community).get("/desk/open/").content.decode()
        for community in (1, 2)
    ]

    assert [tabs_of(page)[-1] for page in pages] == [("爆管", "1", False), ("爆管", "0", False)]


def test_name_that_is_taken_is_told_and_kept_in_the_field(district: DemoDistrict, client: Client) -> None:
    keep(district, "community_clerk", "爆管")
    signed_in = district.login(client, "community_clerk")

    answer = signed_in.post("/desk/views/keep/", {"box": "open", "query": "category=noise", "name": "爆管"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="name" value="爆管"' in page
    assert 'id="view-error"' in page
    assert 'hx-get="/desk/open/?category=noise"' in page


def test_area_of_another_district_is_not_kept(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "community_clerk")

    answer = signed_in.post("/desk/views/keep/", {"box": "open", "query": "area=210105", "name": "别处"})

    assert answer.status_code == 422
    assert list_views(viewer=district.viewer("community_clerk")) == []


def test_tabs_are_renamed_moved_and_deleted(district: DemoDistrict, client: Client) -> None:
    first, second = (keep(district, "community_clerk", name) for name in ("一", "二"))
    signed_in = district.login(client, "community_clerk")

    for view_id, sent in ((first, {"do": "rename", "name": "三"}), (second, {"do": "left"})):
        signed_in.post(f"/desk/views/{view_id}/", sent)
    names = [view.name for view in list_views(viewer=district.viewer("community_clerk"))]
    signed_in.post(f"/desk/views/{second}/", {"do": "delete"})

    assert names == ["二", "三"]
    assert [view.name for view in list_views(viewer=district.viewer("community_clerk"))] == ["三"]


def test_wrong_new_name_is_told_beside_its_tab(district: DemoDistrict, client: Client) -> None:
    view_id = keep(district, "community_clerk", "一")

    answer = district.login(client, "community_clerk").post(f"/desk/views/{view_id}/", {"do": "rename", "name": " "})

    assert (answer.status_code, f'id="error-{view_id}"' in answer.content.decode()) == (422, True)


def test_views_say_what_they_ask_for(district: DemoDistrict, client: Client) -> None:
    wanted = CaseFilter(box="open", area_path=PATH[1], category="water_burst", light="late", q="水管", sort="priority")
    keep_view(name="一", wanted=wanted, by=district.viewer("community_clerk"), at=AT)

    page = district.login(client, "community_clerk").get("/desk/views/").content.decode()

    assert "“水管” · 西边社区 · " in page


@pytest.mark.parametrize("page", ["/desk/", "/desk/open/?light=late"])
def test_list_asks_the_same_whatever_rows_and_tabs_there_are(district: DemoDistrict, client: Client, page: str) -> None:
    signed_in, counts = district.login(client, "district_dispatcher"), []
    for rows in (1, 2):
        for _n in range(rows):
            district.open_case_in("vacant")
        for views in range(2):
            for n in range(5 * views):
                keep(district, "district_dispatcher", f"{rows}{n}", box="open" if rows == 1 else "todo")
            signed_in.get(page)  # what is read once a version is read now
            with CaptureQueriesContext(connection) as asked:
                signed_in.get(page)
            counts.append(len(asked))

    assert len(set(counts)) == 1
