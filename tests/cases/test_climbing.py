"""Cases of level 2, reported on a Wednesday at ten: answered by 16:00, solved by Monday evening."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, GRID, DemoDistrict

from linli.cases.actions.climbing import climb
from linli.cases.actions.recording import FACTS
from linli.cases.actions.rulebooks import publish_rulebook
from linli.cases.choices import Action, RulebookKind
from linli.cases.models import Case, CaseRung, CaseStep
from linli.cases.queries.ladder import try_ladder
from linli.cases.queries.lists import CaseFilter, count_cases, list_cases
from linli.cases.queries.rulebooks import list_workflows, rulebook_content
from linli.cases.queries.soundness import find_faults
from linli.cases.tasks import _tell
from linli.kernel.errors import NotAllowed
from linli.ledger.commands.actions import deliver_pending
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.facts.models import Fact
from linli.registry.people.models import Absence, Post
from linli.support.notices.models import Notice

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return AT.replace(day=day, hour=hour, minute=minute)


def climbed(case: Case) -> list[tuple[str, int]]:
    rows = CaseRung.objects.filter(case_id=case.id).order_by("reached_at", "mark")
    return list(rows.values_list("clock", "mark"))


def person_of(district: DemoDistrict, role: str) -> UUID:
    return Post.objects.get(id=district.post_of(role)).person_id


def told(district: DemoDistrict, kind: str) -> set[UUID]:
    return set(Notice.objects.filter(district_id=district.id, kind=kind).values_list("person_id", flat=True))


def test_each_rung_is_climbed_once_and_in_order(district: DemoDistrict) -> None:
    case = district.open_case_in()

    counts = [climb(district_id=district.id, at=moment) for moment in (
        AT + HOUR, at(18, 12, 1), at(18, 12, 2), at(18, 15, 13), at(18, 16), at(18, 16, 1), at(18, 17),
    )]  # fmt: skip

    assert counts == [0, 1, 0, 1, 0, 1, 0]
    assert climbed(case) == [("response", 50), ("response", 80), ("response", 100)]
    steps = CaseStep.objects.filter(case=case).order_by("id").values_list("action", flat=True)
    facts = Fact.objects.filter(subject_id=case.id).order_by("id").values_list("kind", flat=True)
    assert list(steps) == ["report", "warn", "warn", "escalate", "give-card"]
    assert list(facts) == [FACTS[action] for action in steps]
    assert Case.objects.get(id=case.id).version == case.version  # nothing that somebody has open becomes stale


def test_after_a_standstill_all_rungs_are_written_and_only_the_highest_is_told(district: DemoDistrict) -> None:
    case = district.open_case_in()

    climb(district_id=district.id, at=at(19, 17))

    assert climbed(case) == [("response", 50), ("response", 80), ("response", 100), ("solution", 50)]
    told_in_order = CaseStep.objects.filter(case=case, action__in=("warn", "escalate")).order_by("at", "id")
    assert list(told_in_order.values_list("data__mark", flat=True)) == [50, 80, 100, 50]
    queued = OutboxMessage.objects.filter(subject_id=case.id).exclude(kind="case.opened")
    assert [row.kind for row in queued] == ["case.escalated"]


def test_the_next_one_up_is_named_and_told_and_the_holder_keeps_the_case(district: DemoDistrict) -> None:
    case = district.open_case_in()
    climb(district_id=district.id, at=at(18, 16, 1))

    deliver_pending(district_id=district.id, handlers=dict.fromkeys(FACTS.values(), _tell), at=at(18, 16, 2))

    rung = CaseRung.objects.get(case=case, mark=100)
    secretary = person_of(district, "community_secretary")
    assert (rung.to_post, rung.to_person, rung.level) == (
        district.post_of("community_secretary"), secretary, "community"
    )  # fmt: skip
    assert told(district, "case.escalated") == {secretary, person_of(district, "grid_worker")}
    assert Case.objects.get(id=case.id).post_id == case.post_id


def test_further_rungs_go_further_up_to_the_districts_leader(district: DemoDistrict) -> None:
    case = district.open_case_in()

    climb(district_id=district.id, at=at(18, 10) + 30 * DAY)

    rows = CaseRung.objects.filter(case=case, clock="response", mark__gte=100).order_by("mark")
    assert [row.to_post for row in rows] == [
        district.post_of(role) for role in ("community_secretary", "subdistrict_dispatcher", "district_dispatcher")
    ]
    content = rulebook_content(district_id=district.id, kind=RulebookKind.DEADLINES)[1]
    content |= {"up_after_hours": [0, 24, 72, 300]}
    publish_rulebook(
        district_id=district.id, kind=RulebookKind.DEADLINES, content=content, follows=1, reason="再加一级",
        by=district.viewer("catalogue_keeper"), at=AT,
    )  # fmt: skip
    other = district.open_case_in(text="第二件事")
    climb(district_id=district.id, at=at(18, 10) + 90 * DAY)
    last = CaseRung.objects.get(case=other, clock="response", mark=400)
    assert (last.to_post, last.rulebook_number) == (district.post_of("district_leader"), 2)


def test_a_hole_is_passed_over_and_a_deputy_stands_in(district: DemoDistrict) -> None:
    Post.objects.filter(id=district.post_of("community_secretary")).update(ends_on=at(17, 0).date())
    deputy = person_of(district, "community_clerk")
    Absence.objects.create(
        district_id=district.id, post_id=district.post_of("subdistrict_dispatcher"), deputy_id=deputy, kind="leave",
        starts_on=at(17, 0).date(), ends_on=at(25, 0).date(), made_at=AT,
    )  # fmt: skip
    case = district.open_case_in()

    climb(district_id=district.id, at=at(18, 16, 1))

    rung = CaseRung.objects.get(case=case, mark=100)
    assert (rung.to_post, rung.to_person) == (district.post_of("subdistrict_dispatcher"), deputy)


def test_a_departments_case_goes_to_its_head_first(district: DemoDistrict) -> None:
    case = district.open_case_in("open")

    climb(district_id=district.id, at=at(18, 16) + 30 * DAY)

    rows = CaseRung.objects.filter(case=case, clock="response", mark__gte=100).order_by("mark")
    assert [row.to_post for row in rows] == [
        district.post_of(role) for role in ("department_head", "district_dispatcher", "district_leader")
    ]


def test_an_answer_stops_the_first_ladder_and_a_pause_the_second(district: DemoDistrict) -> None:
    worker = district.actor("grid_worker")
    case = district.take(district.open_case_in(), Action.ACCEPT, by=worker)
    district.take(case, Action.SUSPEND, by=worker, after=2 * HOUR, reason="waits_for_season",
                  review_on=at(28, 0).date())  # fmt: skip

    assert climb(district_id=district.id, at=at(27, 10)) == 0

    district.take(case, Action.RESUME, by=worker, after=9 * DAY)  # Friday 10:00, after two hours of 24
    assert climb(district_id=district.id, at=at(30, 12, 1)) == 1
    assert climbed(case) == [("solution", 50)]


def test_what_goes_on_does_not_climb_anew(district: DemoDistrict) -> None:
    case = district.open_case_in()
    climb(district_id=district.id, at=at(24, 10))
    before = climbed(case)
    district.handled(case, by=district.actor("grid_worker"), after=6 * DAY + HOUR)
    assert climb(district_id=district.id, at=at(26, 10)) == 0

    district.take(case, Action.RETURN, by=district.actor("call_back_clerk"), after=9 * DAY, reason="not_done")
    climb(district_id=district.id, at=at(30, 10))

    assert ("solution", 100) in before
    assert len(climbed(case)) == len(set(climbed(case)))
    assert set(climbed(case)) >= set(before)


def test_messages_wait_out_the_night_and_steps_do_not(district: DemoDistrict) -> None:
    late, urgent = district.open_case_in(), district.open_case_in(category="gas", text="楼道有煤气味")
    OutboxMessage.objects.all().delete()

    climb(district_id=district.id, at=at(18, 23))

    assert set(CaseStep.objects.filter(case=late, action="escalate").values_list("at", flat=True)) == {at(18, 23)}
    waits = dict(OutboxMessage.objects.values_list("subject_id", "next_try_at"))
    assert waits == {late.id: at(19, 8), urgent.id: at(18, 23)}


def test_a_rung_can_not_be_written_twice(district: DemoDistrict) -> None:
    case = district.open_case_in()
    climb(district_id=district.id, at=at(18, 12, 1))
    row = CaseRung.objects.get(case=case)
    row.id = UUID(int=7)

    with pytest.raises(IntegrityError, match="rung_once"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("batch", [200, 2])
def test_many_cases_are_climbed_by_a_fixed_number_of_questions(district: DemoDistrict, batch: int) -> None:
    def asked(count: int) -> int:
        for number in range(count):
            district.open_case_in(point=None, area_code=GRID[1], text=f"第{count}批第{number}件事")
        with CaptureQueriesContext(connection) as found:
            assert climb(district_id=district.id, at=at(18, 16, 1), batch=batch) == 3 * count
        return len([query for query in found if "SAVEPOINT" not in query["sql"]])

    asked(1)
    if batch == 2:
        assert asked(2) <= 2 * asked(1)
        return
    assert asked(1) == asked(5) <= 19


def test_the_books_balance_with_rungs_in_them(district: DemoDistrict) -> None:
    district.open_case_in()
    climb(district_id=district.id, at=at(19, 17))

    assert find_faults(district.id, workflows=list_workflows(district.id), fact_kinds=FACTS) == []


def test_who_was_named_finds_the_case_in_a_list(district: DemoDistrict) -> None:
    case = district.open_case_in()
    district.open_case_in(community=2, text="另一件")
    climb(district_id=district.id, at=at(18, 16, 1))
    named = CaseFilter(box="escalated")

    def ids(role: str, community: int = 1) -> list[UUID]:
        viewer = district.viewer(role, community=community)
        rows = list_cases(viewer=viewer, wanted=named, at=AT).rows
        assert count_cases(viewer=viewer, wanted=named, at=AT) == len(rows)
        return [row.id for row in rows]

    assert ids("community_secretary") == [case.id]
    assert len(ids("community_secretary", 2)) == 1
    assert ids("community_secretary", 2) != [case.id]
    assert ids("subdistrict_secretary") == []


def test_a_dry_run_tells_the_same_as_the_ladder_and_writes_nothing(district: DemoDistrict) -> None:
    case = district.open_case_in()
    keeper, now = district.viewer("catalogue_keeper"), at(19, 17)

    run = try_ladder(viewer=keeper, at=now, days=7)

    assert (CaseRung.objects.count(), CaseStep.objects.count(), OutboxMessage.objects.count()) == (0, 1, 1)
    climb(district_id=district.id, at=now)
    assert sorted((row.clock, row.rung.mark) for row in run.rows) == sorted(climbed(case))
    assert {row.named.post_id for row in run.rows if row.named} == {district.post_of("community_secretary")}
    assert (run.total, run.cases) == (4, 1)
    assert [row.rung.mark for row in try_ladder(viewer=keeper, at=now, days=0).rows] == [50, 100]
    other = try_ladder(viewer=keeper, at=now, days=7, settings={"warn_percents": [], "up_after_hours": [0]})
    assert dict(other.counts) == {("response", 100): 1}


def test_a_dry_run_is_for_who_may_edit_the_rules(district: DemoDistrict) -> None:
    with pytest.raises(NotAllowed):
        try_ladder(viewer=district.viewer("community_secretary"), at=AT, days=7)


def test_a_dry_run_asks_the_same_for_one_and_three_cases(district: DemoDistrict) -> None:
    keeper = district.viewer("catalogue_keeper")

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            try_ladder(viewer=keeper, at=at(19, 17), days=7)
        return len(found)

    district.open_case_in()
    asked()
    one = asked()
    district.open_case_in(text="第二件")
    district.open_case_in("open", text="第三件")

    assert asked() == one <= 14
