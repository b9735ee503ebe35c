"""Accounts as the security administrator handles them: codes, locks, sessions; within reach, never one's own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.factories.district import AT, PASSWORD, PATH, TODAY, DemoDistrict

from linli.kernel.errors import LinliError
from linli.ledger.audit.models import AuditLine
from linli.registry.people.actions import logins
from linli.registry.people.actions.logins import CODE_GOOD_FOR, OneTimeCode, make_login, reset_password
from linli.registry.people.actions.posts import make_person
from linli.registry.people.actions.signing_in import change_password, sign_in
from linli.registry.people.errors import SignInRefused
from linli.registry.people.models import Login, Post
from linli.registry.people.queries import session_stamp, session_viewer
from linli.registry.people.rules import Viewer

MINUTE = timedelta(minutes=1)
NAME = "grid_worker-1"
DO = {
    "reset": reset_password,
    "lock": logins.lock_login,
    "unlock": logins.unlock_login,
    "sessions": logins.end_sessions,
}


def person_of(district: DemoDistrict, role: str) -> UUID:
    found = district.viewer(role).person_id
    assert found is not None
    return found


def do(district: DemoDistrict, what: str, role: str = "grid_worker", *, by: Viewer | None = None) -> OneTimeCode | None:
    act = DO[what]
    return act(
        person_id=person_of(district, role), by=by or district.viewer("security_admin"), source_ip="10.0.0.9", at=AT
    )  # type: ignore[operator,no-any-return]


def enters(username: str, password: str, *, after: timedelta = MINUTE) -> bool:
    try:
        sign_in(username=username, password=password, source_ip="10.0.0.8", at=AT + after)
    except SignInRefused:
        return False
    return True


def code_of(run: Callable[[], object]) -> str:
    with pytest.raises(LinliError) as caught:
        run()
    return caught.value.code


def newcomer(district: DemoDistrict) -> UUID:
    return make_person(
        code="W-7", name="测试·新人", phone="", by=district.viewer("security_admin"), source_ip="", at=AT
    )


def make(district: DemoDistrict, person_id: UUID, username: str) -> OneTimeCode:
    admin = district.viewer("security_admin")
    return make_login(person_id=person_id, username=username, by=admin, source_ip="10.0.0.9", at=AT)


def test_new_account_opens_by_its_code_once_and_for_a_day(district: DemoDistrict) -> None:
    made = make(district, newcomer(district), "new.one")

    assert (enters("new.one", made.code), enters("new.one", made.code, after=CODE_GOOD_FOR)) == (True, False)
    signed_in = sign_in(username="new.one", password=made.code, source_ip="", at=AT + MINUTE)
    assert signed_in.must_change_password
    change_password(login_id=signed_in.login_id, old=made.code, new="own-word-2026", source_ip="", at=AT + 2 * MINUTE)
    assert enters("new.one", "own-word-2026", after=2 * CODE_GOOD_FOR)
    assert not enters("new.one", made.code)


def test_code_is_kept_nowhere_in_clear(district: DemoDistrict) -> None:
    made = make(district, newcomer(district), "new.one")

    row = Login.objects.get(username="new.one")
    said = str([row.password, list(AuditLine.objects.order_by("id").values())])
    assert made.code not in said


@pytest.mark.parametrize(("username", "code"), [
    (NAME, "username_taken"), ("", "username_length"), ("a b", "username_length"), ("x" * 61, "username_length"),
])  # fmt: skip
def test_account_that_cannot_be_is_refused(district: DemoDistrict, username: str, code: str) -> None:
    person_id = newcomer(district)

    assert code_of(lambda: make(district, person_id, username)) == code
    assert not Login.objects.filter(person_id=person_id).exists()


def test_one_person_has_one_account(district: DemoDistrict) -> None:
    assert code_of(lambda: make(district, person_of(district, "grid_worker"), "second")) == "login_is_there"


def test_reset_shuts_out_the_old_password_and_all_sessions(district: DemoDistrict) -> None:
    before = sign_in(username=NAME, password=PASSWORD, source_ip="", at=AT - MINUTE)
    code = do(district, "reset")
    assert code is not None

    assert (enters(NAME, PASSWORD), enters(NAME, code.code)) == (False, True)
    assert not seen(before.login_id, session_stamp(before.password_changed_at))


@pytest.mark.parametrize("what", ["sessions", "lock"])
def test_sessions_end_and_a_lock_stays(district: DemoDistrict, what: str) -> None:
    before = sign_in(username=NAME, password=PASSWORD, source_ip="", at=AT - MINUTE)
    do(district, what)

    assert not seen(before.login_id, session_stamp(before.password_changed_at))
    assert enters(NAME, PASSWORD) == (what == "sessions")
    do(district, "unlock")
    after = sign_in(username=NAME, password=PASSWORD, source_ip="", at=AT + 5 * MINUTE)
    assert seen(after.login_id, session_stamp(after.password_changed_at))
    assert not seen(before.login_id, session_stamp(before.password_changed_at))


def seen(login_id: UUID, stamp: str) -> bool:
    return session_viewer(login_id=login_id, password_changed_at=stamp, on=TODAY).is_known


def test_each_change_leaves_an_audit_line(district: DemoDistrict) -> None:
    for what in ("reset", "lock", "unlock", "sessions"):
        do(district, what)

    rows = AuditLine.objects.order_by("kind").values_list("kind", "object_id", "actor_id")
    admin = person_of(district, "security_admin")
    assert list(rows) == [(kind, NAME, admin) for kind in
                          ("login_ended", "login_opened", "password_reset", "sessions_ended")]  # fmt: skip


@pytest.mark.parametrize("what", DO)
def test_only_who_manages_accounts_within_reach_may(district: DemoDistrict, what: str) -> None:
    admin = district.viewer("security_admin")
    narrow = replace(admin, posts=(replace(admin.posts[0], area_path=PATH[2]),))

    assert code_of(lambda: do(district, what, "security_admin")) == "own_login"
    assert code_of(lambda: do(district, what, by=district.viewer("system_admin"))) == "no_post_allows"
    assert code_of(lambda: do(district, what, by=narrow)) == "outside_reach"


def test_who_also_holds_a_post_elsewhere_is_out_of_reach(district: DemoDistrict) -> None:
    """Who takes over an account has all its posts, so all of them count."""
    admin = district.viewer("security_admin")
    narrow = replace(admin, posts=(replace(admin.posts[0], area_path=PATH[1]),))
    do(district, "sessions", by=narrow)
    Post.objects.filter(id=district.post_of("district_leader")).update(person_id=person_of(district, "grid_worker"))

    assert code_of(lambda: do(district, "sessions", by=narrow)) == "outside_reach"
