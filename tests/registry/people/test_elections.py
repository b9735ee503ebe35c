"""Committees chosen anew: posts end and begin on one day, all or none, and until that day it can be undone whole."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, COMMUNITY, GRID, HOME, PATH, TODAY, DemoDistrict

from linli.kernel.errors import LinliError
from linli.ledger.audit.models import AuditLine
from linli.ledger.facts.models import Fact
from linli.registry.coverage.actions import Watched, check_coverage
from linli.registry.people.actions.absences import Away, set_absence
from linli.registry.people.actions.elections import Elected, Term, check_election, hold_election, undo_election
from linli.registry.people.actions.posts import set_last_day
from linli.registry.people.models import Election, Post
from linli.registry.people.queries.elections import get_committees, list_elections
from linli.registry.people.rules import Viewer

DAY = timedelta(days=1)
FIRST = TODAY + 10 * DAY
ME = {"source_ip": "10.0.0.9", "at": AT}


def person(district: DemoDistrict, role: str, community: int = 1) -> UUID:
    found = district.viewer(role, community=community).person_id
    assert found is not None
    return found


def change(district: DemoDistrict, **more: Any) -> dict[str, Any]:
    """Say that the clerk follows the secretary."""
    usual = {
        "term": Term(COMMUNITY[1], FIRST, None, "换届"), "leaving": [district.post_of("community_secretary")],
        "elected": [Elected(person(district, "community_clerk"), "community_secretary",
                            district.organisations["committee_1"])],
        "by": district.viewer("security_admin"),
    }  # fmt: skip
    return usual | more


def hold(district: DemoDistrict, key: str = "k", **more: Any) -> UUID:
    return hold_election(**change(district, **more), key=key, **ME)


def secretaries(on: int) -> list[UUID]:
    day = TODAY + on * DAY
    rows = Post.objects.filter(role_id="community_secretary", area__code=COMMUNITY[1], starts_on__lte=day)
    return list(rows.exclude(ends_on__lt=day).order_by("id").values_list("person_id", flat=True))


def code_of(run: Any) -> str:
    with pytest.raises(LinliError) as caught:
        run()
    return caught.value.code


def test_old_terms_end_the_day_before_the_new_ones_begin(district: DemoDistrict) -> None:
    election = hold(district)

    old, new = person(district, "community_secretary"), person(district, "community_clerk")
    assert [secretaries(n) for n in (0, 9, 10, 11)] == [[old], [old], [new], [new]]
    told = Fact.objects.get(kind="election.held")
    assert (told.subject_id, told.area_path, told.data) == (
        election, PATH[1], {"starts_on": FIRST.isoformat(), "left": 1, "chosen": 1})  # fmt: skip
    assert Fact.objects.filter(kind__in=["post.made", "post.last_day_set"]).count() == 2
    assert AuditLine.objects.get(kind="rights_changed").data["did"] == "held"


def test_no_hole_opens_on_the_day_if_somebody_follows_and_one_does_if_nobody(district: DemoDistrict) -> None:
    check_coverage(district_id=HOME, at=AT)
    election = hold(district)
    followed = check_coverage(district_id=HOME, at=AT + 11 * DAY)
    undo_election(election_id=election, by=district.viewer("security_admin"), **ME)
    hold(district, key="other", elected=[])

    assert (followed.new, check_coverage(district_id=HOME, at=AT + 11 * DAY)) == (0, Watched(1, 0, 2))


def test_undone_before_its_day_it_is_as_if_it_had_never_been(district: DemoDistrict) -> None:
    post = Post.objects.get(id=district.post_of("community_secretary"))
    post.ends_on = TODAY + 300 * DAY
    post.save()
    before = sorted(Post.objects.values_list("id", "starts_on", "ends_on"))
    election = hold(district)

    undo_election(election_id=election, by=district.viewer("security_admin"), source_ip="", at=AT + 9 * DAY)

    assert sorted(Post.objects.values_list("id", "starts_on", "ends_on")) == before
    row = Election.objects.get()
    assert (row.undone_at, row.undone_by) == (AT + 9 * DAY, person(district, "security_admin"))
    assert Fact.objects.filter(kind="post.withdrawn").count() == 1
    admin = district.viewer("security_admin")
    assert code_of(lambda: undo_election(election_id=election, by=admin, **ME)) == "election_undone"


def test_from_its_day_on_it_counts(district: DemoDistrict) -> None:
    election, admin = hold(district), district.viewer("security_admin")

    late = code_of(lambda: undo_election(election_id=election, by=admin, source_ip="", at=AT + 10 * DAY))

    assert (late, Election.objects.get().undone_at) == ("election_in_force", None)


@pytest.mark.parametrize("meddled", ["old", "new"])
def test_post_that_somebody_changed_since_keeps_it_from_being_undone(district: DemoDistrict, meddled: str) -> None:
    election, admin = hold(district), district.viewer("security_admin")
    if meddled == "old":
        set_last_day(post_id=district.post_of("community_secretary"), ends_on=TODAY, by=admin, **ME)
    else:
        new = Post.objects.get(starts_on=FIRST)
        set_absence(person_id=new.person_id, post_ids=[new.id], away=Away(person(district, "grid_head"), FIRST, FIRST),
                    by=admin, **ME)  # fmt: skip

    assert code_of(lambda: undo_election(election_id=election, by=admin, **ME)) == "election_posts_changed"


def test_sent_twice_is_the_same_as_sent_once(district: DemoDistrict) -> None:
    first, again = hold(district), hold(district)

    assert (first == again, Election.objects.count(), Post.objects.filter(starts_on=FIRST).count()) == (True, 1, 1)
    assert code_of(lambda: hold(district, elected=[])) == "idempotency_key_reused"


@pytest.mark.parametrize(("changed", "code"), [
    ({"starts_on": TODAY}, "election_first_day"), ({"starts_on": None}, "election_first_day"),
    ({"starts_on": TODAY + 400 * DAY}, "election_first_day"), ({"ends_on": TODAY}, "last_day_out_of_range"),
    ({"reason": " "}, "reason_missing"), ({"reason": "长" * 201}, "reason_length"),
    ({"area_code": "999"}, "area_unknown"), ({"area_code": "210105001006"}, "area_unknown"),
    ({"area_code": COMMUNITY[2]}, "election_leaving"), ({"area_code": GRID[1]}, "election_leaving"),
])  # fmt: skip
def test_term_that_cannot_be_is_refused_whole(district: DemoDistrict, changed: dict[str, Any], code: str) -> None:
    term = replace(change(district)["term"], **changed)

    assert code_of(lambda: hold(district, term=term)) == code
    assert code_of(lambda: check_election(**change(district, term=term), at=AT)) == code
    assert not Election.objects.exists()


def test_people_roles_and_bodies_have_to_fit(district: DemoDistrict) -> None:
    one = change(district)["elected"][0]
    wrong = [replace(one, role="mayor"), replace(one, role="security_admin"), replace(one, person_id=UUID(int=1)),
             replace(one, organisation_id=district.organisations["committee_2"])]  # fmt: skip

    codes = {code_of(lambda each=each: hold(district, elected=[each])) for each in wrong}

    assert codes == {"election_elected"}
    assert code_of(lambda: hold(district, elected=[one, one])) == "election_twice"
    assert code_of(lambda: hold(district, elected=[], leaving=[])) == "election_size"


@pytest.mark.parametrize("role", ["community_secretary", "district_leader", "auditor"])
def test_who_manages_no_posts_may_not(district: DemoDistrict, role: str) -> None:
    viewer = district.viewer(role)
    election = hold(district)

    for run in (
        lambda: hold(district, key="mine", by=viewer), lambda: list_elections(viewer=viewer),
        lambda: get_committees(viewer=viewer, area_code=COMMUNITY[1], on=TODAY),
    ):  # fmt: skip
        assert code_of(run) == "no_post_allows"
    assert code_of(lambda: undo_election(election_id=election, by=viewer, **ME)) == "no_post_allows"


def narrow(district: DemoDistrict, path: str) -> Viewer:
    whole = district.viewer("security_admin")
    return replace(whole, posts=(replace(whole.posts[0], area_path=path),))


def test_elections_beyond_ones_reach_are_not_listed_nor_undone(district: DemoDistrict) -> None:
    election, other = hold(district), narrow(district, PATH[2])

    assert list_elections(viewer=other) == []
    assert [row.id for row in list_elections(viewer=narrow(district, PATH[1]))] == [election]
    assert code_of(lambda: undo_election(election_id=election, by=other, **ME)) == "outside_reach"
    assert code_of(lambda: get_committees(viewer=other, area_code=COMMUNITY[1], on=TODAY)) == "outside_reach"
    assert code_of(lambda: hold(district, key="x", by=other)) == "outside_reach"


def test_nobody_is_chosen_by_themselves(district: DemoDistrict) -> None:
    me = Elected(person(district, "security_admin"), "community_secretary", district.organisations["committee_1"])

    assert code_of(lambda: hold(district, elected=[me])) == "own_rights"


def test_lists_ask_the_same_however_many_there_are(district: DemoDistrict) -> None:
    admin = district.viewer("security_admin")

    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as elections:
            list_elections(viewer=admin)
        with CaptureQueriesContext(connection) as committees:
            get_committees(viewer=admin, area_code=COMMUNITY[1], on=FIRST)
        return len(elections), len(committees)

    hold(district)
    one = queries()
    for number in range(3):
        hold(district, key=f"k{number}", leaving=[], elected=[
            Elected(person(district, role), "community_clerk", district.organisations["committee_1"])
            for role in ("grid_worker", "grid_head")])  # fmt: skip
    assert (one, queries()) == ((2, 3), (2, 3))
