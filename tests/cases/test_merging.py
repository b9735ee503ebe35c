"""Merging a case into another: what stays, what stops, who is told, and that it can be undone."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.checking import check_cases
from linli.cases.actions.merging import merge_case, unmerge_case
from linli.cases.actions.recording import tell
from linli.cases.actions.stepping import RESIDENT, Actor
from linli.cases.choices import Action, State
from linli.cases.errors import CannotMerge, NoSuchCase
from linli.cases.models import Case, CaseStep, ClockSegment, Merging
from linli.cases.queries.detail import get_case
from linli.cases.queries.lists import CaseFilter, count_cases, inbox_counts, list_cases
from linli.cases.queries.public import followed_case, get_public_board
from linli.kernel.errors import NotAllowed, PreconditionFailed
from linli.ledger.commands.models import OutboxMessage
from linli.ledger.facts.models import Fact

HOUR = timedelta(hours=1)
MERGED = AT + HOUR


def merge(
    district: DemoDistrict, case: Case, leading: Case, *, role: str = "community_clerk", at: datetime = MERGED,
    version: int | None = None,
) -> Case:  # fmt: skip
    return merge_case(
        district_id=district.id, case_id=case.id, leading_id=leading.id, version=version, by=district.actor(role), at=at
    )


def unmerge(district: DemoDistrict, case: Case, *, by: Actor | None = None, at: datetime = MERGED + HOUR) -> Case:
    by = by or district.actor("community_clerk")
    return unmerge_case(district_id=district.id, case_id=case.id, version=None, by=by, at=at)


def two(district: DemoDistrict) -> tuple[Case, Case]:
    """Open a case and, as far apart as not to count as a repeat, another one of the same thing."""
    return district.open_case_in("compound"), district.open_case_in("open", at=AT + timedelta(minutes=5))


def clocks(case: Case) -> list[tuple[object, ...]]:
    rows = ClockSegment.objects.filter(case_id=case.id).order_by("clock", "started_at")
    return list(rows.values_list("clock", "started_at", "stopped_at", "why"))


def test_merged_case_leaves_the_open_lists_and_keeps_what_is_its_own(district: DemoDistrict) -> None:
    leading, case = two(district)
    before, viewer = inbox_counts(viewer=district.viewer("community_clerk"), at=AT), district.viewer("community_clerk")
    merged = merge(district, case, leading)
    leading.refresh_from_db()

    assert (merged.number, merged.text, merged.reporters, merged.state) == (case.number, case.text, 1, State.MERGED)
    assert (merged.due_at, merged.closed_at, leading.reporters) == (None, MERGED, 2)
    assert inbox_counts(viewer=viewer, at=MERGED).open == before.open - 1
    worker = district.viewer("grid_worker")
    assert [row.id for row in list_cases(viewer=worker, wanted=CaseFilter(box="todo"), at=MERGED).rows] == [leading.id]
    assert count_cases(viewer=viewer, wanted=CaseFilter(states=("merged",)), at=MERGED) == 1
    assert get_public_board(district_id=district.id, at=MERGED).reported == 1


def test_merging_leaves_steps_and_facts_at_both(district: DemoDistrict) -> None:
    leading, case = two(district)
    merge(district, case, leading)

    steps = CaseStep.objects.exclude(action="report").order_by("id")
    assert list(steps.values_list("case_id", "action", "from_state", "to_state")) == [
        (case.id, "merge", "reported", "merged"), (leading.id, "join", "reported", "reported"),
    ]  # fmt: skip
    facts = (
        Fact.objects.filter(kind__in=("case.merged", "case.joined")).order_by("id").values_list("kind", "subject_id")
    )
    assert list(facts) == [("case.merged", case.id), ("case.joined", leading.id)]


def test_more_reporters_raise_the_score_and_taking_one_out_lowers_it(district: DemoDistrict) -> None:
    leading, case = two(district)
    merge(district, case, leading)
    raised = Case.objects.get(id=leading.id)
    unmerge(district, case)
    lowered = Case.objects.get(id=leading.id)

    assert raised.score == leading.score + 4
    assert raised.solution_due_at == leading.solution_due_at
    assert (lowered.score, lowered.priority_level, lowered.priority_parts, lowered.reporters) == (
        leading.score, leading.priority_level, leading.priority_parts, 1,
    )  # fmt: skip


@pytest.mark.parametrize("state", ["reported", "accepted", "handling", "suspended", "reported_back"])
def test_taken_out_a_case_is_as_it_was(district: DemoDistrict, state: str) -> None:
    leading, case = two(district)
    _bring(district, case, state)
    before, ran = Case.objects.get(id=case.id), clocks(case)
    merge(district, case, leading, at=AT + 5 * HOUR)
    unmerge(district, case, at=AT + 9 * HOUR)
    after = Case.objects.get(id=case.id)

    skipped = {"version", "_state"}
    assert {k: v for k, v in vars(after).items() if k not in skipped} == {
        k: v for k, v in vars(before).items() if k not in skipped
    }
    assert clocks(case) == ran
    assert after.version == before.version + 2
    assert check_cases(district_id=district.id, sample=10, at=AT).faults == ()


def _bring(district: DemoDistrict, case: Case, state: str) -> None:
    by = district.actor("community_clerk")
    ways = {
        "reported": (), "accepted": (Action.ACCEPT,), "handling": (Action.ACCEPT, Action.HANDLE),
        "suspended": (Action.ACCEPT, Action.SUSPEND), "reported_back": (Action.HANDLE, Action.REPORT_BACK),
    }  # fmt: skip
    for action in ways[state]:
        more = {"reason": "waits_for_season", "review_on": (AT + timedelta(days=9)).date()}
        holder = district.actor("department_handler") if action != Action.SUSPEND else by
        district.take(case, action, by=holder, **(more if action == Action.SUSPEND else {}))


def test_merged_cases_fit_each_other_by_the_check_of_all(district: DemoDistrict) -> None:
    leading, case = two(district)
    merge(district, case, leading)

    assert check_cases(district_id=district.id, sample=10, at=AT).faults == ()


def test_one_step_on_the_leading_case_is_told_of_all(district: DemoDistrict) -> None:
    leading, case = two(district)
    merge(district, case, leading)
    OutboxMessage.objects.all().delete()
    district.take(leading, Action.ACCEPT, by=district.actor("grid_worker"), after=2 * HOUR)
    district.take(leading, Action.NOTE, by=district.actor("grid_worker"), after=2 * HOUR, note="内部的话")

    told = list(OutboxMessage.objects.order_by("id").values_list("kind", "subject_id"))
    assert told == [("case.accepted", leading.id), ("case.accepted", case.id), ("case.noted", leading.id)]


def test_reporter_of_a_merged_case_sees_each_step_and_no_word_of_the_other(district: DemoDistrict) -> None:
    leading = district.open_case_in("compound", text="邻居王某家的水管爆了，我姓李")
    case = district.open_case_in("open", at=AT + timedelta(minutes=5))
    district.take(leading, Action.ACCEPT, by=district.actor("grid_worker"), note="给李某打过电话")
    merge(district, case, leading, at=AT + 2 * HOUR)
    by = district.actor("grid_worker")
    district.take(leading, Action.HANDLE, by=by, after=3 * HOUR)
    district.take(leading, Action.REPORT_BACK, by=by, after=4 * HOUR, note="水管换好了")

    followed = followed_case(district_id=district.id, case_id=case.id, at=AT + 5 * HOUR)
    said = [(step.action, step.note) for step in followed.steps]
    assert said == [("report", ""), ("merge", ""), ("handle", ""), ("report-back", "水管换好了")]
    assert (followed.row.number, followed.row.state, followed.can_verify) == (case.number, "reported_back", False)
    assert "李" not in repr(followed)


def test_reporter_may_part_once_the_leading_case_is_finished(district: DemoDistrict) -> None:
    leading, case = two(district)
    merge(district, case, leading)
    resident = Actor(kind=RESIDENT)
    with pytest.raises(CannotMerge, match="leading_still_open"):
        unmerge(district, case, by=resident)
    district.take(leading, Action.REJECT, by=district.actor("community_clerk"), reason="no_such_thing", after=2 * HOUR)

    assert followed_case(district_id=district.id, case_id=case.id, at=AT).can_part
    assert unmerge(district, case, by=resident).state == "reported"
    assert CaseStep.objects.get(case=case, action="unmerge").by_kind == "resident"


def test_merging_twice_into_a_chain_or_a_ring_is_refused(district: DemoDistrict) -> None:
    leading, case = two(district)
    third = district.open_case_in("vacant")
    merge(district, case, leading)

    for who, into, code in (
        (case, third, "merge_of_finished"), (leading, third, "merge_of_leading"), (third, case, "merge_into_finished"),
        (third, third, "merge_with_itself"), (leading, case, "merge_into_finished"),
    ):  # fmt: skip
        with pytest.raises(CannotMerge, match=code):
            merge(district, who, into)
    assert Merging.objects.count() == 1


def test_finished_changed_or_unmerged_case_is_refused(district: DemoDistrict) -> None:
    leading, case = two(district)
    with pytest.raises(PreconditionFailed):
        merge(district, case, leading, version=7)
    with pytest.raises(CannotMerge, match="not_merged"):
        unmerge(district, case)
    district.take(leading, Action.REJECT, by=district.actor("community_clerk"), reason="no_such_thing")
    with pytest.raises(CannotMerge, match="merge_into_finished"):
        merge(district, case, leading)


@pytest.mark.parametrize(("role", "error"), [
    ("district_leader", NotAllowed), ("building_head", NotAllowed), ("property_manager", NoSuchCase),
])  # fmt: skip
def test_only_who_has_them_or_dispatches_there_may_merge(
    district: DemoDistrict, role: str, error: type[Exception]
) -> None:
    leading, case = two(district)
    with pytest.raises(error):
        merge(district, case, leading, role=role)


def test_case_out_of_reach_or_of_another_district_is_not_merged_into(district: DemoDistrict) -> None:
    case, far = district.open_case_in("compound"), district.open_case_in("compound", community=2)
    away = district.open_case_in("other_district")
    for other in (far, away):
        with pytest.raises(NoSuchCase, match="no_such_leading_case"):
            merge(district, case, other)
        with pytest.raises(NoSuchCase):
            merge(district, other, case)


def test_who_sees_one_of_two_learns_only_that_there_is_another(district: DemoDistrict) -> None:
    near, far = district.open_case_in("compound"), district.open_case_in("compound", community=2, text="东边的秘密")
    merge(district, far, near, role="district_dispatcher")

    leading = get_case(viewer=district.viewer("community_clerk"), case_id=near.id, at=MERGED)
    merged = get_case(viewer=district.viewer("community_clerk", community=2), case_id=far.id, at=MERGED)
    assert (leading.together.led, leading.together.hidden, "秘密" in repr(leading)) == ((), 1, False)
    assert (merged.together.leading, merged.together.hidden) == (None, 1)
    assert str(far.id) not in repr(leading)
    assert str(near.id) not in repr(merged)


def test_queries_of_merging_and_of_telling(district: DemoDistrict) -> None:
    leading, case = two(district)
    actor = district.actor("community_clerk")
    with CaptureQueriesContext(connection) as captured:
        merge_case(district_id=district.id, case_id=case.id, leading_id=leading.id, version=1, by=actor, at=MERGED)
    asked = [query for query in captured if "SAVEPOINT" not in query["sql"]]
    leading.refresh_from_db()
    with CaptureQueriesContext(connection) as told:
        tell(leading, Action.ACCEPT, MERGED)

    assert (len(asked), len(told)) == (17, 3)
    assert isinstance(case.id, UUID)
