"""Limits that hold for all processes together, and leave others alone."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.district import PASSWORD, DemoDistrict

from linli.edges.limits import SIGN_INS, Limit, place_of
from linli.kernel.errors import TooManyRequests
from linli.ledger.audit.queries import list_lines
from linli.ledger.commands.actions.limiting import forget_tries, take_tries
from linli.ledger.commands.models import Tries

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.4"
pytestmark = pytest.mark.django_db


@pytest.fixture
def processes() -> Iterator[tuple[Limit, Limit]]:
    """Give what two processes keep of one limit."""
    return Limit("thing", 4, 600), Limit("thing", 4, 600)


def refused(limit: Limit, place: str) -> int:
    with pytest.raises(TooManyRequests) as caught:
        limit.take(place)
    return int(caught.value.params["wait_s"])


def test_processes_count_together(processes: tuple[Limit, Limit]) -> None:
    one, other = processes
    for limit in (one, other, one, other):
        limit.take(HERE)

    assert 590 < refused(one, HERE) <= 601
    assert 590 < refused(other, HERE) <= 601


def test_check_sees_what_another_process_counted_and_counts_nothing(processes: tuple[Limit, Limit]) -> None:
    one, other = processes
    other.check(HERE)
    for _ in range(4):
        one.take(HERE)

    with pytest.raises(TooManyRequests):
        other.check(HERE)
    assert Tries.objects.get().tries == 4


def test_others_are_not_refused(processes: tuple[Limit, Limit]) -> None:
    one, other = processes
    for _ in range(4):
        one.take(HERE)

    one.take(ELSEWHERE)
    other.take(ELSEWHERE)
    Limit("another thing", 1, 600).take(HERE)


def test_counting_begins_anew_after_the_window() -> None:
    at, window = timezone.now(), timedelta(minutes=10)
    taken = [
        take_tries(what="thing", whom=HERE, count=1, window=window, at=at + timedelta(minutes=minutes)).tries
        for minutes in (0, 5, 9, 11, 12)
    ]

    assert taken == [1, 2, 3, 1, 2]


def test_flood_costs_the_database_nothing_once_it_is_refused(processes: tuple[Limit, Limit]) -> None:
    one, _ = processes
    for _ in range(4):
        one.take(HERE)
    refused(one, HERE)

    with CaptureQueriesContext(connection) as caught:
        for _ in range(200):
            refused(one, HERE)
            with pytest.raises(TooManyRequests):
                one.check(HERE)

    assert len(caught) == 0


def test_tries_taken_in_advance_are_no_more_than_allowed() -> None:
    one, other = Limit("look", 10, 600, at_once=4), Limit("look", 10, 600, at_once=4)

    with CaptureQueriesContext(connection) as caught:
        for limit in (one, one, one, one, other, other, other, other, one, one):
            limit.take(HERE)

    refused(one, HERE)
    refused(other, HERE)
    assert len(caught) == 3


def test_no_address_is_kept() -> None:
    SIGN_INS.take(HERE)

    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM commands_tries t")
        assert HERE not in str(cursor.fetchall())


def test_old_tries_are_forgotten() -> None:
    now = timezone.now()
    take_tries(what="thing", whom=HERE, count=1, window=timedelta(hours=1), at=now - timedelta(days=2))
    take_tries(what="thing", whom=ELSEWHERE, count=1, window=timedelta(hours=1), at=now)

    assert forget_tries(at=now) == 1
    assert Tries.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"), ("::ffff:203.0.113.7", "203.0.113.7"), ("", ""),
    ],
)  # fmt: skip
def test_place_of(address: str, place: str) -> None:
    assert place_of(address) == place


def sign_in(username: str, password: str, address: str) -> Any:
    client = Client(REMOTE_ADDR=address)
    return client.post("/desk/login/", {"username": username, "password": password})


def test_wrong_sign_ins_from_one_place_leave_others_unhindered(district: DemoDistrict) -> None:
    victim = district.username("grid_worker")
    answers = [sign_in(f"guess-{number}", "wrong", HERE).status_code for number in range(300)]
    answers += [sign_in(victim, f"wrong-{number}", HERE).status_code for number in range(20)]

    assert set(answers) == {403}
    assert sign_in(victim, PASSWORD, HERE).status_code == 403
    assert sign_in(victim, PASSWORD, ELSEWHERE).status_code == 302
    assert sign_in(district.username("community_clerk"), PASSWORD, ELSEWHERE).status_code == 302


def test_refused_place_costs_no_password_check_and_two_queries_at_most(district: DemoDistrict) -> None:
    for number in range(SIGN_INS.tries):
        sign_in(f"guess-{number}", "wrong", HERE)
    lines = len(list_lines(district_id="", limit=1000).lines)

    with CaptureQueriesContext(connection) as caught:
        sign_in("guess", "wrong", HERE)

    counted = [query["sql"] for query in caught if "commands_tries" in query["sql"] or "people_login" in query["sql"]]
    assert len(counted) <= 2
    assert len(list_lines(district_id="", limit=1000).lines) == lines
