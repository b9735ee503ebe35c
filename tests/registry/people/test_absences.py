"""Who is away, and who stands in: rights for those days and no longer, named by whom it may be, one at a time."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.district import AT, HOME, PATH, TODAY, DemoDistrict

from linli.kernel.errors import LinliError
from linli.ledger.audit.models import AuditLine
from linli.ledger.facts.models import Fact
from linli.registry.people.actions.absences import Away, call_off_absence, set_absence
from linli.registry.people.choices import Verb
from linli.registry.people.errors import AdministratorsAreSeparate
from linli.registry.people.models import Absence, Post
from linli.registry.people.queries import deputy_of, find_login, people_of, viewer_of, viewer_of_token
from linli.registry.people.rules import Viewer, may

DAY = timedelta(days=1)


def person_of(district: DemoDistrict, role: str, *, community: int = 1) -> UUID:
    found = district.viewer(role, community=community).person_id
    assert found is not None
    return found


def lend(
    district: DemoDistrict, role: str = "community_secretary", to: str = "community_clerk", *, by: Viewer | None = None,
    first: date = TODAY, days: int = 3, at: datetime = AT, **more: Any,
) -> UUID:  # fmt: skip
    post = district.post_of(role)
    holder = Post.objects.get(id=post).person_id
    away = Away(more.get("deputy") or person_of(district, to), first, first + (days - 1) * DAY)
    return set_absence(person_id=holder, post_ids=[post], away=replace(away, kind=more.get("kind", "leave")),
                       by=by or district.viewer(role), source_ip="10.0.0.9", at=at)[0]  # fmt: skip


def code_of(district: DemoDistrict, *names: str, **more: Any) -> str:
    with pytest.raises(LinliError) as caught:
        lend(district, *names, **more)
    return caught.value.code


def seen_as(role: str, on: date) -> Viewer:
    login = find_login(role)
    assert login is not None
    return viewer_of(login_id=login.id, on=on)


def test_deputy_has_the_post_for_these_days_and_no_longer(district: DemoDistrict) -> None:
    lend(district, first=TODAY + DAY, days=2)
    post, district_wide = district.post_of("community_secretary"), {"district_id": HOME, "area_path": PATH[1]}

    days = [seen_as("community_clerk-1", TODAY + n * DAY) for n in range(4)]

    assert [[held.post_id for held in viewer.posts if held.is_deputised] for viewer in days] == [[], [post], [post], []]
    assert [bool(may(viewer, Verb.SEE_COCKPIT, **district_wide)) for viewer in days] == [False, True, True, False]
    lent = days[1].posts[-1]
    assert (lent.holder_id, lent.deputy_until) == (person_of(district, "community_secretary"), TODAY + 2 * DAY)
    assert days[1].name == district.viewer("community_clerk").name != lent.holder_name
    assert seen_as("community_secretary-1", TODAY + DAY).posts[0].is_deputised is False


def test_looking_with_a_lent_post_takes_one_query(district: DemoDistrict) -> None:
    lend(district)
    login = find_login("community_clerk-1")
    assert login is not None
    with CaptureQueriesContext(connection) as asked:
        viewer = viewer_of(login_id=login.id, on=TODAY)

    assert (len(asked), len(viewer.posts)) == (1, 2)


def test_token_of_a_deputy_has_the_post_too(district: DemoDistrict) -> None:
    from linli.registry.people.actions.tokens import make_token

    lend(district)
    login = find_login("community_clerk-1")
    assert login is not None
    token = make_token(login_id=login.id, name="x", scope="read", days=9, source_ip="", at=AT)
    found = [viewer_of_token(token=token.text, at=AT + DAY, on=TODAY + n * DAY) for n in (0, 5)]

    assert [len(each[0].posts) for each in found if each] == [2, 1]


def test_deputy_whose_own_posts_ended_still_stands_in_under_their_own_name(district: DemoDistrict) -> None:
    lend(district)
    Post.objects.filter(id=district.post_of("community_clerk")).update(ends_on=TODAY - DAY)

    viewer = seen_as("community_clerk-1", TODAY)

    assert (viewer.person_id, len(viewer.posts)) == (person_of(district, "community_clerk"), 1)


def test_lent_post_ends_with_the_post(district: DemoDistrict) -> None:
    lend(district)
    Post.objects.filter(id=district.post_of("community_secretary")).update(ends_on=TODAY)

    assert [len(seen_as("community_clerk-1", TODAY + n * DAY).posts) for n in (0, 1)] == [2, 1]


def test_work_comes_back_when_called_off(district: DemoDistrict) -> None:
    absence = lend(district)
    holder = call_off_absence(absence_id=absence, by=district.viewer("community_secretary"), source_ip="", at=AT)

    assert holder == person_of(district, "community_secretary")
    assert len(seen_as("community_clerk-1", TODAY).posts) == 1
    kinds = Fact.objects.filter(subject_id=district.post_of("community_secretary")).order_by("kind")
    assert list(kinds.values_list("kind", flat=True)) == ["absence.called_off", "absence.set"]
    assert AuditLine.objects.filter(kind="rights_changed", object_kind="absence").count() == 2
    with pytest.raises(LinliError, match="absence_is_over"):
        call_off_absence(absence_id=absence, by=district.viewer("community_secretary"), source_ip="", at=AT)
    assert lend(district)


def test_notices_go_to_the_deputy(district: DemoDistrict) -> None:
    lend(district)
    post = district.post_of("community_secretary")
    asked = {"district_id": HOME, "organisation_id": None, "post_id": post}

    told = [people_of(**asked, on=TODAY + n * DAY) for n in (0, 5)]

    assert told == [[person_of(district, "community_clerk")], [person_of(district, "community_secretary")]]
    found = [deputy_of(district_id=HOME, post_id=post, on=TODAY + n * DAY) for n in (0, 5)]
    assert [each and each.until for each in found] == [TODAY + 2 * DAY, None]


def test_other_district_is_lent_nothing(district: DemoDistrict) -> None:
    away = Post.objects.get(district_id="210105", role="grid_worker").person_id

    assert code_of(district, deputy=away) == "no_such_deputy"


@pytest.mark.parametrize(("names", "more", "code"), [
    (("community_secretary", "community_secretary"), {}, "deputy_is_oneself"),
    (("community_secretary", "grid_worker"), {"first": TODAY - DAY}, "absence_first_day"),
    (("community_secretary", "community_clerk"), {"days": 0}, "absence_last_day"),
    (("community_secretary", "community_clerk"), {"days": 400}, "absence_last_day"),
    (("community_secretary", "community_clerk"), {"kind": "illness"}, "unknown_absence_kind"),
    (("community_secretary", "property_manager"), {}, ""),
    (("community_secretary", "department_handler"), {}, ""),
    (("property_manager", "call_back_clerk"), {}, ""),
])  # fmt: skip
def test_who_may_be_named_by_oneself(
    district: DemoDistrict, names: tuple[str, str], more: dict[str, Any], code: str
) -> None:
    """A colleague of the organisation, or somebody with a post for the area or one above."""
    if code:
        assert code_of(district, *names, **more) == code
    else:
        assert lend(district, *names, **more)


def test_no_stranger_is_named_by_oneself(district: DemoDistrict) -> None:
    stranger = person_of(district, "grid_worker", community=2)

    assert code_of(district, deputy=stranger) == "deputy_is_no_colleague"
    assert lend(district, deputy=stranger, by=district.viewer("security_admin"))


@pytest.mark.parametrize("role", ["community_clerk", "grid_worker", "subdistrict_secretary", "system_admin"])
def test_others_lend_nobodys_post(district: DemoDistrict, role: str) -> None:
    assert code_of(district, by=district.viewer(role)) == "no_post_allows"
    absence = lend(district)
    with pytest.raises(LinliError, match="no_post_allows"):
        call_off_absence(absence_id=absence, by=district.viewer(role), source_ip="", at=AT)


def test_post_beyond_reach_is_lent_by_nobody_there(district: DemoDistrict) -> None:
    admin = district.viewer("security_admin")
    narrow = replace(admin, posts=(replace(admin.posts[0], area_path=PATH[2]),))

    assert code_of(district, by=narrow) == "outside_reach"


def test_administrators_posts_are_not_lent_by_their_holders_nor_to_each_other(district: DemoDistrict) -> None:
    admin = district.viewer("security_admin")
    assert code_of(district, "auditor", "district_leader") == "own_rights"
    assert code_of(district, "security_admin", "district_leader") == "own_rights"
    with pytest.raises(AdministratorsAreSeparate):
        lend(district, "auditor", "system_admin", by=admin)
    assert lend(district, "auditor", "district_leader", by=admin)


def test_one_deputy_at_a_time_and_nobody_who_is_away(district: DemoDistrict) -> None:
    lend(district, days=3)

    assert code_of(district, first=TODAY + 2 * DAY) == "already_away"
    assert code_of(district, "grid_head", "community_secretary", first=TODAY + 2 * DAY) == "deputy_is_away"
    assert code_of(district, "community_clerk", "community_steward") == "stands_in_then"
    assert lend(district, first=TODAY + 3 * DAY)


def test_deputy_needs_a_post_for_all_these_days(district: DemoDistrict) -> None:
    Post.objects.filter(id=district.post_of("community_clerk")).update(ends_on=TODAY + DAY)

    assert code_of(district, days=3) == "deputy_has_no_post"
    assert lend(district, days=2)


def test_post_of_somebody_else_is_not_among_ones_own(district: DemoDistrict) -> None:
    away = Away(person_of(district, "community_clerk"), TODAY, TODAY)
    with pytest.raises(LinliError, match="posts_missing"):
        set_absence(person_id=person_of(district, "grid_worker"), post_ids=[district.post_of("grid_head")], away=away,
                    by=district.viewer("grid_worker"), source_ip="", at=AT)  # fmt: skip


def test_database_refuses_two_deputies_on_one_day(district: DemoDistrict) -> None:
    row = Absence.objects.get(id=lend(district))

    with pytest.raises(IntegrityError, match="absence_one_at_a_time"), transaction.atomic():
        Absence.objects.create(district_id=HOME, post_id=row.post_id, deputy_id=row.deputy_id, kind="leave",
                               starts_on=row.ends_on, ends_on=row.ends_on, made_at=timezone.now())  # fmt: skip
