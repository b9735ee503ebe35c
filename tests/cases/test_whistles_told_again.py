"""Whistles told again from history: a thousand random lives alike, and each way in which rows can differ is found."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.cases.test_clocks import publish
from tests.cases.test_whistling import ELDER, HOUR, arrive, blow
from tests.factories.district import AT, HOME, DemoDistrict

from linli.cases.actions.checking import check_cases
from linli.cases.actions.whistling import Marks, change_lead, evaluate_help, give_opinion, report_in, take_call_back
from linli.cases.choices import Action
from linli.cases.models import Case, CaseStep, WhistleCall
from linli.cases.queries.told_again import find_whistles_told_otherwise
from linli.kernel.errors import LinliError
from linli.support.calendar.queries import current_calendar

OFFICES = ("water_repair", "heating_office", "office_1")
DAY_OFF = date(2026, 11, 19)  # between the whistle and the end of its 16 working hours


def differ() -> list[Any]:
    return find_whistles_told_otherwise(HOME, current_calendar())


def do_something(district: DemoDistrict, case: Case, chance: random.Random, at: datetime) -> None:
    """Do one thing about whistles at random; what is refused leaves nothing."""
    clerk, others = district.actor("community_clerk"), chance.sample(OFFICES, chance.randint(1, 3))
    office = district.organisations[chance.choice(OFFICES)]
    answering = district.actor("department_handler", community=chance.choice((1, 2)))
    marks = Marks(office, chance.choice(("quick", "late")), chance.choice(("solved", "partly")))
    about: dict[str, Any] = {"district_id": HOME, "case_id": case.id, "at": at}
    of: dict[str, Any] = {"organisation_id": office, "version": None, "by": clerk} | about
    deeds: list[Callable[[], Case]] = [
        lambda: blow(district, case, *others[1:], lead=others[0], at=at),
        lambda: blow(district, case, *others, at=at),
        lambda: report_in(note="", by=answering, **about),
        lambda: give_opinion(note="已查看", by=answering, **about),
        lambda: evaluate_help(marks=marks, by=clerk, **about),
        lambda: change_lead(**of),
        lambda: take_call_back(note="", **of),
    ]
    with suppress(LinliError):
        chance.choice(deeds)()


def live_through(district: DemoDistrict, lives: int) -> None:
    """Whistle for so many cases, and correct the calendar half way through."""
    for seed in range(lives):
        chance, case, at = random.Random(seed), district.open_case_in(**ELDER), AT  # noqa: S311 - no secret
        for _ in range(chance.randint(2, 9)):
            at += timedelta(minutes=chance.randint(1, 3000))
            do_something(district, case, chance, at)
        if seed == lives // 2:
            publish(district, off=DAY_OFF, when=at)


@pytest.mark.parametrize("lives", [40, pytest.param(1000, marks=pytest.mark.slow)])
def test_random_lives_of_whistles_are_told_again(committed_district: DemoDistrict, lives: int) -> None:
    live_through(committed_district, lives)  # each deed in a transaction of its own: one for all slows down as it grows
    calls = list(WhistleCall.objects.all())

    assert differ() == []
    assert len(calls) > lives
    assert {len({call.calendar_number for call in calls}), len({call.is_lead for call in calls})} == {2}
    came = [call.reported_in_at <= call.due_at for call in calls if call.reported_in_at]
    assert min(came.count(True), came.count(False)) >= lives / 40
    for done in ("reported_in_at", "opined_at", "evaluated_at", "taken_back_at"):
        assert sum(getattr(call, done) is not None for call in calls) >= lives / 40, done


def test_late_is_told_by_the_deadline_that_counted_then(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    blow(district, case, *OFFICES)
    arrive(district, case, at=AT + 60 * HOUR)  # 16 working hours are over after 48
    publish(district, off=DAY_OFF, when=AT + 61 * HOUR)
    arrive(district, case, community=2, at=AT + 62 * HOUR)  # a day off later, 72 hours count

    late = CaseStep.objects.filter(action=Action.REPORT_IN).order_by("at").values_list("data__late", flat=True)
    assert (list(late), differ()) == ([True, False], [])


def changed(**values: Any) -> Callable[[Case], object]:
    return lambda _case: WhistleCall.objects.filter(organisation__code="water_repair").update(**values)


@pytest.mark.parametrize(
    "plant",
    [
        changed(is_lead=False),
        changed(due_at=AT + HOUR),
        changed(hours=1),
        changed(reported_in_at=None),
        changed(reported_in_at=AT + 2 * HOUR),
        changed(opined_at=AT + HOUR),
        changed(evaluated_at=AT),
        changed(speed="late"),
        changed(result="partly"),
        changed(taken_back_at=AT + 9 * HOUR),
        lambda case: WhistleCall.objects.filter(case=case, organisation__code="office_1").delete(),
        lambda case: WhistleCall.objects.filter(case=case, organisation__code="office_1").update(due_at=AT + HOUR),
        lambda case: CaseStep.objects.filter(case=case, action=Action.REPORT_IN).delete(),
    ],
)
def test_row_that_history_does_not_tell_is_found(district: DemoDistrict, plant: Callable[[Case], object]) -> None:
    case, other = district.open_case_in(**ELDER), district.open_case_in(community=2, **ELDER)
    blow(district, case, "office_1", lead="water_repair")
    arrive(district, case)
    marks = Marks(district.organisations["water_repair"], "quick", "solved")
    by = district.actor("community_clerk")
    evaluate_help(district_id=HOME, case_id=case.id, marks=marks, by=by, at=AT + 3 * HOUR)
    assert check_cases(district_id=HOME, sample=10, at=AT + 4 * HOUR).faults == ()
    plant(case)
    faults = {fault.kind: fault for fault in check_cases(district_id=HOME, sample=10, at=AT + 4 * HOUR).faults}

    found = faults["whistles_not_as_steps"]
    assert (found.count, found.case_id) == (1, str(case.id))
    assert str(other.id) not in {fault.case_id for fault in faults.values()}


def test_history_from_before_hours_were_kept_is_no_fault(district: DemoDistrict) -> None:
    case = district.open_case_in(**ELDER)
    blow(district, case, *OFFICES)
    for step in CaseStep.objects.filter(action=Action.WHISTLE):
        kept = {name: value for name, value in step.data.items() if name not in {"hours", "caller"}}
        CaseStep.objects.filter(id=step.id).update(data=kept)

    assert differ() == []
