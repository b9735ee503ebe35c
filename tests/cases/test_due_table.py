"""What was due to be dealt with: each case once, by the rules set, within whose reach; each number equals its cases."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cases.rated import rules
from tests.factories.district import AT, PATH, DemoDistrict

from linli.cases.actions.asking_time import TimeAsked, ask_time, decide_time
from linli.cases.calc.rate_scheme import DEFAULT_SCHEME
from linli.cases.calc.rates import DueCounts, RateRules
from linli.cases.calc.rulebooks import default_contents, read_rates
from linli.cases.choices import Action, DueLeftOut, RatesBy, RulebookKind, TimeKind
from linli.cases.models import Case
from linli.cases.queries.due_table import DUE_FIGURES, DueTable, get_due, list_due_rows
from linli.cases.queries.rate_table import preview_rates
from linli.cases.queries.rates_asked import RatesAsked
from linli.kernel.errors import InvalidInput, NotFound
from linli.registry.people.rules import Viewer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = AT + 40 * DAY  # by then all that came in on the 18th of November was due
ALL: dict[str, Any] = {"kind": "custom", "first": AT.date() - 17 * DAY, "last": AT.date() + 43 * DAY}
NONE_LEFT_OUT = {"due_without": ()}
ASKING = (("district_leader", 1), ("community_secretary", 1), ("community_secretary", 2), ("department_head", 1))


def handled(district: DemoDistrict, at: datetime = AT, *, after: timedelta = HOUR, **report: Any) -> Case:
    return district.handled(
        district.open_case_in("compound", at=at, **report), by=district.actor("grid_worker"), after=after
    )


def on_hold(district: DemoDistrict, after: timedelta) -> Case:
    case = district.take(district.open_case_in("compound"), Action.ACCEPT, by=district.actor("grid_worker"))
    return district.take(case, Action.SUSPEND, by=district.actor("grid_worker"), after=after,
                         reason="waits_for_season", review_on=(AT + after + 20 * DAY).date())  # fmt: skip


def with_time(district: DemoDistrict) -> Case:
    case = district.take(district.open_case_in("compound"), Action.ACCEPT, by=district.actor("grid_worker"))
    asked = TimeAsked(TimeKind.EXTENSION, "waits_for_parts", "等水泵", 2)
    request = ask_time(district_id=district.id, case_id=case.id, asked=asked, by=district.viewer("grid_worker"),
                       at=AT + 2 * HOUR)  # fmt: skip
    return decide_time(district_id=district.id, request_id=request, is_granted=True, note="可以",
                       by=district.viewer("community_secretary"), at=AT + 3 * HOUR)  # fmt: skip


@pytest.fixture
def lived(district: DemoDistrict) -> DemoDistrict:
    """Two in time, one too late, one not yet, one on hold in time and one after, one with time granted, one refused."""
    for kind in ("noise", "green"):
        handled(district, category=kind)
    handled(district, after=8 * DAY)
    district.open_case_in("compound", community=2, category="noise")
    on_hold(district, HOUR)
    on_hold(district, 8 * DAY)
    with_time(district)
    refused = district.open_case_in("compound", community=2)
    district.take(refused, Action.REJECT, by=district.actor("subdistrict_dispatcher", community=2),
                  reason="no_such_thing")  # fmt: skip
    district.open_case_in("compound", at=NOW - HOUR)
    return district


def table(district: DemoDistrict, role: str = "district_leader", community: int = 1, **asked: Any) -> DueTable:
    return get_due(viewer=district.viewer(role, community=community), asked=RatesAsked(**(ALL | asked)), at=NOW)


def test_each_case_is_due_once_and_dealt_with_in_time_late_or_not_yet(lived: DemoDistrict) -> None:
    assert table(lived).whole == DueCounts(due=5, on_time=2, late=1, undone=2, held=1, extended=1)
    assert [rate.tenths for rate in table(lived).whole.rates] == [400, 600]


@pytest.mark.parametrize(("without", "due"), [
    ((), 7), ((DueLeftOut.HELD,), 6), ((DueLeftOut.EXTENDED,), 6), ((DueLeftOut.HELD, DueLeftOut.EXTENDED), 5),
])  # fmt: skip
def test_what_is_left_out_is_a_rule(lived: DemoDistrict, without: tuple[str, ...], due: int) -> None:
    rules(lived, AT, due_without=without)

    whole = table(lived).whole

    assert (whole.due, whole.on_time + whole.late + whole.undone, whole.held, whole.extended) == (due, due, 1, 1)


def test_new_rules_show_a_month_by_both_before_they_count(lived: DemoDistrict) -> None:
    content = default_contents()[RulebookKind.RATES] | NONE_LEFT_OUT

    preview = preview_rates(viewer=lived.viewer("catalogue_keeper"), content=content, follows=1, at=AT + 10 * DAY)

    assert preview.due == (DueCounts(2, 0, 1, 1, 1, 1), DueCounts(4, 0, 1, 3, 1, 1))
    assert not preview.is_none


def test_hold_after_the_deadline_undoes_nothing(district: DemoDistrict) -> None:
    on_hold(district, 8 * DAY)

    assert table(district).whole == DueCounts(due=1, undone=1)


def test_hold_that_ended_counts_by_the_deadline_it_ended_with(district: DemoDistrict) -> None:
    case = on_hold(district, HOUR)
    district.take(case, Action.RESUME, by=district.actor("grid_worker"), after=20 * DAY)
    district.handled(Case.objects.get(), by=district.actor("grid_worker"), after=21 * DAY)
    viewer = district.viewer("district_leader")

    november, december = (
        get_due(viewer=viewer, asked=RatesAsked(first=AT.date() + n * DAY), at=AT + 60 * DAY).whole for n in (0, 20)
    )

    assert (november.due, december) == (0, DueCounts(due=1, on_time=1))


def test_old_rules_without_a_word_on_it_leave_out_both() -> None:
    content = default_contents()[RulebookKind.RATES]
    del content["due_without"]

    assert read_rates(content) == DEFAULT_SCHEME


@pytest.mark.parametrize("by", RatesBy)
@pytest.mark.parametrize("rule", [{}, NONE_LEFT_OUT])
def test_each_number_of_each_line_equals_its_cases(lived: DemoDistrict, by: RatesBy, rule: dict[str, Any]) -> None:
    rules(lived, AT, month_begins_on=2, **rule)
    for role, community in ASKING:
        viewer, asked = lived.viewer(role, community=community), RatesAsked(**ALL, by=by)
        found = get_due(viewer=viewer, asked=asked, at=NOW)
        for key, counts in [*((line.key, line.counts) for line in found.lines), (None, found.whole)]:
            shown = {figure: getattr(counts, figure) for figure in DUE_FIGURES}
            listed = {figure: _listed(viewer, asked, figure, key) for figure in shown}
            assert listed == {name: (n, n) for name, n in shown.items()}, (role, community, key)


def _listed(viewer: Viewer, asked: RatesAsked, figure: str, key: str | None) -> tuple[int, int]:
    page = list_due_rows(viewer=viewer, asked=asked, figure=figure, key=key, at=NOW, limit=99)
    return page.total, len({row.case_id for row in page.rows})


def test_nothing_of_other_areas_is_counted(lived: DemoDistrict) -> None:
    assert table(lived, "community_secretary", community=2).whole == DueCounts(due=1, undone=1)
    assert table(lived, "community_secretary", community=2, area_path=PATH[1]).whole == DueCounts()
    assert table(lived, "away-community_secretary", area_path=PATH[1]).whole == DueCounts()


def test_compared_with_the_month_before_and_with_no_year_without_data(lived: DemoDistrict) -> None:
    handled(lived, AT - 40 * DAY)
    lived.open_case_in("compound", at=AT - 32 * DAY)

    found = table(lived)

    assert found.before is None  # data reach back to the middle of it only
    assert table(lived, first=AT.date(), last=NOW.date()).before is None
    assert table(lived, first=AT.date() + 10 * DAY, last=NOW.date()).before == DueCounts(2, 0, 1, 1, 1, 1)
    assert found.year_before is None


def test_too_few_have_no_share(lived: DemoDistrict) -> None:
    rules(lived, AT, rules=RateRules(smallest_sample=5))

    assert [line.counts.rates[0].is_sampled for line in table(lived).lines] == [False, False]
    assert table(lived).whole.rates[0].is_sampled


@pytest.mark.parametrize(("figure", "by", "key", "error"), [
    ("persons", RatesBy.AREA, None, NotFound), ("due", RatesBy.ORGANISATION, "x", InvalidInput),
    ("due", RatesBy.PERIOD, "x", InvalidInput),
])  # fmt: skip
def test_what_there_is_not_is_refused(
    district: DemoDistrict, figure: str, by: RatesBy, key: str | None, error: type[Exception]
) -> None:
    viewer = district.viewer("district_leader")
    with pytest.raises(error):
        list_due_rows(viewer=viewer, asked=RatesAsked(by=by), figure=figure, key=key, at=NOW)


@pytest.mark.parametrize("by", RatesBy)
def test_table_asks_the_same_for_few_and_many(district: DemoDistrict, by: RatesBy) -> None:
    handled(district)
    table(district, by=by)
    with CaptureQueriesContext(connection) as few:
        table(district, by=by)
    for kind in ("noise", "green", "water_burst", "other"):
        handled(district, category=kind)
        district.open_case_in("compound", community=2, category=kind)

    with CaptureQueriesContext(connection) as many:
        table(district, by=by)

    assert len(few) == len(many) <= 10
