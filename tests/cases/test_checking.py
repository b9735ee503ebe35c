"""A check of whole districts finds each kind of fault, and none where there is none."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from tests.factories.district import AT, GRID_PATH, HOME, DemoDistrict

from linli.cases.actions.checking import check_cases
from linli.cases.choices import Action
from linli.cases.models import Case, CaseStep, ClockSegment
from linli.ledger.facts.models import Fact

HOUR = timedelta(hours=1)


@pytest.fixture
def handled(district: DemoDistrict) -> Case:
    """Give one of two cases: the one that was accepted and is being handled."""
    district.open_case_in(community=2)
    case = district.open_case_in(community=1)
    worker = district.actor("grid_worker")
    district.take(case, Action.ACCEPT, by=worker)
    district.take(case, Action.HANDLE, by=worker, after=2 * HOUR)
    return Case.objects.get(id=case.id)


def kinds_found() -> dict[str, tuple[int, str]]:
    checked = check_cases(district_id=HOME, sample=100, at=AT + 3 * HOUR)
    return {fault.kind: (fault.count, fault.case_id) for fault in checked.faults}


def test_cases_of_single_writes_have_no_faults(handled: Case) -> None:
    checked = check_cases(district_id=HOME, sample=100, at=AT + 3 * HOUR)

    assert (checked.cases, checked.sampled, checked.faults) == (2, 2, ())


def changed(**values: Any) -> Callable[[Case], object]:
    return lambda case: Case.objects.filter(id=case.id).update(**values)


def step_changed(step: Action, **values: Any) -> Callable[[Case], object]:
    return lambda case: CaseStep.objects.filter(case_id=case.id, action=step).update(**values)


FAULTS: list[tuple[str, Callable[[Case], object]]] = [
    ("step_not_in_table", step_changed(Action.HANDLE, action="reopen")),
    ("steps_not_in_a_row", step_changed(Action.HANDLE, from_state="dispatched")),
    ("state_not_of_last_step", changed(state="reported_back")),
    ("steps_without_fact", lambda case: Fact.objects.filter(subject_id=case.id, kind="case.handled").delete()),
    ("steps_without_fact", lambda case: CaseStep.objects.filter(case_id=case.id, action="handle").delete()),
    ("clocks_not_as_dates", changed(responded_at=None)),
    ("clocks_not_as_dates", lambda case: ClockSegment.objects.filter(case_id=case.id, clock="solution").delete()),
    ("clocks_not_as_segments", changed(solution_due_at=AT + HOUR)),
    ("clocks_not_as_segments", changed(response_due_at=AT)),
    ("clocks_not_as_segments", changed(amber_at=None)),
    ("place_not_in_its_area", changed(area_path=GRID_PATH[2])),
    ("located_elsewhere", changed(lng=123.0, lat=41.0)),
    ("holder_not_of_its_organisation", changed(organisation=None)),
    ("score_not_sum_of_parts", changed(score=1)),
    ("weighed_otherwise", changed(category="other")),
    ("weighed_otherwise", lambda case: changed(priority_level=5 - case.priority_level)(case)),
    ("number_not_in_form", changed(number="bare-1")),
    ("number_ahead_of_counter", changed(number="10626-900000")),
    ("not_searchable", changed(search=None)),
]


@pytest.mark.parametrize(("kind", "plant"), FAULTS)
def test_planted_fault_is_found(handled: Case, kind: str, plant: Callable[[Case], object]) -> None:
    plant(handled)

    assert kinds_found()[kind] == (1, str(handled.id))


def test_number_given_twice_is_found(handled: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_case DROP CONSTRAINT case_number")
    Case.objects.update(number=handled.number)

    assert kinds_found()["number_twice"][0] == 1
