"""Several people at the same moment, each on a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from tests.factories.district import AT, PATH, DemoDistrict

from linli.cases.actions.joining import join_case
from linli.cases.actions.opening import Caller, Report, open_case
from linli.cases.actions.preventing import Prevention, open_preventive_case
from linli.cases.actions.stepping import Step, take_step
from linli.cases.choices import Action, Source
from linli.cases.models import Case, CaseStep
from linli.kernel.errors import LinliError
from linli.ledger.facts.models import Fact


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run all calls at the same moment; an error of ours is an answer, too."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            start.wait(timeout=120)
            return call()
        except LinliError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def case_facts() -> int:
    return Fact.objects.filter(kind__startswith="case.").count()


def test_same_key_from_many_at_once_makes_one_case(committed_district: DemoDistrict) -> None:
    report, by = committed_district.report(), Caller(Source.API, "visitor:1", key="k", body_hash="b")

    answers = at_once(*[lambda: open_case(report=report, by=by, at=AT)] * 6)

    assert len({answer.case_id for answer in answers}) == 1  # type: ignore[attr-defined]
    assert sorted(answer.is_new for answer in answers) == [False] * 5 + [True]  # type: ignore[attr-defined]
    assert (Case.objects.count(), CaseStep.objects.count(), case_facts()) == (1, 1, 1)


def test_reports_at_once_get_numbers_of_their_own(committed_district: DemoDistrict) -> None:
    report = committed_district.report()

    at_once(*[lambda: open_case(report=report, by=Caller(Source.PORTAL), at=AT)] * 6)

    numbers = Case.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"10626-{n:06d}" for n in range(1, 7)]


@pytest.mark.parametrize("version", [1, None])
def test_of_two_who_take_a_step_one_is_told_that_somebody_was_faster(
    committed_district: DemoDistrict, version: int | None
) -> None:
    case, worker = committed_district.open_case_in(), committed_district.actor("grid_worker")
    step = Step(Action.ACCEPT, version)

    answers = at_once(*[lambda: take_step(district_id="210106", case_id=case.id, step=step, by=worker, at=AT)] * 2)

    told = [answer for answer in answers if isinstance(answer, str)]
    assert told == ["case_changed" if version else "step_not_possible"]
    case.refresh_from_db()
    assert (case.state, case.version, CaseStep.objects.count(), case_facts()) == ("accepted", 2, 2, 2)


def test_joins_at_once_are_all_counted(committed_district: DemoDistrict) -> None:
    case = committed_district.open_case_in()

    report, by = Report("也是"), Caller(Source.PORTAL)
    at_once(*[lambda: join_case(district_id="210106", case_id=case.id, report=report, by=by, at=AT)] * 5)

    case.refresh_from_db()
    assert (case.reporters, case.version, CaseStep.objects.filter(action="join").count()) == (6, 6, 5)
    assert sorted(step.data["reporters"] for step in CaseStep.objects.filter(action="join")) == [2, 3, 4, 5, 6]


def test_task_before_complaints_is_given_once_however_many_ask(committed_district: DemoDistrict) -> None:
    task, by = Prevention("water_burst", PATH[1], "入冬前查水管"), committed_district.viewer("community_clerk")

    answers = at_once(*[lambda: open_preventive_case(task=task, by=by, at=AT)] * 4)

    assert set(answers) == {Case.objects.get().id}
