"""Work of a post whose holder is away: seen and done by the deputy, named as such, and back when the days are over."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from tests.factories.district import AT, TODAY, DemoDistrict

from linli.cases.actions.stepping import Actor
from linli.cases.choices import Action
from linli.cases.models import Case, CaseStep
from linli.cases.queries.detail import get_case
from linli.cases.queries.lists import CaseFilter, inbox_counts, list_cases
from linli.cases.rules import held_by, may_see_case, visible_to
from linli.ledger.facts.models import Fact
from linli.registry.people.actions.absences import Away, set_absence
from linli.registry.people.models import Post
from linli.registry.people.queries import find_login, viewer_of
from linli.registry.people.rules import Viewer

DAY = timedelta(days=1)


def on_leave(district: DemoDistrict, role: str, deputy: str, *, days: int = 3) -> None:
    post = Post.objects.get(id=district.post_of(role))
    stands_in = district.viewer(deputy).person_id
    assert stands_in is not None
    set_absence(person_id=post.person_id, post_ids=[post.id], away=Away(stands_in, TODAY, TODAY + (days - 1) * DAY),
                by=district.viewer("security_admin"), source_ip="", at=AT)  # fmt: skip


def seen_as(district: DemoDistrict, role: str, days: int = 0) -> Viewer:
    login = find_login(district.username(role))
    assert login is not None
    return viewer_of(login_id=login.id, on=TODAY + days * DAY)


def todo(viewer: Viewer) -> list[UUID]:
    rows = list_cases(viewer=viewer, wanted=CaseFilter(box="todo"), at=AT).rows
    return [row.id for row in rows]


def test_deputy_has_old_and_new_work_in_the_list_and_only_for_these_days(district: DemoDistrict) -> None:
    old = district.open_case_in("compound", at=AT - DAY)
    on_leave(district, "grid_worker", "property_manager")
    new = district.open_case_in("compound")

    held = {old.post_id, new.post_id}
    lists = [todo(seen_as(district, "property_manager", days)) for days in (-1, 0, 2, 3)]

    assert held == {district.post_of("grid_worker")}
    assert lists == [[], [new.id, old.id], [new.id, old.id], []]
    assert todo(seen_as(district, "grid_worker", 3)) == [new.id, old.id]
    counts = [inbox_counts(viewer=seen_as(district, "property_manager", days), at=AT).todo for days in (0, 3)]
    assert counts == [2, 0]


def test_deputy_takes_the_step_and_the_record_says_for_whom(district: DemoDistrict) -> None:
    case = district.open_case_in("compound")
    on_leave(district, "grid_worker", "property_manager")
    deputy, holder = seen_as(district, "property_manager"), district.viewer("grid_worker")

    district.take(case, Action.HANDLE, by=Actor(deputy))

    step = CaseStep.objects.get(case=case, action=Action.HANDLE)
    fact = Fact.objects.get(subject_id=case.id, kind="case.handled")
    assert (step.by_person, step.by_post) == (deputy.person_id, district.post_of("grid_worker"))
    assert (fact.actor_id, fact.post_id, fact.data["deputy_for"]) == (
        deputy.person_id, district.post_of("grid_worker"), str(holder.person_id))  # fmt: skip
    told = get_case(viewer=deputy, case_id=case.id, at=AT).steps[-1]
    assert (told.by_name, told.for_name) == (deputy.name, holder.name)


def test_own_work_is_done_in_ones_own_name(district: DemoDistrict) -> None:
    on_leave(district, "grid_worker", "community_clerk")
    case = district.open_case_in("compound")
    clerk = seen_as(district, "community_clerk")
    steward = district.post_of("community_steward")
    Case.objects.filter(id=case.id).update(post_id=district.post_of("community_clerk"))

    district.take(case, Action.HANDLE, by=Actor(clerk))

    step = CaseStep.objects.get(case=case, action=Action.HANDLE)
    assert (step.by_post, "deputy_for" in step.data) == (district.post_of("community_clerk"), False)
    assert steward != step.by_post


def test_lists_and_rule_agree_for_a_deputy(district: DemoDistrict) -> None:
    cases = [district.open_case_in(place, community=n) for place in ("open", "compound") for n in (1, 2)]
    cases.append(district.open_case_in("compound", category="heating"))
    on_leave(district, "department_handler", "grid_worker")
    on_leave(district, "community_secretary", "property_manager")
    for role in ("grid_worker", "property_manager"):
        viewer = seen_as(district, role)
        listed = set(Case.objects.filter(visible_to(viewer)).values_list("id", flat=True))

        assert listed == {case.id for case in cases if may_see_case(viewer, case)}
        assert set(Case.objects.filter(held_by(viewer)).values_list("id", flat=True)) <= listed


def test_who_stood_in_goes_on_reading_what_they_did(district: DemoDistrict) -> None:
    case = district.open_case_in("compound")
    other = district.open_case_in("compound")
    on_leave(district, "grid_worker", "property_manager")
    district.take(case, Action.HANDLE, by=Actor(seen_as(district, "property_manager")))

    later = seen_as(district, "property_manager", 5)

    assert timezone.localdate(AT) == TODAY
    assert (may_see_case(later, case).reason, bool(may_see_case(later, other))) == ("took_part", False)
