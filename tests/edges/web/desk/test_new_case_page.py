"""Writing a case down for somebody: the place found by its name, open cases nearby shown once, a caller joined."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.edges.api.calling import photo
from tests.factories.district import BURST, COMMUNITY, DemoDistrict

from linli.cases.models import Case, CaseFile, Reporter

pytestmark = pytest.mark.usefixtures("contexts")

PAGE = "/desk/cases/new/"
SECRET = "地下室有个特别的气味，水管爆裂"


@pytest.fixture
def clerk(district: DemoDistrict, client: Client) -> Client:
    return district.login(client, "community_clerk")


def sent(district: DemoDistrict, *, text: str = BURST, **more: Any) -> dict[str, Any]:
    """Fill the form as its page does, with the pin in the compound."""
    point = district.point_in("compound")
    place = {"lng": str(point.lng), "lat": str(point.lat), "crs": point.crs}
    return {"text": text, "category": "water_burst", "key": "one", "go": "send", **place, **more}


def seen(page: HttpResponse) -> list[str]:
    return re.findall(r'name="seen" value="([0-9a-f-]{36})"', page.content.decode())


def test_case_is_written_down_at_the_pin(district: DemoDistrict, clerk: Client) -> None:
    answer = clerk.post(PAGE, sent(district, phone="024-55550123"))

    case = Case.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/cases/{case.id}/")
    assert (case.source, case.text, case.area_path.startswith("210106/210106003"), Reporter.objects.count()) == (
        "desk", BURST, True, 1
    )  # fmt: skip


def test_sent_twice_it_is_written_down_once(district: DemoDistrict, clerk: Client) -> None:
    first = clerk.post(PAGE, sent(district))
    again = clerk.post(PAGE, sent(district, seen=[str(Case.objects.get().id)]))

    assert (first.headers["Location"], Case.objects.count()) == (again.headers["Location"], 1)


def test_chosen_area_goes_before_the_pin(district: DemoDistrict, clerk: Client) -> None:
    clerk.post(PAGE, sent(district, area=COMMUNITY[1]))

    assert (Case.objects.get().lng, Case.objects.get().area_path.split("/")[-1]) == (None, COMMUNITY[1])


def test_place_is_found_by_its_name_and_taken_over(district: DemoDistrict, clerk: Client) -> None:
    found = clerk.post(PAGE, sent(district, lng="", lat="", place_q="花园小区 12栋", go="find"))
    [value] = re.findall(r'name="place" value="([^"]+)"', found.content.decode())
    taken = clerk.post(PAGE, sent(district, lng="", lat="", place_q="花园小区 12栋", place=value))

    form = taken.context["form"]
    assert (form["address"], form["lng"], Case.objects.count()) == ("花园小区12号楼", value.split("|")[0], 0)


def test_enter_in_the_place_field_looks_before_it_writes(district: DemoDistrict, clerk: Client) -> None:
    looked = clerk.post(PAGE, sent(district, place_q="花园小区", go="enter"))
    assert (looked.status_code, Case.objects.count()) == (200, 0)

    written = clerk.post(PAGE, sent(district, place_q="花园小区", place_found="花园小区", go="enter"))
    assert (written.status_code, Case.objects.count()) == (302, 1)


@pytest.mark.parametrize(("community", "names"), [(1, ["花园小区"]), (2, [])])
def test_places_beyond_the_post_are_not_found(
    district: DemoDistrict, client: Client, community: int, names: list[str]
) -> None:
    signed_in = district.login(client, "community_clerk", community=community)

    places = signed_in.post(f"{PAGE}places/", {"place_q": "花园小区"}).context["places"]

    assert [place.name for place in places] == names


def test_open_case_nearby_is_shown_once_before_another_is_made(district: DemoDistrict, clerk: Client) -> None:
    known = district.open_case_in("compound", at=timezone.now())

    asked = clerk.post(PAGE, sent(district))
    assert (asked.status_code, seen(asked), Case.objects.count()) == (200, [str(known.id)], 1)

    written = clerk.post(PAGE, sent(district, seen=seen(asked)))
    assert (written.status_code, Case.objects.count()) == (302, 2)


def test_caller_joins_with_contact_and_photo(district: DemoDistrict, clerk: Client) -> None:
    known = district.open_case_in("compound", at=timezone.now())

    answer = clerk.post(PAGE, sent(district, join=str(known.id), phone="024-55550123", photos=photo()))

    known.refresh_from_db()
    assert (answer.headers["Location"], known.reporters, Case.objects.count()) == (f"/desk/cases/{known.id}/", 2, 1)
    assert (CaseFile.objects.get().case_id, Reporter.objects.count()) == (known.id, 1)


def test_case_beyond_reach_is_told_by_its_kind_alone(district: DemoDistrict, client: Client) -> None:
    district.open_case_in("compound", text=SECRET, at=timezone.now())
    stranger = district.login(client, "community_clerk", community=2)

    piece = stranger.post(f"{PAGE}alike/", sent(district)).content.decode()

    assert (len(re.findall('name="seen"', piece)), SECRET[:6] in piece, "/desk/cases/" in piece) == (1, False, False)


@pytest.mark.parametrize("path", ["", "places/", "alike/"])
def test_auditor_writes_nothing_down(district: DemoDistrict, client: Client, path: str) -> None:
    answer = district.login(client, "auditor").post(f"{PAGE}{path}", sent(district))

    assert (answer.status_code, Case.objects.count()) == (403, 0)


def test_fault_keeps_what_was_typed(district: DemoDistrict, clerk: Client) -> None:
    answer = clerk.post(PAGE, sent(district, text="", address="花园小区门口"))

    form = answer.context["form"]
    assert (answer.status_code, form["address"], answer.context["field"]) == (422, "花园小区门口", "text")
