from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.edges.api.calling import photo
from tests.factories.district import AT, PATH, DemoDistrict

from linli.cases.actions.priorities import override_priority
from linli.cases.actions.stepping import RESIDENT, Actor, Step, take_step
from linli.cases.choices import Action, State
from linli.cases.errors import EvidenceMissing, NoSuchCase, StepNotPossible
from linli.cases.models import Case, CaseStep
from linli.kernel.errors import InvalidInput, LinliError, NotAllowed, PreconditionFailed
from linli.ledger.facts.models import Fact
from linli.registry.orgs.models import Organisation
from linli.registry.people.models import Post
from linli.support.files.actions import store_file

HOUR = timedelta(hours=1)


def kinds_of(case: Case) -> list[str]:
    return list(Fact.objects.filter(subject_id=case.id).order_by("id").values_list("kind", flat=True))


def stored_photo(district: DemoDistrict, by: Actor) -> UUID:
    file = store_file(district_id=district.id, file=photo(), claimed_name="1.png", by=by.caller, at=AT)
    return file.id


def test_whole_way_from_report_to_close(district: DemoDistrict) -> None:
    case, worker, clerk = district.open_case_in(), district.actor("grid_worker"), district.actor("call_back_clerk")
    for action, by in ((Action.ACCEPT, worker), (Action.HANDLE, worker), (Action.REPORT_BACK, worker),
                       (Action.VERIFY, clerk), (Action.CLOSE, clerk)):  # fmt: skip
        case = district.take(case, action, by=by)

    steps = CaseStep.objects.filter(case_id=case.id).order_by("id").values_list("action", "from_state", "to_state")
    assert list(steps) == [
        ("report", "", "reported"), ("accept", "reported", "accepted"), ("handle", "accepted", "handling"),
        ("report-back", "handling", "reported_back"), ("verify", "reported_back", "verified"),
        ("close", "verified", "closed"),
    ]  # fmt: skip
    assert kinds_of(case) == ["case.opened", "case.accepted", "case.handled", "case.reported_back", "case.verified",
                              "case.closed"]  # fmt: skip
    assert (case.version, case.state, case.closed_at, case.due_at, case.amber_at) == (
        6,
        "closed",
        AT + HOUR,
        None,
        None,
    )


