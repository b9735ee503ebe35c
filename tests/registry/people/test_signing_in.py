from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, PASSWORD, START, DemoDistrict

from linli.kernel.errors import InvalidInput
from linli.ledger.audit.models import AuditLine
from linli.registry.people.actions.signing_in import FORMER_KEPT, SignedIn, change_password, sign_in
from linli.registry.people.errors import SignInRefused
from linli.registry.people.models import Login

NAME = "grid_worker-1"
MINUTE = timedelta(minutes=1)


def enter(word: str = PASSWORD, *, name: str = NAME, after: timedelta = timedelta(0)) -> SignedIn:
    return sign_in(username=name, password=word, source_ip="10.0.0.9", at=AT + after)


def refused(word: str = "wrong", **more: Any) -> str:
    with pytest.raises(SignInRefused) as caught:
        enter(word, **more)
    return str(caught.value)


def lines() -> list[tuple[str, str]]:
    return list(AuditLine.objects.order_by("at", "id").values_list("kind", "outcome"))


def test_right_password_signs_in(district: DemoDistrict) -> None:
    login = Login.objects.get(username=NAME)

    assert enter() == SignedIn(login.id, must_change_password=False, password_changed_at=START)
    line = AuditLine.objects.get()
    assert (line.kind, line.outcome, line.actor_id, line.actor_name, line.source_ip, line.district_id) == (
        "login", "done", login.person_id, NAME, "10.0.0.9", "210106")  # fmt: skip


def test_every_refusal_says_the_same(district: DemoDistrict) -> None:
    Login.objects.filter(username="auditor").update(is_active=False)
    Login.objects.filter(username="security_admin").update(locked_until=AT + MINUTE)

    answers = {
        refused(),
        refused(""),
        refused(PASSWORD, name="auditor"),
        refused(PASSWORD, name="security_admin"),
        *(refused(name=name) for name in ("nobody", "", "a\0b", "'" * 200)),
    }

    assert answers == {"sign_in_refused wait_minutes=15"}


def test_refused_tries_leave_lines_that_name_no_password(district: DemoDistrict) -> None:
    refused("my-secret-word")
    refused("my-secret-word", name="nobody")

    assert lines() == [("login_failed", "refused")] * 2
    assert "my-secret-word" not in str(list(AuditLine.objects.values()))
    assert list(AuditLine.objects.order_by("actor_name").values_list("actor_name", "district_id")) == [
        (NAME, "210106"), ("nobody", "")]  # fmt: skip


@pytest.mark.parametrize(("after", "is_open"), [(15 * MINUTE - MINUTE / 60, False), (15 * MINUTE, True)])
def test_door_shuts_after_five_and_opens_after_fifteen_minutes(
    district: DemoDistrict,
    after: timedelta,
    is_open: bool,  # noqa: FBT001
) -> None:
    for _ in range(5):
        refused()
    refused(PASSWORD)

    if is_open:
        assert enter(after=after).must_change_password is False
    else:
        assert refused(PASSWORD, after=after)
    kinds = Counter(kind for kind, _ in lines())
    assert kinds == {"login_locked": 1, "login_failed": 5 if is_open else 6} | ({"login": 1} if is_open else {})


def test_right_password_forgets_failures(district: DemoDistrict) -> None:
    for _ in range(2):
        for _ in range(4):
            refused()
        enter()

    assert Login.objects.get(username=NAME).failures == 0


def test_tries_at_a_shut_door_do_not_keep_it_shut(district: DemoDistrict) -> None:
    for _ in range(5):
        refused()
    until = Login.objects.get(username=NAME).locked_until
    for _ in range(10):
        refused(after=5 * MINUTE)

    login = Login.objects.get(username=NAME)
    assert (login.locked_until, login.failures) == (until, 0)


def test_one_shut_door_leaves_others_open(district: DemoDistrict) -> None:
    for _ in range(5):
        refused()

    assert enter(name="grid_worker-2")


def test_queries_of_signing_in(district: DemoDistrict) -> None:
    with CaptureQueriesContext(connection) as captured:
        enter()

    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) == 4


def change(new: str, *, old: str = PASSWORD) -> None:
    login = Login.objects.get(username=NAME)
    change_password(login_id=login.id, old=old, new=new, source_ip="10.0.0.9", at=AT)


def test_new_password_counts_and_the_old_no_longer(district: DemoDistrict) -> None:
    Login.objects.update(must_change_password=True)
    change("another-word-77")

    assert refused(PASSWORD)
    assert enter("another-word-77").must_change_password is False
    assert ("password_changed", "done") in lines()


@pytest.mark.parametrize("new", ["short-1", "1234567890123", "password123", "grid_worker-1", "grid_worker-12"])
def test_weak_password_is_refused(district: DemoDistrict, new: str) -> None:
    with pytest.raises(InvalidInput, match="password_weak new"):
        change(new)


def test_wrong_old_password_is_refused(district: DemoDistrict) -> None:
    with pytest.raises(InvalidInput, match="password_wrong old"):
        change("another-word-77", old="wrong")


def test_last_passwords_are_not_used_again(district: DemoDistrict) -> None:
    words = [PASSWORD, *(f"another-word-{n}" for n in range(FORMER_KEPT))]
    for old, new in pairwise(words):
        change(new, old=old)

    for used in words:
        with pytest.raises(InvalidInput, match="password_used_before new last=5"):
            change(used, old=words[-1])
    change("quite-a-new-word", old=words[-1])
    change(PASSWORD, old="quite-a-new-word")


def test_passwords_are_kept_as_hashes(district: DemoDistrict) -> None:
    change("another-word-77")

    assert not [word for word in (PASSWORD, "another-word-77") if word in str(list(Login.objects.values()))]
