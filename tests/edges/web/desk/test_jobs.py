"""Jobs and deliveries: seen and tried again by the system administrator alone, without anybody's data, with a line."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.factories.district import AWAY, ROLES, DemoDistrict

from linli.kernel.ids import new_id
from linli.ledger.audit.queries import list_lines
from linli.ledger.commands.actions import deliver_pending, queue_message
from linli.ledger.commands.models import OutboxMessage

SECRET = "13812345678"


@pytest.fixture
def failed(district: DemoDistrict) -> UUID:
    """Let a message fail, here and in the other district, with words that name a recipient."""
    at, ids = timezone.now(), {}

    def fails(_message: object) -> None:
        raise ConnectionError(f"{SECRET} is no number")

    for code in (district.id, AWAY):
        ids[code] = queue_message(district_id=code, kind=f"sms.{code}", subject_id=new_id(), at=at)
        deliver_pending(district_id=code, handlers={f"sms.{code}": fails}, at=at)
    return ids[district.id]


@pytest.fixture
def failed_job(db: None) -> int:
    return job("failed")


def job(state: str, lock: str | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, queueing_lock)"
            " VALUES ('default', 'linli.some.task', %s, %s, 1, %s) RETURNING id",
            [f'{{"id": "{SECRET}"}}', state, lock],
        )
        return int(cursor.fetchone()[0])


def state_of(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job_id])
        return str(cursor.fetchone()[0])


def paths(message_id: object, job_id: object) -> tuple[str, str]:
    return f"/desk/messages/{message_id}/retry/", f"/desk/jobs/{job_id}/retry/"


def test_administrator_sees_kinds_of_faults_and_nothing_of_anybody(
    district: DemoDistrict, client: Client, failed: UUID, failed_job: int
) -> None:
    page = district.login(client, "system_admin").get("/desk/jobs/").content.decode()

    assert [mark in page for mark in ("sms.210106", "ConnectionError", "linli.some.task", "/desk/jobs/")] == [True] * 4
    assert [mark in page for mark in (SECRET, "sms.210105")] == [False, False]


def test_trying_again_makes_both_due_and_leaves_lines(
    district: DemoDistrict, client: Client, failed: UUID, failed_job: int
) -> None:
    signed_in = district.login(client, "system_admin")

    answers = [signed_in.post(path).status_code for path in paths(failed, failed_job)]

    assert answers == [302, 302]
    assert OutboxMessage.objects.get(id=failed).next_try_at <= timezone.now()
    assert state_of(failed_job) == "todo"
    lines = [
        (line.object_kind, line.object_id) for line in list_lines(district_id=district.id, kinds=["retried"]).lines
    ]
    assert sorted(lines) == [("job", str(failed_job)), ("outbox_message", str(failed))]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "system_admin"])
def test_nobody_else_sees_or_tries(
    district: DemoDistrict, client: Client, failed: UUID, failed_job: int, role: str
) -> None:
    signed_in = district.login(client, role)
    before = OutboxMessage.objects.get(id=failed).next_try_at

    answers = [signed_in.get("/desk/jobs/"), *(signed_in.post(path) for path in paths(failed, failed_job))]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert (OutboxMessage.objects.get(id=failed).next_try_at, state_of(failed_job)) == (before, "failed")
    assert "/desk/jobs/" not in signed_in.get("/desk/").content.decode()


def test_message_of_another_district_or_gone_out_and_job_that_did_not_fail_are_not_there(
    district: DemoDistrict, client: Client, failed: UUID
) -> None:
    foreign = OutboxMessage.objects.get(district_id=AWAY).id
    signed_in = district.login(client, "system_admin")

    asked = [*paths(foreign, job("doing")), *paths(new_id(), 10**9)]

    assert [signed_in.post(path).status_code for path in asked] == [404] * 4
    assert list_lines(district_id=district.id, kinds=["retried"]).lines == ()


def test_job_whose_next_one_waits_already_is_refused(district: DemoDistrict, client: Client) -> None:
    waiting = job("todo", lock="each-minute")
    again = job("failed", lock="each-minute")

    answer = district.login(client, "system_admin").post(f"/desk/jobs/{again}/retry/")

    assert (answer.status_code, state_of(again), state_of(waiting)) == (409, "failed", "todo")


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_same_however_long(
    district: DemoDistrict, client: Client, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        job("failed")
    signed_in = district.login(client, "system_admin")
    signed_in.get("/desk/jobs/")

    with django_assert_num_queries(10):
        signed_in.get("/desk/jobs/")
