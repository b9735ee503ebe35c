"""Tables of figures through the API: the same numbers as the pages', for whoever may see these."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.cases.rated import called_back
from tests.cases.test_whistling import ELDER, arrive, blow
from tests.edges.api.calling import Calling, counting, statements
from tests.factories.district import COMMUNITY, GRID

from linli.cases.actions.supervising import Demand, open_supervision
from linli.cases.choices import Action, RatesBy, Satisfaction, SupervisionReason
from linli.cases.queries.due_table import get_due
from linli.cases.queries.rate_table import get_rates
from linli.cases.queries.rates_asked import RatesAsked
from linli.cases.queries.watched_table import get_watched

DAY = timedelta(days=1)
TABLES = ("rates", "due", "watched", "whistles", "returned")


def told(calling: Calling, table: str, *, role: str = "district_leader", community: int = 1, **asked: Any) -> Any:
    answer = calling.as_(role, community=community).get(f"/api/v1/{table}", asked)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def test_rates_are_those_of_the_page_by_whatever_they_are_cut(calling: Calling) -> None:
    at = timezone.now() - DAY / 1000
    for said in (Satisfaction.SATISFIED, Satisfaction.BASICALLY):
        called_back(calling.district, at=at, said=said)
    for by in RatesBy:
        found = told(calling, "rates", by=by, kind="year")
        viewer = calling.district.viewer("district_leader")
        table = get_rates(viewer=viewer, asked=RatesAsked("year", by=by), at=timezone.now())
        assert len(table.lines) > 0
        assert [(line["key"], line["received"], line["closed"]) for line in found["lines"]] == [
            (line.key, line.received, line.closed) for line in table.lines
        ]
    whole = found["whole"]
    assert (whole["received"], whole["rates"][2]["numerator"], whole["rates"][2]["percent"]) == (2, "1.9", 95.0)
    assert (whole["rates"][0]["denominator"], whole["rates"][0]["is_sampled"], found["rules"]) == (2, False, 1)


def test_due_is_that_of_the_page(calling: Calling) -> None:
    at = timezone.now()
    district, worker = calling.district, calling.district.actor("grid_worker")
    district.handled(district.open_case_in("compound", at=at - 20 * DAY), by=worker)
    district.open_case_in("compound", at=at - 20 * DAY)
    asked = {"kind": "custom", "on": (at - 30 * DAY).date().isoformat(), "last": at.date().isoformat()}
    found = told(calling, "due", **asked)
    page = get_due(viewer=district.viewer("district_leader"), at=at,
                   asked=RatesAsked("custom", (at - 30 * DAY).date(), at.date()))  # fmt: skip

    assert found["whole"] | {"shares": [], "key": "", "name": ""} == {
        "key": "", "name": "", "shares": [], "due": 2, "on_time": page.whole.on_time, "late": page.whole.late,
        "undone": page.whole.undone, "held": 0, "extended": 0,
    }  # fmt: skip
    assert found["left_out"] == list(page.scheme.due_without)
    assert told(calling, "due", **asked, area=COMMUNITY[2])["whole"]["due"] == 0
    assert told(calling, "due", role="community_secretary", community=2, **asked)["whole"]["due"] == 0


def test_watched_is_that_of_the_page_within_reach(calling: Calling) -> None:
    at, district = timezone.now(), calling.district
    case = district.open_case_in("compound", at=at - DAY)
    demand = Demand(SupervisionReason.OVERDUE, "三天内说明", (at + 3 * DAY).date())
    open_supervision(district_id=district.id, case_id=case.id, demand=demand, at=at,
                     by=district.viewer("subdistrict_secretary"))  # fmt: skip
    for by in RatesBy:
        found = told(calling, "watched", by=by)
        page = get_watched(viewer=district.viewer("district_leader"), asked=RatesAsked(by=by), at=timezone.now())
        assert [(line["key"], line["supervised"]) for line in found["lines"]] == [
            (line.key, line.counts.supervised) for line in page.lines
        ]
    assert (found["whole"]["supervised"], found["whole"]["red"]) == (1, 0)
    assert told(calling, "watched", role="community_secretary", community=2)["whole"]["supervised"] == 0
    assert told(calling, "watched", area=COMMUNITY[2])["whole"]["supervised"] == 0


def test_whistles_and_returns_are_counted_by_who_they_were_for_and_who_did(calling: Calling) -> None:
    at = timezone.now()
    district = calling.district
    case = district.open_case_in(**ELDER, at=at - DAY)
    blow(district, case, "office_1", lead="water_repair", at=at - DAY)
    arrive(district, case, at=at)
    sent = district.open_case_in("compound", at=at - DAY)
    district.take(sent, Action.RETURN, by=district.actor("grid_worker"), reason="beyond_power")
    whistled, returns = told(calling, "whistles"), told(calling, "returned")

    office = str(district.organisations["water_repair"])
    mine = next(each for each in whistled["items"] if each["organisation_id"] == office)
    assert (whistled["whole"]["calls"], mine["calls"], mine["in_time"] + mine["late"]) == (2, 1, 1)
    assert (returns["total"]["returns"], returns["by_reason"][0]["key"], returns["by_organisation"][0]["name"]) == (
        1, "beyond_power", "西边社区居委会",
    )  # fmt: skip
    far: dict[str, Any] = {"role": "community_secretary", "community": 2}
    assert told(calling, "whistles", **far)["whole"]["calls"] == told(calling, "returned", **far)["total"]["cases"] == 0


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_refused_to_who_may_not_see_them(calling: Calling, table: str) -> None:
    assert calling.as_("auditor").get(f"/api/v1/{table}").status_code == 403
    assert (calling.as_("grid_worker").get(f"/api/v1/{table}").status_code == 403) == (
        table in {"rates", "due", "watched"}
    )


@pytest.mark.parametrize(("table", "asked"), [
    ("rates", {"by": "person"}), ("due", {"kind": "custom"}), ("rates", {"area": "999999999"}),
    ("watched", {"area": "210105"}),
    ("whistles", {"since": "2026-12-01", "until": "2026-11-01"}), ("returned", {"since": "1999-01-01"}),
    ("rates", {"period": "month"}), ("rates", {"rules": "-1"}),
])  # fmt: skip
def test_what_can_not_be_asked_is_said(calling: Calling, table: str, asked: dict[str, str]) -> None:
    assert calling.as_("district_leader").get(f"/api/v1/{table}", asked).status_code == 422


@pytest.mark.parametrize(
    ("table", "most"), [("rates", 17), ("due", 12), ("watched", 13), ("whistles", 9), ("returned", 9)]
)
def test_tables_ask_the_same_for_one_and_five_cases(calling: Calling, table: str, most: int) -> None:
    client, counts = calling.as_("district_leader"), []
    for n in (1, 4):
        for _ in range(n):
            called_back(calling.district, at=timezone.now())
        client.get(f"/api/v1/{table}", {"area": GRID[1]} if table in {"rates", "due", "watched"} else {})
        with counting() as caught:
            client.get(f"/api/v1/{table}")
        counts.append(len(statements(caught)))
    assert counts[0] == counts[1] <= most
