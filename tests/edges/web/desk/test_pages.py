"""Every page opens in both languages, says nothing undefined, and holds no style attribute or inline script."""

import re

import pytest
from django.test import Client
from tests.factories.district import DemoDistrict

PAGES = (
    "/desk/", "/desk/done/", "/desk/mine/", "/desk/overdue/", "/desk/open/", "/desk/verify/", "/desk/queue/",
    "/desk/cases/", "/desk/cases/new/", "/desk/open/?sort=priority&light=ok&q=水管", "/cockpit/",
    "/cockpit/?period=today", "/cockpit/rates/", "/cockpit/rates/?by=organisation", "/cockpit/rates/rows/closed/",
    "/cockpit/due/", "/cockpit/due/?by=period", "/cockpit/due/rows/late/", "/cockpit/watched/",
    "/cockpit/watched/rows/red/",
    "/desk/whistles/", "/desk/whistles/rows/calls/", "/desk/returns/",
    "/cockpit/rows/opened/", "/cockpit/rows/effective/", "/map/", "/desk/registers/", "/desk/registers/cases/",
    "/desk/registers/closed/", "/desk/registers/verifications/", "/desk/registers/facts/", "/desk/rules/",
)  # fmt: skip
KINDS = ("categories", "workflow", "dispatch", "deadlines", "priority", "rates")
KEEPER_PAGES = (
    *(f"/desk/rules/{kind}/{more}" for kind in KINDS for more in ("", "edit/", "1/")),
    "/desk/calendar/",
    "/desk/calendar/edit/",
)
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|‼undefined")


def faults(client: Client, pages: tuple[str, ...]) -> dict[str, tuple[int, list[str]]]:
    """Open pages; give the status and what should not be in them, of those that are not as they should be."""
    answers = {page: client.get(page) for page in pages}
    found = {page: (answer.status_code, _INLINE.findall(answer.content.decode())) for page, answer in answers.items()}
    return {page: fault for page, fault in found.items() if fault != (200, [])}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_opens_in_both_languages(district: DemoDistrict, client: Client, language: str) -> None:
    district.open_case_in("compound")
    district.open_case_in("vacant")
    client.cookies["linli_language"] = language

    assert faults(district.login(client, "district_dispatcher"), PAGES) == {}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("page", ["/desk/", "/desk/queue/", "/map/", "/desk/whistles/", "/desk/returns/"])
def test_day_that_nothing_can_be_counted_from_is_refused(
    district: DemoDistrict, client: Client, page: str, day: str
) -> None:
    assert district.login(client, "district_dispatcher").get(page, {"until": day}).status_code == 422


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_rules_page_opens_in_both_languages(district: DemoDistrict, client: Client, language: str) -> None:
    client.cookies["linli_language"] = language

    assert faults(district.login(client, "catalogue_keeper"), KEEPER_PAGES) == {}


@pytest.mark.parametrize("role", ["grid_worker", "community_clerk", "subdistrict_dispatcher", "call_back_clerk"])
@pytest.mark.parametrize("is_part", [True, False])
def test_case_page_opens(district: DemoDistrict, client: Client, role: str, *, is_part: bool) -> None:
    case = district.open_case_in("compound")
    district.open_case_in("compound")
    signed_in = district.login(client, role)

    answer = signed_in.get(f"/desk/cases/{case.id}/", headers={"HX-Request": "true"} if is_part else {})

    text = answer.content.decode()
    assert (answer.status_code, _INLINE.findall(text), "<html" in text) == (200, [], not is_part)
