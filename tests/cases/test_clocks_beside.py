"""Whoever is waited for in a dispute or at a whistle is warned before the time is up, the next one up told after it.

A Wednesday at ten: a dispute is decided within 8 working hours, until Thursday ten; who was called reports in within
16, until Friday ten; who leads gives an opinion within 24 of reporting in.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cases.test_climbing import at, person_of, told
from tests.cases.test_clocks import publish
from tests.cases.test_disputing import decide, dispute
from tests.cases.test_whistles_told_again import DAY_OFF, do_something
from tests.cases.test_whistling import ELDER, HOUR, arrive, blow, call_of
from tests.factories.district import AT, HOME, DemoDistrict

from linli.cases.actions.checking import check_cases
from linli.cases.actions.climbing import climb
from linli.cases.actions.disputing import withdraw_dispute
from linli.cases.actions.recording import FACTS
from linli.cases.actions.stepping import lapse_disputes
from linli.cases.actions.whistling import change_lead, give_opinion, take_call_back
from linli.cases.calc.default_deadlines import DEFAULT_DEADLINES
from linli.cases.calc.ladder import Clock, mark_at, passed
from linli.cases.calc.whistles import DEEDS, Deed, tell_calls
from linli.cases.choices import Action
from linli.cases.models import Card, Case, CaseRung, CaseStep, Dispute, WhistleCall
from linli.cases.queries.detail import get_case
from linli.cases.queries.ladder import try_ladder
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.cases.queries.told_again import find_whistles_told_otherwise
from linli.cases.tasks import _tell
from linli.kernel.errors import LinliError
from linli.ledger.commands.actions import deliver_pending
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.facts.models import Fact
from linli.support.calendar.calc import Budget, Segment
from linli.support.calendar.choices import Timer
from linli.support.calendar.queries import current_calendar
from linli.support.notices.models import Notice

OF_CASES = ("response", "solution")


def rungs() -> list[tuple[str, int]]:
    """List what clocks beside climbed, as the clocks came to it."""
    found = CaseRung.objects.exclude(clock__in=OF_CASES).order_by("reached_at", "clock", "mark")
    return list(found.values_list("clock", "mark"))


def climbed(moment: datetime) -> list[tuple[str, int]]:
    climb(district_id=HOME, at=moment)
    return rungs()


def deliver(moment: datetime) -> None:
    Notice.objects.all().delete()
    deliver_pending(district_id=HOME, handlers=dict.fromkeys(FACTS.values(), _tell), at=moment)


def named(clock: str, mark: int) -> UUID | None:
    return CaseRung.objects.get(clock=clock, mark=mark).to_post


def test_dispute_warns_who_decides_and_then_names_the_next_one_up(district: DemoDistrict) -> None:
    case = dispute(district, district.open_case_in(), district.actor("grid_worker"))
    secretary = person_of(district, "community_secretary")  # decides

    assert climbed(at(18, 15)) == []
    assert climbed(at(18, 16, 1)) == [("dispute", 50)]
    deliver(at(18, 16, 2))
    assert secretary in told(district, "case.warned")
    assert climbed(at(19, 10)) == [("dispute", 50), ("dispute", 80)]  # on the very instant nobody is late
    assert climbed(at(19, 10, 1)) == [("dispute", 50), ("dispute", 80), ("dispute", 100)]
    deliver(at(19, 10, 2))

    assert named("dispute", 100) == district.post_of("subdistrict_dispatcher")
    assert told(district, "case.escalated") >= {secretary, person_of(district, "subdistrict_dispatcher")}
    fact = Fact.objects.filter(kind="case.escalated", data__clock="dispute").get()
    assert (fact.organisation_id, fact.post_id) == (
        district.organisations["committee_1"], district.post_of("community_secretary")
    )  # fmt: skip
    assert Case.objects.get(id=case.id).post_id == case.post_id  # who has the case keeps it


@pytest.mark.parametrize("end", ["decided", "withdrawn", "lapsed"])
def test_dispute_that_ended_climbs_no_more(district: DemoDistrict, end: str) -> None:
    case = dispute(district, district.open_case_in(), district.actor("grid_worker"))
    match end:
        case "decided":
            decide(district, case, district.actor("community_secretary"), to="water_repair")
        case "withdrawn":
            withdraw_dispute(district_id=HOME, case_id=case.id, note="", version=None, at=AT + HOUR,
                             by=district.actor("grid_worker"))  # fmt: skip
        case _:
            lapse_disputes(HOME, [case.id], AT + HOUR)

    assert climbed(at(27, 10)) == []


def test_each_office_called_is_warned_and_its_own_head_named(district: DemoDistrict) -> None:
    case = blow(district, district.open_case_in(**ELDER), "heating_office", "water_repair")
    arrive(district, case, community=2)

    assert climbed(at(19, 10, 1)) == [("report-in", 50)]
    deliver(at(19, 10, 2))
    warned = told(district, "case.warned")
    assert person_of(district, "department_handler") in warned
    office = district.organisations["water_repair"]
    assert CaseStep.objects.get(action="warn", data__clock="report-in").data["office"] == str(office)
    assert climbed(at(20, 10, 1)) == [("report-in", mark) for mark in (50, 80, 100)]
    deliver(at(20, 10, 2))

    assert named("report-in", 100) == district.post_of("department_head")
    assert person_of(district, "department_head") in told(district, "case.escalated")
    assert CaseRung.objects.filter(about=call_of(district, "heating_office").id).count() == 0
    mine = list_cases(viewer=district.viewer("department_head"), wanted=CaseFilter(box="escalated"), at=at(20, 11))
    assert [row.id for row in mine.rows] == [case.id]
    assert not Card.objects.filter(organisation_id=office).exists()
    assert climbed(at(25, 10, 1))[-1] == ("report-in", 124)
    assert named("report-in", 124) == district.post_of("district_dispatcher")


def test_lead_owes_an_opinion_from_reporting_in(district: DemoDistrict) -> None:
    case = blow(district, district.open_case_in(**ELDER), "heating_office", lead="water_repair")
    arrive(district, case, at=at(18, 11))
    arrive(district, case, community=2, at=at(18, 11))
    call = call_of(district, "water_repair")

    assert (call.opinion_hours, call.opinion_due_at) == (24, at(23, 11))
    assert call_of(district, "heating_office").opinion_due_at is None
    assert climbed(at(23, 11, 1)) == [("opinion", mark) for mark in (50, 80, 100)]
    shown = get_case(viewer=district.viewer("community_clerk"), case_id=case.id, at=at(23, 11, 1)).beside.calls
    assert [(row.is_lead, row.is_opinion_late) for row in shown] == [(True, True), (False, False)]

    give_opinion(district_id=HOME, case_id=case.id, note="已换管", by=district.actor("department_handler"),
                 at=at(23, 12))  # fmt: skip
    assert CaseStep.objects.get(action=Action.OPINION).data["opinion_late"] is True
    assert climbed(at(30, 10))[3:] == []
    assert find_whistles_told_otherwise(HOME, current_calendar()) == []


def test_who_leads_no_more_owes_no_opinion_and_who_leads_now_does(district: DemoDistrict) -> None:
    case = blow(district, district.open_case_in(**ELDER), "heating_office", lead="water_repair")
    arrive(district, case, at=at(18, 11))
    arrive(district, case, community=2, at=at(18, 11))
    change_lead(district_id=HOME, case_id=case.id, organisation_id=district.organisations["heating_office"],
                version=None, by=district.actor("community_clerk"), at=at(19, 11))  # fmt: skip
    before, now = call_of(district, "water_repair"), call_of(district, "heating_office")

    assert (before.opinion_until, before.opinion_due_at, before.rung_at) == (at(19, 11), None, None)
    assert (now.opinion_since, now.opinion_due_at) == (at(19, 11), at(24, 11))
    assert climbed(at(24, 11, 1)) == [("opinion", mark) for mark in (50, 80, 100)]
    assert set(CaseRung.objects.exclude(clock__in=OF_CASES).values_list("about", flat=True)) == {now.id}


def test_nobody_is_reminded_once_the_case_is_solved(district: DemoDistrict) -> None:
    case = blow(district, district.open_case_in(**ELDER), "water_repair")
    district.handled(case, by=district.actor("community_clerk"), after=2 * HOUR)

    assert climbed(at(27, 10)) == []


def test_nobody_beyond_the_case_is_named_told_or_finds_it(district: DemoDistrict) -> None:
    dispute(district, district.open_case_in(), district.actor("grid_worker"))
    blow(district, district.open_case_in(**ELDER), "water_repair")
    climb(district_id=HOME, at=at(20, 10, 1))
    deliver(at(20, 10, 2))
    roles = ("department_head", "community_secretary", "grid_worker", "subdistrict_dispatcher", "subdistrict_secretary")
    far = [district.viewer(role, community=2) for role in roles]

    assert len(rungs()) == 6
    assert not {viewer.person_id for viewer in far} & (told(district, "case.warned") | told(district, "case.escalated"))
    for viewer in far:
        assert list_cases(viewer=viewer, wanted=CaseFilter(box="escalated"), at=at(20, 11)).rows == []
    assert not CaseRung.objects.exclude(district_id=HOME).exists()


def test_messages_wait_out_the_night(district: DemoDistrict) -> None:
    blow(district, district.open_case_in(**ELDER), "water_repair")
    OutboxMessage.objects.all().delete()
    climb(district_id=HOME, at=at(20, 23))

    message = OutboxMessage.objects.get(data__organisation=str(district.organisations["water_repair"]))
    assert (message.kind, message.next_try_at) == ("case.escalated", at(21, 8))


def test_dry_run_shows_them_and_writes_nothing(district: DemoDistrict) -> None:
    blow(district, district.open_case_in(**ELDER), "water_repair")
    dispute(district, district.open_case_in(), district.actor("grid_worker"))
    keeper, now = district.viewer("catalogue_keeper"), at(20, 10, 1)
    run = try_ladder(viewer=keeper, at=now, days=7)
    beside = [(row.clock, row.rung.mark, row.named.post_id if row.named else None) for row in run.rows
              if row.clock not in OF_CASES]  # fmt: skip

    assert CaseRung.objects.count() == 0
    climb(district_id=HOME, at=now)
    found = CaseRung.objects.exclude(clock__in=OF_CASES).values_list("clock", "mark", "to_post")
    assert sorted(beside) == sorted(found)
    assert len(beside) == 6


def test_batch_asks_the_same_for_one_and_three_waited_for(district: DemoDistrict) -> None:
    def asked(count: int) -> int:
        for number in range(count):
            blow(district, district.open_case_in(text=f"老人{number}要帮忙", category="elder_help"), "water_repair")
        with CaptureQueriesContext(connection) as found:
            climb(district_id=HOME, at=at(20, 10, 1))
        return len([query for query in found if "SAVEPOINT" not in query["sql"]])

    asked(1)
    assert asked(1) == asked(3) <= 24


def test_corrected_calendar_moves_the_rungs_that_are_left(district: DemoDistrict) -> None:
    blow(district, district.open_case_in(**ELDER), "water_repair")
    climb(district_id=HOME, at=at(19, 10, 1))
    publish(district, off=DAY_OFF, when=at(19, 10, 2))

    assert call_of(district, "water_repair").rung_at == at(20, 16, 48)  # 12.8 of 16 working hours, a day off between
    assert climbed(at(20, 16, 48)) == [("report-in", 50)]
    assert climbed(at(20, 16, 49)) == [("report-in", 50), ("report-in", 80)]


def live(district: DemoDistrict, seed: int, length: int) -> Case:
    """Dispute, whistle and climb at random; what is refused leaves nothing."""
    chance, case, now = random.Random(seed), district.open_case_in(**ELDER), AT  # noqa: S311 - no secret
    for _ in range(length):
        now += timedelta(minutes=chance.randint(1, 2500))
        with suppress(LinliError):
            do_anything(district, case, chance, now)
    climb(district_id=HOME, at=now)
    return case


def do_anything(district: DemoDistrict, case: Case, chance: random.Random, moment: datetime) -> None:
    clerk, judge = district.actor("community_clerk"), district.actor("subdistrict_dispatcher")
    deeds: list[Callable[[], Any]] = [
        lambda: dispute(district, case, clerk, at=moment),
        lambda: decide(district, case, judge, at=moment),
        lambda: do_something(district, case, chance, moment),
        lambda: do_something(district, case, chance, moment),
        lambda: climb(district_id=HOME, at=moment),
        lambda: publish(district, off=DAY_OFF, when=moment),
    ]
    chance.choice(deeds)()


def clocks_from_history(case: Case) -> dict[tuple[str, str, int], Clock]:
    """Tell every clock beside a case again from its history alone: by kind, office and which of its kind."""
    steps = list(CaseStep.objects.filter(case=case).order_by("id"))
    deeds = [Deed(step.action, step.at, step.by_person, step.data) for step in steps if step.action in DEEDS]
    found: dict[tuple[str, str, int], Clock] = {}
    for n, call in enumerate(tell_calls(deeds, current_calendar())):
        end = call.reported_in_at or call.taken_back_at
        found["report-in", call.organisation, n] = ran(call.hours, call.called_at, end)
        if call.opinion_since:
            found["opinion", call.organisation, n] = ran(call.opinion_hours, call.opinion_since, call.opinion_until)
    raised = [step for step in steps if step.action == Action.DISPUTE]
    ends = [step.at for step in steps if step.action in {Action.REFUSE, Action.WITHDRAW, Action.UPHOLD}]
    for n, step in enumerate(raised):
        found["dispute", step.data["judge"], n] = ran(8, step.at, ends[n] if n < len(ends) else None)
    return found


def ran(hours: int, since: datetime, until: datetime | None) -> Clock:
    return Clock(Budget(Timer.WORK_HOUR, hours), (Segment(since, until, ""),))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), length=st.integers(1, 14))
def test_rungs_beside_are_told_again_from_history(district: DemoDistrict, seed: int, length: int) -> None:
    with transaction.atomic():
        case = live(district, seed, length)
        check_replay(case)
        transaction.set_rollback(True)


def check_replay(case: Case) -> None:
    """Check rows, marks and rungs against what the history of the case alone tells."""
    history, calendar = clocks_from_history(case), current_calendar()
    assert check_cases(district_id=HOME, sample=5, at=AT).faults == ()
    rows = [*Dispute.objects.filter(case=case), *WhistleCall.objects.filter(case=case)]
    assert len([key for key in history if key[0] != "opinion"]) == len(rows)
    steps = CaseStep.objects.filter(case=case, action__in=("warn", "escalate"), data__has_key="about")
    written = CaseRung.objects.filter(case=case, about__isnull=False)
    assert sorted(steps.values_list("data__about", "data__clock", "data__mark")) == sorted(
        (str(about), clock, mark) for about, clock, mark in written.values_list("about", "clock", "mark")
    )
    for rung in written.filter(calendar_number=calendar.version):
        again = [mark_at(calendar, clock, rung.mark) for (kind, _office, _n), clock in history.items()
                 if kind == rung.clock]  # fmt: skip
        assert rung.reached_at in again
    now = max(CaseStep.objects.filter(case=case).values_list("at", flat=True))
    for (kind, _office, _n), clock in history.items():
        if clock.is_running:
            due = {rung.mark for rung in passed(calendar, clock, DEFAULT_DEADLINES, at=now)}
            assert due <= set(written.filter(clock=kind).values_list("mark", flat=True))


def test_taking_a_call_back_ends_both_clocks(district: DemoDistrict) -> None:
    case = blow(district, district.open_case_in(**ELDER), lead="water_repair")
    arrive(district, case, at=at(18, 11))
    take_call_back(district_id=HOME, case_id=case.id, organisation_id=district.organisations["water_repair"], note="",
                   version=None, by=district.actor("community_clerk"), at=at(18, 12))  # fmt: skip

    assert climbed(at(27, 10)) == []
