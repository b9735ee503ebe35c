"""The table of rates: what it counts, by what rules, within whose reach; each number equals its rows."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cases.rated import called_back, rules
from tests.factories.district import AT, PATH, DemoDistrict

from linli.cases.calc import windows
from linli.cases.calc.rate_scheme import LeftOut, RateScheme
from linli.cases.calc.rates import RateRules
from linli.cases.choices import LeftOutKind, RatesBy, Satisfaction, VerifiedBy
from linli.cases.queries.cockpit import get_cockpit
from linli.cases.queries.drilldown import list_behind
from linli.cases.queries.rate_table import (
    TABLE_FIGURES,
    RateLine,
    RatesAsked,
    RateTable,
    get_rates,
    list_rate_rows,
    preview_rates,
)
from linli.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = AT + 8 * HOUR
LIKED, NEARLY, NOT = Satisfaction.SATISFIED, Satisfaction.BASICALLY, Satisfaction.DISSATISFIED


@pytest.fixture
def lived(district: DemoDistrict) -> DemoDistrict:
    """Six call-backs this month and two of the month before, of three categories, and two cases still open."""
    for n, said in enumerate((LIKED, LIKED, NEARLY, NOT, LIKED)):
        called_back(district, at=AT - n * DAY, said=said, category=("noise", "green")[n % 2])
    called_back(district, at=AT - 9 * DAY, said=NEARLY, method=VerifiedBy.VISIT)
    for n in (25, 33):
        called_back(district, at=AT - n * DAY, said=NOT)
    district.open_case_in("compound", community=2, at=AT - 3 * DAY)
    district.open_case_in("street", at=AT - 2 * DAY)
    return district


def table(district: DemoDistrict, role: str = "district_leader", community: int = 1, **asked: Any) -> RateTable:
    return get_rates(viewer=district.viewer(role, community=community), asked=RatesAsked(**asked), at=NOW)


def numbers(line: RateLine) -> tuple[int, ...]:
    said = line.said
    return (line.received, line.closed, said.effective, said.contacted, said.solved, said.satisfied, said.basically,
            said.satisfied + said.basically)  # fmt: skip


@pytest.mark.parametrize("by", RatesBy)
@pytest.mark.parametrize(("role", "community"), [
    ("district_leader", 1), ("community_secretary", 1), ("community_secretary", 2), ("department_head", 1),
])  # fmt: skip
def test_each_number_of_each_line_equals_its_rows(lived: DemoDistrict, by: RatesBy, role: str, community: int) -> None:
    viewer, asked = lived.viewer(role, community=community), RatesAsked(by=by)
    found = get_rates(viewer=viewer, asked=asked, at=NOW)

    def counted(figure: str, key: str | None) -> tuple[int, int]:
        page = list_rate_rows(viewer=viewer, asked=asked, figure=figure, key=key, at=NOW, limit=99)
        return page.total, len(page.rows)

    for line in found.lines:
        shown = dict(zip(TABLE_FIGURES, numbers(line), strict=True))
        assert {figure: counted(figure, line.key) for figure in shown} == {name: (n, n) for name, n in shown.items()}
    whole = RateLine("", "", "", found.whole.received, found.whole.closed, found.whole.said)
    assert [counted(figure, None)[0] for figure in TABLE_FIGURES] == list(numbers(whole))


@pytest.mark.parametrize("by", RatesBy)
def test_whole_is_pooled_from_its_lines(lived: DemoDistrict, by: RatesBy) -> None:
    """Fault: a total row that was the mean of its lines' rates."""
    found = table(lived, by=by)

    assert found.whole.received == sum(line.received for line in found.lines) == 8
    assert found.whole.said.parts == (6, 6, 5, 3, 2)
    assert [rate.tenths for rate in found.whole.said.rates] == [1000, 833, 800]
    assert found.whole.said.together == 837


def test_lines_by_organisation_and_category(lived: DemoDistrict) -> None:
    organisations = table(lived, by=RatesBy.ORGANISATION)
    categories = table(lived, by=RatesBy.CATEGORY)

    assert [(line.name, line.like, line.said.effective) for line in organisations.lines if line.said.effective] == [
        ("西边社区居委会", "residents_committee", 6)
    ]
    assert {line.key: line.said.effective for line in categories.lines if line.said.effective} == {
        "noise": 3, "green": 2, "water_burst": 1,
    }  # fmt: skip


def test_every_case_lies_in_exactly_one_period(lived: DemoDistrict) -> None:
    """Fault: what came in on the last afternoon was in no period, other cases in two."""
    rules(lived, AT, month_begins_on=19, day_begins_at=12, rules=RateRules(smallest_sample=1))
    scheme = RateScheme(month_begins_on=19, day_begins_at=12)
    for kind in windows.KINDS:
        window, received = windows.window_at(kind, NOW, scheme), 0
        spans = [window]
        while window.until > AT - 60 * DAY:
            window = windows.before(window, scheme)
            spans.append(window)
        received = [table(lived, kind=kind, first=span.first).whole.received for span in spans]
        assert sum(received) == 10, kind
        assert all(later.since == earlier.until for later, earlier in pairwise(spans))


def test_unit_without_call_backs_has_no_rate_and_no_place(lived: DemoDistrict) -> None:
    """Fault: no valid call-back counted as 0 points, the last place."""
    rules(lived, AT, has_places=True, rules=RateRules(smallest_sample=1))

    found = table(lived, area_path="210106")

    assert [(line.key, line.place, line.said.together) for line in found.lines] == [
        ("210106003", 1, 837), ("210106007", None, None)
    ]  # fmt: skip


