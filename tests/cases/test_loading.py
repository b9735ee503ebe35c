"""A life loaded in one go and the same life lived step by step leave the same rows."""

from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, models, transaction
from tests.factories.district import AT, TODAY, DemoDistrict

from linli.cases.actions.loading import Batch, LifeStep, bear, live, load_packed, pack
from linli.cases.actions.opening import Caller, Contact, open_case
from linli.cases.actions.routing import assign
from linli.cases.actions.stepping import BY_ITSELF, RESIDENT, Actor
from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.actions.whistling import Marks, Whistled, evaluate_help, give_opinion, report_in, whistle
from linli.cases.calc.whistles import due_within
from linli.cases.choices import Action, Satisfaction, Source, VerifiedBy
from linli.cases.errors import StepNotPossible
from linli.cases.models import Case, CaseStep, ClockSegment, Reporter, Verification, WhistleCall
from linli.cases.queries.rulebooks import current_rulebooks
from linli.kernel.crypto import decrypt
from linli.kernel.ids import new_id
from linli.ledger.commands.actions import next_number
from linli.ledger.facts.models import Fact, Seal
from linli.registry.people.choices import Verb
from linli.registry.people.queries import Holder, find_holder
from linli.registry.territory.queries import locate
from linli.support.calendar.queries import current_calendar

HOUR = timedelta(hours=1)
REVIEW = date(2026, 12, 1)
_IDS = {"id", "case_id", "subject_id", "search", "recorded_at", "is_sampled", "name", "phone"}


def holder(district: DemoDistrict, role: str) -> Holder:
    found = find_holder(district_id=district.id, post_id=district.post_of(role), verb=Verb.SEE_CASES, on=TODAY)
    assert found is not None
    return found


def said(finding: Finding) -> dict[str, Any]:
    return {"method": finding.method.value, "effective": finding.was_reached, "contacted": finding.was_contacted,
            "solved": finding.is_solved, "satisfaction": finding.satisfaction.value, "subject": "solution"}  # fmt: skip


UNHAPPY = Finding(VerifiedBy.REPORTER, satisfaction=Satisfaction.DISSATISFIED, comment="又漏了")
HAPPY = Finding(VerifiedBy.CALL, satisfaction=Satisfaction.BASICALLY, comment="还行")


MINUTE = timedelta(minutes=1)
QUICK = {"speed": "quick", "result": "solved"}


def whistled(district: DemoDistrict) -> list[LifeStep]:
    """Tell a whistle as lives do, between handling and suspending."""
    worker, office = holder(district, "grid_worker"), holder(district, "department_handler")
    at, about = AT + 2 * HOUR, {"organisation": str(office.organisation_id)}
    due_at = due_within(current_calendar(), 16, at + MINUTE)
    called = {"called": [*about.values()], "lead": about["organisation"], "caller": str(worker.organisation_id),
              "hours": 16, "due_at": due_at.isoformat()}  # fmt: skip
    come = {**about, "late": False, "due_at": due_at.astimezone(UTC).isoformat()}
    opinion_due = due_within(current_calendar(), 24, at + 2 * MINUTE).astimezone(UTC).isoformat()
    said = {**come, "opinion_due_at": opinion_due, "opinion_late": False}
    return [
        LifeStep(Action.WHISTLE, at + MINUTE, worker, note="来", data=called),
        LifeStep(Action.REPORT_IN, at + 2 * MINUTE, office, data={**come, "opinion_hours": 24}),
        LifeStep(Action.OPINION, at + 3 * MINUTE, office, note="阀门坏", data=said),
        LifeStep(Action.EVALUATE, at + 4 * MINUTE, worker, data={**about, **QUICK}),
    ]


def whistle_through(district: DemoDistrict, case: Case) -> None:
    worker, office = district.actor("grid_worker"), district.actor("department_handler")
    took: dict[str, Any] = {"district_id": case.district_id, "case_id": case.id}
    at, water = AT + 2 * HOUR, district.organisations["water_repair"]
    called = Whistled((), "来", lead=water)
    whistle(**took, whistled=called, by=worker, at=at + MINUTE)
    report_in(**took, note="", by=office, at=at + 2 * MINUTE)
    give_opinion(**took, note="阀门坏", by=office, at=at + 3 * MINUTE)
    evaluate_help(**took, marks=Marks(water, **QUICK), by=worker, at=at + 4 * MINUTE)


def life_of(district: DemoDistrict) -> list[LifeStep]:
    worker, secretary, clerk = (
        holder(district, role) for role in ("grid_worker", "community_secretary", "call_back_clerk")
    )
    return [
        LifeStep(Action.ACCEPT, AT + HOUR, worker, note="到"),
        LifeStep(Action.HANDLE, AT + 2 * HOUR, worker),
        *whistled(district),
        LifeStep(Action.SUSPEND, AT + 3 * HOUR, worker, reason="waits_for_season", review_on=REVIEW),
        LifeStep(Action.RESUME, AT + 30 * HOUR, worker),
        LifeStep(Action.REPORT_BACK, AT + 31 * HOUR, worker, note="修好了"),
        LifeStep(Action.VERIFY, AT + 32 * HOUR, by_kind="resident", note="又漏了", outcome="dissatisfied", to=secretary,
                 data=said(UNHAPPY)),
        LifeStep(Action.HANDLE, AT + 33 * HOUR, secretary),
        LifeStep(Action.REPORT_BACK, AT + 34 * HOUR, secretary, note="换了阀门"),
        LifeStep(Action.VERIFY, AT + 35 * HOUR, clerk, note="还行", data=said(HAPPY)),
        LifeStep(Action.CLOSE, AT + 60 * HOUR, by_kind="system"),
    ]  # fmt: skip


