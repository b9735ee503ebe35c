"""Supervisions and cards as figures: within whose reach, what counts nowhere, and each number equals its rows."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cases.test_supervising import DEMAND, HOUR, at
from tests.factories.district import AT, AWAY, COMMUNITY, PATH, DemoDistrict

from linli.cases.actions.supervising import (
    NewCard,
    answer_supervision,
    end_supervision,
    give_cards,
    miss_supervisions,
    open_supervision,
    rule_on_card,
)
from linli.cases.choices import CardColour, CardReason, RatesBy, SupervisionState
from linli.cases.models import Card, Case, Supervision
from linli.cases.queries.rates_asked import RatesAsked
from linli.cases.queries.watched_table import (
    WATCHED_FIGURES,
    WatchedCounts,
    WatchedTable,
    get_watched,
    list_watched_rows,
)
from linli.kernel.errors import InvalidInput, NotFound

DAY = timedelta(days=1)
NOW = AT + 40 * DAY
ALL: dict[str, Any] = {"kind": "custom", "first": AT.date() - 17 * DAY, "last": AT.date() + 43 * DAY}
ASKING = (("district_leader", 1), ("community_secretary", 1), ("community_secretary", 2), ("department_head", 1))


def card(case: Case, colour: CardColour, once: str, *, given: datetime = AT + HOUR) -> Card:
    organisation = case.organisation_id
    assert organisation is not None
    give_cards([NewCard(case, organisation, colour, CardReason.OVERDUE, once)], at=given)
    return Card.objects.get(case=case, once=once)


def watched(district: DemoDistrict, *, community: int = 1, **more: Any) -> tuple[Case, Any]:
    case = district.open_case_in("compound", community=community, **more)
    by = district.viewer("subdistrict_secretary", community=community)
    row = open_supervision(district_id=district.id, case_id=case.id, demand=DEMAND, by=by, at=AT + HOUR)
    return case, row


@pytest.fixture
def lived(district: DemoDistrict) -> DemoDistrict:
    """One answered and closed, one missed (a red card), one called off; two yellow cards, one taken back; one away."""
    leader, about = district.viewer("subdistrict_secretary"), {"district_id": district.id}
    _case, answered = watched(district)
    answer_supervision(
        **about, supervision_id=answered, text="今天就换", by=district.viewer("grid_worker"), at=AT + HOUR
    )
    end_supervision(**about, supervision_id=answered, is_done=True, text="已看过", by=leader, at=AT + 2 * HOUR)
    watched(district, text="第二件")
    _other, off = watched(district, community=2, category="noise")
    end_supervision(**about, supervision_id=off, is_done=False, text="不必了", at=AT + 2 * HOUR,
                    by=district.viewer("subdistrict_secretary", community=2))  # fmt: skip
    miss_supervisions(**about, at=at(30, 9))
    kept = district.open_case_in("compound", community=2, category="noise", text="别处")
    card(kept, CardColour.YELLOW, "one")
    gone = card(kept, CardColour.YELLOW, "two")
    rule_on_card(**about, card_id=gone.id, is_taken_back=True, text="错给", at=AT + 2 * HOUR,
                 by=district.viewer("subdistrict_secretary", community=2))  # fmt: skip
    away = district.open_case_in("other_district")
    card(away, CardColour.RED, "away")
    Supervision.objects.create(
        district_id=AWAY, case=away, organisation_id=away.organisation_id, state=SupervisionState.OPEN,
        reason="overdue", demand="邻区的事", answer_by=AT.date(), opened_at=AT,
    )  # fmt: skip
    return district


def table(district: DemoDistrict, role: str = "district_leader", community: int = 1, **asked: Any) -> WatchedTable:
    return get_watched(viewer=district.viewer(role, community=community), asked=RatesAsked(**(ALL | asked)), at=NOW)


def test_what_was_called_off_or_taken_back_counts_nowhere_nor_what_lies_in_another_district(
    lived: DemoDistrict,
) -> None:
    assert table(lived).whole == WatchedCounts(supervised=2, answered=1, missed=1, closed=1, yellow=1, red=1)


def test_lines_are_areas_organisations_categories_or_parts_of_the_stretch(lived: DemoDistrict) -> None:
    found = {by: {line.key: line.counts for line in table(lived, by=by).lines} for by in RatesBy}
    mine, other = WatchedCounts(2, 1, 1, 1, 0, 1), WatchedCounts(yellow=1)

    assert found[RatesBy.AREA] == {PATH[1].split("/")[1]: mine, PATH[2].split("/")[1]: other}
    assert found[RatesBy.CATEGORY] == {"water_burst": mine, "noise": other}
    committees = {str(lived.organisations[f"committee_{n}"]) for n in (1, 2)}
    assert set(found[RatesBy.ORGANISATION]) <= {*committees, *map(str, lived.organisations.values())}
    months = [counts for counts in found[RatesBy.PERIOD].values() if counts != WatchedCounts()]
    assert sum(counts.supervised for counts in months) == 2


@pytest.mark.parametrize("by", list(RatesBy))
@pytest.mark.parametrize(("role", "community"), ASKING)
def test_each_number_equals_its_rows_for_whoever_asks(
    lived: DemoDistrict, by: RatesBy, role: str, community: int
) -> None:
    viewer, asked = lived.viewer(role, community=community), RatesAsked(**(ALL | {"by": by}))
    found = get_watched(viewer=viewer, asked=asked, at=NOW)
    lines = [(None, found.whole), *((line.key, line.counts) for line in found.lines)]

    for key, counts in lines:
        for figure in WATCHED_FIGURES:
            page = list_watched_rows(viewer=viewer, asked=asked, figure=figure, key=key, at=NOW)
            assert (page.total, len(page.rows)) == (getattr(counts, figure),) * 2, (key, figure)


@pytest.mark.parametrize(("role", "community", "whole"), [
    ("community_secretary", 1, WatchedCounts(2, 1, 1, 1, 0, 1)),
    ("community_secretary", 2, WatchedCounts(yellow=1)),
    ("subdistrict_secretary", 2, WatchedCounts(yellow=1)),
    ("department_head", 2, WatchedCounts()),
])  # fmt: skip
def test_each_counts_within_their_reach(lived: DemoDistrict, role: str, community: int, whole: WatchedCounts) -> None:
    assert table(lived, role, community).whole == whole
    other = COMMUNITY[3 - community]
    beyond = PATH[3 - community]
    assert (other in beyond, table(lived, role, community, area_path=beyond).whole) == (True, WatchedCounts())


def test_stretch_is_laid_beside_the_one_before_as_far_as_it_has_come(lived: DemoDistrict) -> None:
    assert table(lived, kind="month", first=NOW.date(), last=None).before is None  # data don't reach back so far
    lived.open_case_in("compound", at=AT - 400 * DAY)
    found = table(lived, kind="month", first=NOW.date(), last=None)

    assert (found.whole, found.before) == (WatchedCounts(), WatchedCounts(2, 1, 1, 1, 1, 0))


def test_what_can_not_be_asked_is_refused(lived: DemoDistrict) -> None:
    viewer, asked = lived.viewer("district_leader"), RatesAsked(**ALL)
    with pytest.raises(NotFound):
        list_watched_rows(viewer=viewer, asked=asked, figure="persons", key=None, at=NOW)
    with pytest.raises(InvalidInput):
        list_watched_rows(viewer=viewer, asked=RatesAsked(**(ALL | {"by": RatesBy.ORGANISATION})), figure="red",
                          key="x", at=NOW)  # fmt: skip


def test_counting_asks_the_same_however_many_lines(district: DemoDistrict) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            table(district, by=RatesBy.CATEGORY)
        return len(found)

    watched(district)
    asked()
    one = asked()
    for kind in ("noise", "green"):
        watched(district, category=kind)

    assert asked() == one <= 12