def test_too_small_a_sample_has_no_place(lived: DemoDistrict) -> None:
    rules(lived, AT, has_places=True, rules=RateRules(smallest_sample=7))

    assert [line.place for line in table(lived).lines] == [None, None]


def test_lists_go_by_code_where_no_places_are_wanted(lived: DemoDistrict) -> None:
    found = table(lived)

    assert [(line.key, line.place) for line in found.lines] == [("210106003", None), ("210106007", None)]


def test_compared_with_the_month_before_as_far_and_with_no_year_without_data(lived: DemoDistrict) -> None:
    """Fault: growth from nothing was shown as +100 %."""
    district_began = table(lived, first=AT.date() - 30 * DAY)
    chosen = table(lived, kind="custom", first=AT.date() - 6 * DAY, last=AT.date())

    assert (district_began.before, district_began.year_before) == (None, None)
    assert chosen.year_before is None
    assert chosen.before is not None
    assert (chosen.before.received, chosen.before.said.effective) == (1, 1)


@pytest.mark.parametrize(("changed", "effective"), [
    ({"methods": ("call",)}, 5),
    ({"left_out": (LeftOut(LeftOutKind.CATEGORY, "noise", "另有考核"),)}, 3),
    ({"left_out": (LeftOut(LeftOutKind.SOURCE, "portal", "另有考核"),)}, 0),
    ({"left_out": (LeftOut(LeftOutKind.SOURCE, "hotline", "另有考核"),)}, 6),
])  # fmt: skip
def test_what_counts_as_a_call_back_is_data_for_table_board_and_rows(
    lived: DemoDistrict, changed: dict[str, Any], effective: int
) -> None:
    rules(lived, AT, **changed)
    leader = lived.viewer("district_leader")

    found = table(lived)

    board = get_cockpit(viewer=leader, period_name="month", area_path="", at=NOW)
    rows = list_behind(viewer=leader, figure="effective", period_name="month", area_path="", at=NOW)
    mine = list_rate_rows(viewer=leader, asked=RatesAsked(), figure="effective", key=None, at=NOW)
    assert (found.whole.said.effective, board.said.effective, rows.total, mine.total) == (effective,) * 4
    assert found.whole.received == 8
    assert board.said == found.whole.said


def test_figures_can_be_seen_by_an_older_version(lived: DemoDistrict) -> None:
    number = rules(lived, AT, rules=RateRules(weights=(30, 35, 35), basically_percent=50))

    assert (number, table(lived).number, table(lived).whole.said.together) == (2, 2, 825)
    assert table(lived, number=1).whole.said.together == 837
    with pytest.raises(NotFound):
        table(lived, number=9)


def test_preview_lays_old_and_new_side_by_side_and_changes_nothing(lived: DemoDistrict) -> None:
    keeper = lived.viewer("catalogue_keeper")
    content = {
        "rules": {"weights": [30, 35, 35], "basically_percent": 50, "smallest_sample": 1}, "methods": ["call"],
        "left_out": [], "month_begins_on": 1, "day_begins_at": 0, "has_places": False,
    }  # fmt: skip

    preview = preview_rates(viewer=keeper, content=content, follows=1, at=NOW)

    assert (preview.old.whole.said.together, preview.new.whole.said.together) == (837, 825)
    assert [(key, old and old.said.effective, new and new.said.effective) for key, old, new in preview.pairs()] == [
        ("210106003", 6, 5), ("210106007", 0, 0),
    ]  # fmt: skip
    assert [(counts.due, counts.on_time) for counts in preview.due] == [(1, 1), (1, 1)]
    assert table(lived).number == 1
    with pytest.raises(Conflict):
        preview_rates(viewer=keeper, content=content, follows=0, at=NOW)
    with pytest.raises(NotAllowed):
        preview_rates(viewer=lived.viewer("district_leader"), content=content, follows=1, at=NOW)


@pytest.mark.parametrize("asked", [
    {"kind": "fortnight"}, {"kind": "custom"}, {"kind": "custom", "first": AT.date(), "last": AT.date() - DAY},
    {"kind": "custom", "first": AT.date() - 5000 * DAY, "last": AT.date()},
])  # fmt: skip
def test_stretch_that_is_none_is_refused(district: DemoDistrict, asked: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        table(district, **asked)


@pytest.mark.parametrize(("by", "row"), [(RatesBy.ORGANISATION, "x"), (RatesBy.PERIOD, "x")])
def test_line_that_is_none_is_refused(district: DemoDistrict, by: RatesBy, row: str) -> None:
    with pytest.raises(InvalidInput):
        list_rate_rows(
            viewer=district.viewer("district_leader"), asked=RatesAsked(by=by), figure="opened", key=row, at=NOW
        )


def test_nothing_of_other_areas_is_counted(lived: DemoDistrict) -> None:
    assert table(lived, "community_secretary", community=2).whole.received == 1
    assert table(lived, "community_secretary", community=2, area_path=PATH[1]).whole.received == 0
    assert table(lived, "away-community_secretary", area_path=PATH[1]).whole.received == 0


@pytest.mark.parametrize("by", RatesBy)
def test_table_asks_the_same_for_few_and_many(district: DemoDistrict, by: RatesBy) -> None:
    for n in (2, 60):
        called_back(district, at=AT - n * DAY)
    table(district, by=by)
    with CaptureQueriesContext(connection) as few:
        table(district, by=by)
    for n in range(8):
        called_back(district, at=AT - n * DAY, category=("noise", "green", "water_burst", "other")[n % 4])

    with CaptureQueriesContext(connection) as many:
        table(district, by=by)

    assert len(few) == len(many) <= 15
