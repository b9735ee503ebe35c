"""What became of whistles, office by office: each number equals its calls, and nobody's beyond reach are counted."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cases.rated import rules
from tests.cases.test_whistling import ELDER, arrive, blow
from tests.factories.district import AT, HOME, DemoDistrict

from linli.cases.actions.whistling import Marks, Whistled, evaluate_help, give_opinion, take_call_back, whistle
from linli.cases.calc.rates import RateRules
from linli.cases.choices import Action
from linli.cases.models import Case
from linli.cases.queries.whistle_figures import (
    MARKS,
    WHISTLE_FIGURES,
    CalledLine,
    CallsAsked,
    WhistleFigures,
    count_calls,
    list_calls,
)
from linli.kernel.errors import NotFound

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = AT + 5 * DAY  # every call's two working days are over
ALL = CallsAsked(AT - DAY, NOW)


def evaluate(district: DemoDistrict, case: Case, code: str, speed: str, result: str, community: int = 1) -> Case:
    return evaluate_help(
        district_id=HOME, case_id=case.id, marks=Marks(district.organisations[code], speed, result),
        by=district.actor("community_clerk", community=community), at=AT + 3 * DAY,
    )  # fmt: skip


@pytest.fixture
def lived(district: DemoDistrict) -> DemoDistrict:
    """Let two communities call offices.

    Community 1: the water repair twice, there in time and late; the heating office once taken back, once never there,
    once over with the case; another one long ago. Community 2: the heating office.
    """
    first, second, third = (district.open_case_in(**ELDER) for _ in range(3))
    blow(district, first, "water_repair", "heating_office")
    arrive(district, first)
    give_opinion(district_id=HOME, case_id=first.id, note="管子要换", by=district.actor("department_handler"),
                 at=AT + 2 * HOUR)  # fmt: skip
    evaluate(district, first, "water_repair", "quick", "solved")
    blow(district, second, "water_repair", "heating_office")
    arrive(district, second, at=AT + 4 * DAY)
    evaluate(district, second, "water_repair", "late", "unsolved")
    take_call_back(district_id=HOME, case_id=second.id, organisation_id=district.organisations["heating_office"],
                   note="", version=None, by=district.actor("community_clerk"), at=AT + 2 * HOUR)  # fmt: skip
    blow(district, third, "heating_office")
    clerk = district.actor("community_clerk")
    district.handled(third, by=clerk)
    for action in (Action.VERIFY, Action.CLOSE):
        district.take(third, action, by=clerk, after=2 * HOUR)
    other = district.open_case_in(community=2, **ELDER)
    whistled = Whistled([district.organisations["heating_office"]], "请到场", None)
    whistle(district_id=HOME, case_id=other.id, whistled=whistled, by=district.actor("community_clerk", community=2),
            at=AT)  # fmt: skip
    blow(district, district.open_case_in(**ELDER), "office_1", at=AT - 40 * DAY)
    return district


def counted(district: DemoDistrict, role: str = "district_leader", community: int = 1) -> WhistleFigures:
    return count_calls(viewer=district.viewer(role, community=community), asked=ALL, at=NOW)


def told(line: CalledLine) -> tuple[int, ...]:
    return tuple(line.numbers[name] for name in WHISTLE_FIGURES)


def test_calls_stand_by_office_and_all_together(lived: DemoDistrict) -> None:
    found = counted(lived)

    assert {line.name: told(line) for line in found.lines} == {
        "供水抢修中心": (2, 1, 1, 0, 1, 2), "供热办": (3, 0, 0, 2, 0, 0),
    }  # fmt: skip
    assert told(found.whole) == (5, 1, 1, 2, 1, 2)
    assert dict(found.whole.marks["speed"]) == {"quick": 1, "late": 1}
    assert dict(found.whole.marks["result"]) == {"solved": 1, "unsolved": 1}
    assert (found.speeds, found.results) == (("quick", "in_time", "late"), ("solved", "partly", "unsolved"))


@pytest.mark.parametrize(("role", "community"), [
    ("district_leader", 1), ("community_secretary", 1), ("community_secretary", 2), ("department_handler", 1),
    ("department_head", 1), ("grid_worker", 2),
])  # fmt: skip
def test_every_number_equals_its_calls_for_everybody(lived: DemoDistrict, role: str, community: int) -> None:
    viewer, found = lived.viewer(role, community=community), counted(lived, role, community)

    def listed(line: CalledLine, figure: str, mark: str = "") -> int:
        asked = CallsAsked(ALL.since, ALL.until, line.office)
        page = list_calls(viewer=viewer, asked=asked, figure=figure, mark=mark, at=NOW, limit=99)
        assert all(row.row for row in page.rows)
        assert len(page.rows) == page.total
        return page.total

    for line in (*found.lines, found.whole):
        assert tuple(listed(line, figure) for figure in WHISTLE_FIGURES) == told(line)
        for mark in MARKS:
            assert {code: listed(line, mark, code) for code in line.marks[mark]} == dict(line.marks[mark])


def test_nobody_counts_calls_about_cases_beyond_reach(lived: DemoDistrict) -> None:
    """Who was called sees the calls to all offices of that case, as on its page."""
    assert told(counted(lived, "community_secretary", 2).whole) == (1, 0, 0, 1, 0, 0)
    assert told(counted(lived, "department_handler").whole) == (3, 1, 1, 1, 1, 2)
    assert told(counted(lived, "property_manager").whole) == (0,) * 6
    assert told(counted(lived, "away-community_secretary").whole) == (0,) * 6


def test_too_few_calls_have_no_share(lived: DemoDistrict) -> None:
    def shares() -> list[tuple[int | None, bool]]:
        found = counted(lived)
        return [(line.share_in_time.tenths, line.share_in_time.is_sampled) for line in (*found.lines, found.whole)]

    assert [is_sampled for _tenths, is_sampled in shares()] == [False, False, False]
    rules(lived, AT, rules=RateRules(smallest_sample=2))
    assert sorted(shares(), key=str) == [(0, True), (250, True), (500, True)]
    assert counted(lived).whole.share("speed", "quick").tenths == 500


def test_figure_that_is_none_is_refused(district: DemoDistrict) -> None:
    with pytest.raises(NotFound):
        list_calls(viewer=district.viewer("district_leader"), asked=ALL, figure="persons", mark="", at=NOW)


@pytest.mark.parametrize("role", ["district_leader", "community_secretary", "department_handler"])
def test_figures_ask_the_same_for_few_and_many(district: DemoDistrict, role: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            counted(district, role)
        return len(captured)

    blow(district, district.open_case_in(**ELDER), "water_repair")
    counted(district, role)
    few = asked()
    for _ in range(3):
        blow(district, district.open_case_in(**ELDER), "water_repair", "heating_office", "office_1")

    assert few == asked() <= 7