def test_step_says_who_took_it(district: DemoDistrict) -> None:
    case, worker = district.open_case_in(), district.actor("grid_worker")
    district.take(case, Action.ACCEPT, by=worker, note="马上到")
    step = CaseStep.objects.get(action="accept")
    fact = Fact.objects.get(kind="case.accepted")

    assert (step.by_kind, step.by_person, step.by_post, step.note) == (
        "staff", worker.viewer.person_id, district.post_of("grid_worker"), "马上到")  # fmt: skip
    assert (fact.actor_id, fact.area_path, fact.post_id, fact.data) == (
        worker.viewer.person_id, case.area_path, case.post_id,
        {"category": "water_burst", "from": "reported", "to": "accepted"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("action", "more", "error", "said"),
    [
        (Action.CLOSE, {}, StepNotPossible, "step_not_possible action=close, state=reported"),
        (Action.RETURN, {}, InvalidInput, "reason_missing reason"),
        (Action.RETURN, {"reason": "lazy"}, InvalidInput, "reason_missing reason"),
        (Action.ACCEPT, {"note": "一" * 1001}, InvalidInput, "note_too_long note most=1000"),
        (Action.ACCEPT, {"version": 7}, PreconditionFailed, "case_changed version=1"),
        (Action.DISPATCH, {}, NotAllowed, "step_is_others"),
        (Action.TRANSFER, {}, InvalidInput, "to_whom_missing to_organisation"),
        (Action.TRANSFER, {"to_post": UUID(int=1)}, InvalidInput, "no_such_post to_post"),
        (Action.TRANSFER, {"to_organisation": UUID(int=1)}, InvalidInput, "no_such_organisation to_organisation"),
    ],
)  # fmt: skip
def test_step_that_cannot_be_taken_leaves_nothing(
    district: DemoDistrict, action: Action, more: dict[str, Any], error: type[LinliError], said: str
) -> None:
    case = district.open_case_in()

    with pytest.raises(error) as caught:
        district.take(case, action, by=district.actor("grid_worker"), **more)

    assert str(caught.value).startswith(said)
    assert Case.objects.values().get(id=case.id) == Case.objects.values().get(version=1, state="reported")
    assert (CaseStep.objects.count(), kinds_of(case)) == (1, ["case.opened"])


def test_unknown_and_foreign_cases_look_alike(district: DemoDistrict) -> None:
    case, stranger = district.open_case_in(), district.actor("grid_worker", community=2)
    said = []
    for case_id in (case.id, UUID(int=1)):
        with pytest.raises(NoSuchCase) as caught:
            take_step(district_id="210106", case_id=case_id, step=Step(Action.ACCEPT), by=stranger, at=AT)
        said.append(str(caught.value))

    assert said == ["no_such_case", "no_such_case"]


def test_suspending_asks_for_a_review_date(district: DemoDistrict) -> None:
    case, worker = district.open_case_in(), district.actor("grid_worker")
    district.take(case, Action.ACCEPT, by=worker)

    with pytest.raises(InvalidInput, match="review_date_missing"):
        district.take(case, Action.SUSPEND, by=worker, reason="waits_for_season")


@pytest.mark.parametrize("note", ["", "   "])
def test_report_back_needs_a_note(district: DemoDistrict, note: str) -> None:
    case, worker = district.open_case_in(), district.actor("grid_worker")
    district.take(case, Action.HANDLE, by=worker)

    with pytest.raises(EvidenceMissing, match="note_missing"):
        district.take(case, Action.REPORT_BACK, by=worker, note=note)


def test_report_back_of_a_hazard_needs_a_photo(district: DemoDistrict) -> None:
    case, worker = district.open_case_in(category="fire_hazard"), district.actor("grid_worker")
    district.take(case, Action.HANDLE, by=worker)

    with pytest.raises(EvidenceMissing, match="photo_missing"):
        district.take(case, Action.REPORT_BACK, by=worker)


def test_photo_of_the_first_report_back_does_not_prove_the_second(district: DemoDistrict) -> None:
    case, worker = district.open_case_in(category="fire_hazard"), district.actor("grid_worker")
    district.take(case, Action.HANDLE, by=worker)
    district.take(case, Action.REPORT_BACK, by=worker, file_ids=(stored_photo(district, worker),))
    district.take(case, Action.RETURN, by=district.actor("call_back_clerk"), reason="not_done", after=2 * HOUR)

    with pytest.raises(EvidenceMissing, match="photo_missing"):
        district.take(case, Action.REPORT_BACK, by=worker, after=3 * HOUR)
    new = stored_photo(district, worker)
    done = district.take(case, Action.REPORT_BACK, by=worker, file_ids=(new,), after=3 * HOUR)
    assert done.state == "reported_back"


def test_return_goes_one_level_up_each_time(district: DemoDistrict) -> None:
    case = district.open_case_in()
    way = []
    for role in ("grid_worker", "community_secretary", "subdistrict_dispatcher", "district_dispatcher"):
        Case.objects.filter(id=case.id).update(times_returned=0)  # how often it may be is told in test_disputing.py
        case = district.take(case, Action.RETURN, by=district.actor(role), reason="needs_others")
        way.append((case.level, case.post_id))

    assert way == [
        ("community", district.post_of("community_secretary")),
        ("subdistrict", district.post_of("subdistrict_dispatcher")),
        ("district", district.post_of("district_dispatcher")),
        ("district", district.post_of("district_dispatcher")),
    ]


def test_return_by_a_department_goes_to_the_district(district: DemoDistrict) -> None:
    case = district.open_case_in("open")
    case = district.take(case, Action.RETURN, by=district.actor("department_handler"), reason="wrong_place")

    assert (case.post_id, case.level) == (district.post_of("district_dispatcher"), "district")


def test_return_passes_over_a_level_that_nobody_holds(district: DemoDistrict) -> None:
    Post.objects.filter(id=district.post_of("community_secretary")).update(ends_on=AT.date() - timedelta(days=1))
    case = district.open_case_in()
    case = district.take(case, Action.RETURN, by=district.actor("grid_worker"), reason="needs_others")

    assert (case.post_id, case.level) == (district.post_of("subdistrict_dispatcher"), "subdistrict")


def test_return_tells_from_whom_to_whom(district: DemoDistrict) -> None:
    case = district.open_case_in()
    district.take(case, Action.RETURN, by=district.actor("grid_worker"), reason="needs_others")
    gave = {"gave_from": str(district.post_of("grid_worker")), "gave_to": str(district.post_of("community_secretary")),
            "level": "community", "held_s": 3600,
            "returned_by": str(district.organisations["committee_1"])}  # fmt: skip

    assert CaseStep.objects.get(action="return").data == gave
    assert Fact.objects.get(kind="case.returned").data == {
        "category": "water_burst", "from": "reported", "to": "reported", "reason": "needs_others", **gave,
    }  # fmt: skip


def test_transfer_to_an_organisation_waits_for_anybody_in_it(district: DemoDistrict) -> None:
    case, to = district.open_case_in(), district.organisations["heating_office"]
    case = district.take(case, Action.TRANSFER, by=district.actor("grid_worker"), to_organisation=to)

    assert (case.organisation_id, case.post_id, case.level, case.state) == (to, None, "district", "reported")
    assert district.take(case, Action.ACCEPT, by=district.actor("department_handler", community=2)).state == "accepted"


@pytest.mark.parametrize("name", ["post", "organisation"])
def test_transfer_to_what_has_ended_is_refused(district: DemoDistrict, name: str) -> None:
    yesterday = AT.date() - timedelta(days=1)
    post, office = district.post_of("grid_worker", community=2), district.organisations["heating_office"]
    Post.objects.filter(id=post).update(ends_on=yesterday)
    Organisation.objects.filter(id=office).update(ends_on=yesterday)
    to = {"to_post": post} if name == "post" else {"to_organisation": office}

    with pytest.raises(InvalidInput, match=f"no_such_{name}"):
        district.take(district.open_case_in(), Action.TRANSFER, by=district.actor("grid_worker"), **to)


def test_transfer_to_a_post_of_the_other_district_is_refused(district: DemoDistrict) -> None:
    to = district.posts["away-grid_worker"]

    with pytest.raises(InvalidInput, match="no_such_post"):
        district.take(district.open_case_in(), Action.TRANSFER, by=district.actor("grid_worker"), to_post=to)


def test_note_on_a_suspended_case_keeps_where_it_came_from(district: DemoDistrict) -> None:
    case, worker = district.open_case_in(), district.actor("grid_worker")
    district.take(case, Action.HANDLE, by=worker)
    review_on = AT.date() + timedelta(days=30)
    district.take(case, Action.SUSPEND, by=worker, reason="waits_for_season", review_on=review_on)
    noted = district.take(case, Action.NOTE, by=worker, note="还在等")
    resumed = district.take(case, Action.RESUME, by=worker)

    assert (noted.state, noted.state_before, noted.review_on) == ("suspended", "handling", review_on)
    assert (resumed.state, resumed.state_before, resumed.review_on) == ("handling", "", None)


def test_override_moves_level_and_score_and_keeps_deadline_and_parts(district: DemoDistrict) -> None:
    case = district.open_case_in()
    done = override_priority(district_id="210106", case_id=case.id, level=1, note="医院门口", version=1,
                             by=district.actor("community_secretary"), at=AT + HOUR)  # fmt: skip
    done.refresh_from_db()

    assert (done.priority_level, done.score, done.is_overridden, done.version) == (1, 90, True, 2)
    assert (done.due_at, done.priority_parts) == (case.due_at, case.priority_parts)


@pytest.mark.parametrize(("level", "note", "error"), [(5, "x", "unknown_level"), (1, " ", "reason_missing")])
def test_override_without_level_or_reason_is_refused(district: DemoDistrict, level: int, note: str, error: str) -> None:
    case = district.open_case_in()

    with pytest.raises(InvalidInput, match=error):
        override_priority(district_id="210106", case_id=case.id, level=level, note=note, version=1,
                          by=district.actor("community_secretary"), at=AT)  # fmt: skip


def test_resident_takes_no_step_of_staff(district: DemoDistrict) -> None:
    with pytest.raises(NotAllowed, match="step_is_staffs"):
        district.take(district.open_case_in(), Action.ACCEPT, by=Actor(kind=RESIDENT))


@pytest.mark.parametrize(
    ("action", "role", "queries"),
    [(Action.TRANSFER, "grid_worker", 8), (Action.ACCEPT, "grid_worker", 9), (Action.RETURN, "grid_worker", 9)],
)
def test_queries_of_a_step(district: DemoDistrict, action: Action, role: str, queries: int) -> None:
    case, by = district.open_case_in(), district.actor(role)
    step = Step(
        action,
        reason="beyond_power" if action == Action.RETURN else "",
        to_post=district.post_of("community_secretary"),
    )

    with CaptureQueriesContext(connection) as captured:
        take_step(district_id="210106", case_id=case.id, step=step, by=by, at=AT)

    said = [query["sql"][:90] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(said) == queries, "\n".join(said)


def test_case_in_a_departments_hands_is_routed_by_its_area(district: DemoDistrict) -> None:
    """A handler for one street is no candidate for another."""
    Post.objects.filter(id=district.post_of("department_handler")).update(area_id=district.areas["210106007"])

    here, there = district.open_case_in("open"), district.open_case_in("open", community=2)

    assert (here.post_id, here.is_hole) == (district.post_of("community_secretary"), True)
    assert (there.post_id, there.is_hole) == (district.post_of("department_handler"), False)
    assert there.area_path.startswith(PATH[2])


def test_characters_that_the_database_cannot_keep_are_dropped(district: DemoDistrict) -> None:
    case = district.open_case_in(text="水管\0爆了", address="8\0号", point=None, area_code="210106003\x00006")
    district.take(case, Action.NOTE, by=district.actor("community_secretary"), note="看\0到")

    assert (case.text, case.place, case.area_path) == ("水管爆了", "8号", PATH[1])
    assert CaseStep.objects.get(action="note").note == "看到"


def test_state_enum_and_case_agree(district: DemoDistrict) -> None:
    assert State(district.open_case_in().state) is State.REPORTED
