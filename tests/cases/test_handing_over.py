"""All open work of posts goes to another post in one step, with a trace on each case and in few queries."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, PATH, TODAY, DemoDistrict

from linli.cases.actions.handing_over import hand_over
from linli.cases.choices import Action, State
from linli.cases.models import Case, CaseStep
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.cases.queries.open_work import count_open_work
from linli.cases.rules import may_see_case, visible_to
from linli.cases.tasks import _tell
from linli.kernel.errors import LinliError
from linli.ledger.commands.actions import deliver_pending
from linli.ledger.facts.models import Fact
from linli.registry.people.models import Post
from linli.registry.people.rules import Viewer
from linli.support.notices.models import Notice


def worker_case(district: DemoDistrict, number: int = 1) -> Case:
    return district.open_case_in("compound", text=f"第{number}处水管爆裂", at=AT + timedelta(minutes=number))


def over(
    district: DemoDistrict, role: str = "grid_worker", to: str = "community_secretary", *, by: Viewer | None = None
) -> int:
    return hand_over(from_posts=[district.post_of(role)], to_post=district.post_of(to),
                     by=by or district.viewer("security_admin"), at=AT + timedelta(hours=1))  # fmt: skip


def code_of(district: DemoDistrict, *names: str, by: Viewer | None = None) -> str:
    with pytest.raises(LinliError) as caught:
        over(district, *names, by=by)
    return caught.value.code


def test_open_cases_go_over_as_they_stand(district: DemoDistrict) -> None:
    first, second = worker_case(district, 1), worker_case(district, 2)
    done = worker_case(district, 3)
    Case.objects.filter(id=done.id).update(state=State.CLOSED, closed_at=AT + timedelta(minutes=9), due_at=None)
    district.take(first, Action.HANDLE, by=district.actor("grid_worker"))
    first.refresh_from_db()

    assert over(district) == 2

    secretary, post = district.viewer("community_secretary"), district.post_of("community_secretary")
    moved, body = Case.objects.get(id=first.id), district.organisations["committee_1"]
    got = (moved.post_id, moved.organisation_id, moved.level, moved.version)
    assert got == (post, body, "community", first.version + 1)
    assert (moved.state, moved.due_at, moved.solution_due_at) == (first.state, first.due_at, first.solution_due_at)
    assert Case.objects.get(id=done.id).post_id == district.post_of("grid_worker")
    todo = list_cases(viewer=secretary, wanted=CaseFilter(box="todo"), at=AT).rows
    assert {row.id for row in todo} == {first.id, second.id}
    assert over(district) == 0


def test_each_case_and_the_ledger_say_who_had_it_and_who_has_it(district: DemoDistrict) -> None:
    case, admin = worker_case(district), district.viewer("security_admin")
    over(district)

    said = {"gave_from": str(district.post_of("grid_worker")), "gave_to": str(district.post_of("community_secretary")),
            "level": "community"}  # fmt: skip
    step = CaseStep.objects.get(case=case, action=Action.HAND_OVER)
    fact = Fact.objects.get(kind="case.handed_over")
    assert (step.by_person, step.from_state, step.to_state, step.data) == (
        admin.person_id,
        "reported",
        "reported",
        said,
    )
    assert (fact.subject_id, fact.actor_id, fact.post_id) == (
        case.id, admin.person_id, district.post_of("community_secretary"))  # fmt: skip
    assert said.items() <= fact.data.items()


def test_successor_is_told_once(district: DemoDistrict) -> None:
    for number in range(3):
        worker_case(district, number)
    Notice.objects.all().delete()
    over(district)

    deliver_pending(district_id=district.id, handlers={"case.handed_over": _tell}, at=AT + timedelta(days=1))

    told = Notice.objects.filter(kind="case.handed_over").values_list("person_id", flat=True)
    assert list(told) == [district.viewer("community_secretary").person_id]


def test_who_hands_over_unseen_sees_nothing_afterwards(district: DemoDistrict) -> None:
    case, admin = worker_case(district), district.viewer("security_admin")
    over(district)
    case.refresh_from_db()

    assert not may_see_case(admin, case)
    assert not Case.objects.filter(visible_to(admin)).exists()


@pytest.mark.parametrize("number", [1, 25])
def test_queries_do_not_grow_with_the_cases(district: DemoDistrict, number: int) -> None:
    for each in range(number):
        worker_case(district, each)
    district.viewer("security_admin")
    with CaptureQueriesContext(connection) as asked:
        assert over(district) == number

    assert len([each for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]]) <= 8


@pytest.mark.parametrize("role", ["grid_worker", "community_secretary", "district_dispatcher", "auditor"])
def test_others_hand_nothing_over(district: DemoDistrict, role: str) -> None:
    case = worker_case(district)

    assert code_of(district, by=district.viewer(role)) == "no_post_allows"
    assert Case.objects.get(id=case.id).post_id == district.post_of("grid_worker")
    assert count_open_work(viewer=district.viewer(role), post_ids=[district.post_of("grid_worker")]) == {}


def test_reach_and_oneself_are_respected(district: DemoDistrict) -> None:
    admin = district.viewer("security_admin")
    narrow = replace(admin, posts=(replace(admin.posts[0], area_path=PATH[2]),))
    worker_case(district)
    Post.objects.filter(id=district.post_of("district_dispatcher")).update(person_id=admin.person_id)

    assert code_of(district, by=narrow) == "outside_reach"
    assert code_of(district, "grid_worker", "district_dispatcher") == "own_rights"
    assert count_open_work(viewer=narrow, post_ids=[district.post_of("grid_worker")]) == {}
    assert count_open_work(viewer=admin, post_ids=[district.post_of("grid_worker")]) == {
        district.post_of("grid_worker"): 1
    }


@pytest.mark.parametrize(("names", "code"), [
    (("grid_worker", "grid_worker"), "no_such_post"), (("grid_worker", "auditor"), "no_such_post"),
    (("grid_worker", "building_head"), "no_such_post"),
])  # fmt: skip
def test_only_a_post_that_may_do_the_work_takes_it(district: DemoDistrict, names: tuple[str, str], code: str) -> None:
    worker_case(district)

    assert code_of(district, *names) == code


def test_ended_post_hands_over_but_takes_nothing(district: DemoDistrict) -> None:
    worker_case(district)
    Post.objects.filter(id=district.post_of("grid_worker")).update(ends_on=TODAY - timedelta(days=1))
    Post.objects.filter(id=district.post_of("grid_head")).update(ends_on=TODAY - timedelta(days=1))

    assert code_of(district, "grid_worker", "grid_head") == "no_such_post"
    assert over(district) == 1


def test_unknown_posts_and_other_districts_are_not_there(district: DemoDistrict) -> None:
    away = Post.objects.get(district_id="210105", role="grid_worker").id
    for posts in ([], [UUID(int=1)], [away]):
        with pytest.raises(LinliError, match="no_such_post_here"):
            hand_over(
                from_posts=posts, to_post=district.post_of("grid_worker"), by=district.viewer("security_admin"), at=AT
            )
