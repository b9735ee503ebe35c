import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection, transaction

from linli.support.calendar.actions import install_default_calendar
from linli.support.calendar.calc import SHANGHAI
from linli.support.calendar.errors import CalendarChanged
from linli.support.calendar.models import CalendarVersion

AT = datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)


def install_elsewhere() -> int:
    try:
        return install_default_calendar(at=AT)
    finally:
        connection.close()


def wait_until_somebody_waits() -> None:
    """Wait, at most two minutes, until another connection waits for ours.

    pg_stat_activity stays as it was in a transaction.
    """
    for _ in range(12_000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise TimeoutError


@pytest.mark.django_db(transaction=True)
def test_publish_calendar_twice_at_once() -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            install_default_calendar(at=AT)
            second = pool.submit(install_elsewhere)
            wait_until_somebody_waits()
        with pytest.raises(CalendarChanged, match="calendar_changed"):
            second.result(timeout=120)
    assert [each.number for each in CalendarVersion.objects.order_by("number")] == [1]