def live_through(district: DemoDistrict, case: Case) -> None:
    worker, secretary, clerk = (
        district.actor(role) for role in ("grid_worker", "community_secretary", "call_back_clerk")
    )
    took = {"district_id": case.district_id, "case_id": case.id, "version": None}
    district.take(case, Action.ACCEPT, by=worker, note="到")
    district.take(case, Action.HANDLE, by=worker, after=2 * HOUR, note="")
    whistle_through(district, case)
    district.take(case, Action.SUSPEND, by=worker, after=3 * HOUR, reason="waits_for_season", review_on=REVIEW, note="")
    district.take(case, Action.RESUME, by=worker, after=30 * HOUR, note="")
    district.take(case, Action.REPORT_BACK, by=worker, after=31 * HOUR, note="修好了")
    verify_case(**took, finding=UNHAPPY, by=Actor(kind=RESIDENT), at=AT + 32 * HOUR)
    district.take(case, Action.HANDLE, by=secretary, after=33 * HOUR, note="")
    district.take(case, Action.REPORT_BACK, by=secretary, after=34 * HOUR, note="换了阀门")
    verify_case(**took, finding=HAPPY, by=clerk, at=AT + 35 * HOUR)
    district.take(case, Action.CLOSE, by=Actor(kind=BY_ITSELF), after=60 * HOUR, note="")


def load(district: DemoDistrict, life: list[LifeStep], *, number: str = "10626-000001") -> Case:
    report = district.report(contact=Contact("王小明", "024-55550199"))
    books, calendar = current_rulebooks("210106"), current_calendar()
    assert report.point is not None
    located = locate(lng=report.point.lng, lat=report.point.lat, crs="GCJ-02", at=AT)
    born = bear(
        case_id=new_id(), number=number, report=report, source="portal", located=located, repeats=0, books=books,
        assigned=assign(located=located, category="water_burst", books=books, at=AT), calendar=calendar, at=AT,
    )  # fmt: skip
    batch = Batch()
    live(born, life, books=books, calendar=calendar, batch=batch)
    assert load_packed(pack(batch, seal_number=1 + Seal.objects.count()), at=AT) == 1
    return Case.objects.get(number=number)


def rows_of(model: type[models.Model], **which: Any) -> list[dict[str, Any]]:
    """Read the rows about a case without what is made anew each time."""
    found = model._default_manager.filter(**which).values()
    order = [name for name in ("clock", "at", "started_at") if name in {field.name for field in model._meta.fields}]
    return [{name: value for name, value in row.items() if name not in _IDS} for row in found.order_by(*order, "id")]


def all_rows(case_id: UUID) -> dict[str, list[dict[str, Any]]]:
    about = {
        model.__name__: rows_of(model, case_id=case_id)
        for model in (CaseStep, ClockSegment, Verification, Reporter, WhistleCall)
    }
    return about | {"Case": rows_of(Case, id=case_id), "Fact": rows_of(Fact, subject_id=case_id)}


def test_loaded_life_leaves_the_rows_of_a_lived_one(district: DemoDistrict) -> None:
    report = district.report(contact=Contact("王小明", "024-55550199"))
    lived = open_case(report=report, by=Caller(Source.PORTAL), at=AT)
    live_through(district, Case.objects.get(id=lived.case_id))
    expected = all_rows(lived.case_id)
    Case.objects.filter(id=lived.case_id).update(number="10626-900001", closed_at=AT + HOUR)

    loaded = load(district, life_of(district))

    found = all_rows(loaded.id)
    for name, rows in expected.items():
        assert found[name] == rows, name


def test_loaded_contact_is_encrypted_and_search_finds_the_case(district: DemoDistrict) -> None:
    case = load(district, [])
    row = Reporter.objects.get(case_id=case.id)

    assert decrypt(row.phone, purpose="reporter.phone") == "024-55550199"
    assert Case.objects.filter(search="水管").exists()


def test_numbers_go_on_after_a_load(district: DemoDistrict) -> None:
    load(district, [], number="10626-000417")

    assert next_number(district_id="210106", name="case", year=2026) == 418
    assert district.open_case_in("open").number == "10626-000419"


@pytest.mark.parametrize("action", [Action.CLOSE, Action.VERIFY, Action.RESUME])
def test_life_that_the_table_does_not_allow_is_refused(district: DemoDistrict, action: Action) -> None:
    with pytest.raises(StepNotPossible, match=f"case=10626-000001, action={action}, state=reported"):
        load(district, [LifeStep(action, AT + HOUR)])

    assert not Case.objects.exists()


def test_batch_is_written_whole_or_not_at_all(district: DemoDistrict) -> None:
    load(district, [])
    steps = CaseStep.objects.count()

    with pytest.raises(IntegrityError, match="case_number"), transaction.atomic():
        load(district, [LifeStep(Action.ACCEPT, AT + HOUR, holder(district, "grid_worker"))])

    assert (Case.objects.count(), CaseStep.objects.count()) == (1, steps)
