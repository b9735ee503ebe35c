"""Defects measured in other case systems, each held here by a test that would fail if we had it too.

| id | defect | held by |
|---|---|---|
| S1 | routing goes on by old polygons till the process starts anew | `test_s1_…`; territory's `test_every_process.py` |
| S2 | "before" and "after" of a filter are swapped | `test_s2_…` |
| S4 | a list asks five queries a row, and sorts out whole rows as distinct | `test_s4_…`; `test_lists.py` |
| H1 | one page reads and touches the whole table | `test_h1_…` |
| H2 | a run that should only tell changes rows | `test_h2_…` |
| H3 | holidays bring a deadline forward | `test_h3_…`; `tests/support/calendar/test_properties.py` |
| H4 | an unknown filter is ignored, so that everything is shown | `test_h4_…`, also `tests/edges/api/test_reading.py` |
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.district import AT, GRID, HOME, PATH, SHANGHAI, VACANT_GRID, DemoDistrict
from tests.factories.territory import square

from linli.cases.actions.climbing import climb
from linli.cases.calc.rulebooks import default_contents
from linli.cases.choices import RulebookKind, State
from linli.cases.models import Case, CaseRung, CaseStep
from linli.cases.queries.ladder import try_ladder
from linli.cases.queries.lists import CaseFilter, check_filter, count_cases, list_cases
from linli.cases.queries.rule_preview import preview_rulebook
from linli.kernel.errors import InvalidInput
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.facts.models import Fact
from linli.registry.territory.actions import redraw_boundaries
from linli.support.calendar.calc import DEFAULT_HOURS, Budget, Segment, WorkingCalendar, deadline
from linli.support.calendar.choices import Timer

_DAY = timedelta(days=1)


def listed(district: DemoDistrict, wanted: CaseFilter, role: str = "district_dispatcher") -> set[object]:
    return {row.id for row in list_cases(viewer=district.viewer(role), wanted=wanted, at=AT).rows}


def test_s1_next_case_is_routed_by_the_border_drawn_just_now(district: DemoDistrict) -> None:
    before = district.open_case_in("open")
    changes = {district.areas[GRID[1]]: square(0, 0, 0.1, 0.4), district.areas[VACANT_GRID]: square(0.1, 0, 0.3, 0.4)}
    redraw_boundaries(district_id=HOME, changes=changes, valid_from=AT, reason="border moved", by=None, at=AT)
    after = district.open_case_in("open")

    assert (before.area_path, after.area_path) == (f"{PATH[1]}/{GRID[1]}", f"{PATH[1]}/{VACANT_GRID}")
    assert after.boundary_number == before.boundary_number + 1


def test_s2_reported_from_is_after_and_reported_to_is_before(district: DemoDistrict) -> None:
    old, new = district.open_case_in(at=AT - 10 * _DAY), district.open_case_in(at=AT)
    border = AT - 5 * _DAY

    assert listed(district, CaseFilter(reported_from=border)) == {new.id}
    assert listed(district, CaseFilter(reported_to=border)) == {old.id}
    assert listed(district, CaseFilter(reported_from=border, reported_to=border + _DAY)) == set()


@pytest.mark.parametrize("role", ["grid_worker", "department_handler", "district_dispatcher"])
def test_s4_list_asks_one_query_however_many_rows_and_never_for_distinct_ones(
    district: DemoDistrict, role: str
) -> None:
    district.viewer(role)  # read once, before anything is counted
    asked, several = [], CaseFilter(states=(State.REPORTED, State.ACCEPTED, State.HANDLING))
    for _ in range(2):
        for _ in range(4):
            district.open_case_in("open")
        with CaptureQueriesContext(connection) as captured:
            listed(district, several, role)
        asked.append([each["sql"] for each in captured])

    assert [len(queries) for queries in asked] == [1, 1]
    assert not any('SELECT DISTINCT "cases_case"' in sql or "SELECT DISTINCT ON" in sql for (sql,) in asked)


def test_h1_page_reads_its_rows_alone_and_changes_none(district: DemoDistrict) -> None:
    for _ in range(6):
        district.open_case_in()
    rows, viewer = list(Case.objects.order_by("id").values()), district.viewer("district_dispatcher")
    with CaptureQueriesContext(connection) as captured:
        page = list_cases(viewer=viewer, wanted=CaseFilter(), at=AT, limit=2)

    assert (len(page.rows), len(captured)) == (2, 1)
    assert captured[0]["sql"].startswith("SELECT")
    assert captured[0]["sql"].endswith("LIMIT 3")  # one more, to know whether there is a next page
    assert list(Case.objects.order_by("id").values()) == rows


def test_h2_looking_ahead_at_changed_rules_changes_nothing(district: DemoDistrict) -> None:
    district.open_case_in()
    content = dict(default_contents()[RulebookKind.WORKFLOW]) | {"timeout_days": 1, "most_returns": 0}

    def everything() -> list[list[object]]:
        return [list(model.objects.order_by("id").values()) for model in (Case, CaseStep, Fact)]

    before = everything()
    seen = preview_rulebook(viewer=district.viewer("catalogue_keeper"), kind=RulebookKind.WORKFLOW, content=content,
                            follows=1, at=AT)  # fmt: skip

    assert not seen.changes.is_none
    assert everything() == before


def test_h2_run_that_tells_who_would_be_named_changes_nothing_and_the_real_one_no_priority(
    district: DemoDistrict,
) -> None:
    case, late = district.open_case_in(), AT + 9 * _DAY

    def everything() -> list[list[object]]:
        models = (Case, CaseStep, CaseRung, Fact, OutboxMessage)
        return [list(model.objects.order_by("id").values()) for model in models]

    before = everything()
    run = try_ladder(viewer=district.viewer("catalogue_keeper"), at=late, days=9)
    assert (run.total > 0, everything() == before) == (True, True)

    climb(district_id=HOME, at=late)
    after = Case.objects.get(id=case.id)
    kept = ("score", "priority_level", "priority_parts", "version", "post_id", "solution_due_at")
    assert [getattr(after, name) for name in kept] == [getattr(case, name) for name in kept]
    assert CaseStep.objects.filter(case=case, action__in=("warn", "escalate")).count() == CaseRung.objects.count() > 0


def _calendar(days_off: Sequence[date]) -> WorkingCalendar:
    return WorkingCalendar(1, DEFAULT_HOURS, dict.fromkeys(days_off, False), frozenset({2026}))


@settings(max_examples=25)
@given(
    st.sampled_from(Timer), st.integers(1, 20), st.integers(0, 90),
    st.lists(st.integers(0, 60), min_size=1, max_size=8, unique=True),
)  # fmt: skip
def test_h3_holidays_never_bring_a_deadline_forward(timer: Timer, amount: int, hours: int, off: list[int]) -> None:
    start = datetime(2026, 3, 2, 8, tzinfo=SHANGHAI) + timedelta(hours=hours)
    budget, running = Budget(timer, amount), [Segment(start, None, "")]
    plain = deadline(_calendar([]), budget, running)
    with_holidays = deadline(_calendar([start.date() + n * _DAY for n in off]), budget, running)

    assert plain is not None
    assert with_holidays is not None
    assert with_holidays >= plain


@pytest.mark.parametrize(
    "wanted",
    [CaseFilter(box="nobody"), CaseFilter(light="Open"), CaseFilter(sort="Open"), CaseFilter(states=("Open",)),
     CaseFilter(area_path="210105")],
)  # fmt: skip
def test_h4_unknown_filter_is_refused_not_ignored(district: DemoDistrict, wanted: CaseFilter) -> None:
    viewer = district.viewer("district_dispatcher")
    with pytest.raises(InvalidInput):
        check_filter(viewer=viewer, wanted=wanted, at=AT)


def test_h4_filter_that_fits_nothing_shows_nothing(district: DemoDistrict) -> None:
    district.open_case_in()
    viewer = district.viewer("district_dispatcher")
    asked = CaseFilter(category="no_such_category", organisation_id=district.organisations["office_2"])

    assert count_cases(viewer=viewer, wanted=asked, at=AT) == 0
    assert count_cases(viewer=viewer, wanted=replace(asked, category="", organisation_id=None), at=AT) == 1
