from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from linli.kernel import bus
from linli.kernel.errors import NotAllowed
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.rules import NOBODY, HeldPost, Viewer
from linli.support.calendar.actions import install_default_calendar, publish_calendar
from linli.support.calendar.calc import DEFAULT_HOURS, SHANGHAI, DayException, WorkingCalendar
from linli.support.calendar.errors import BadTable, NoCalendar
from linli.support.calendar.events import CalendarPublished
from linli.support.calendar.models import CalendarDay, CalendarVersion
from linli.support.calendar.queries import (
    CalendarVersionRow,
    calendar_of,
    current_calendar,
    list_calendar_days,
    list_calendar_versions,
)

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 9, tzinfo=SHANGHAI)
KEEPER_ID = UUID(int=7)
NEW_YEAR = DayException(date(2027, 1, 1), is_workday=False, name="元旦")
MAKE_UP = DayException(date(2027, 1, 3), is_workday=True, name="元旦")


def viewer(*verbs: Verb) -> Viewer:
    post = HeldPost(
        post_id=UUID(int=1),
        role="catalogue_keeper",
        role_name="派单目录管理员",
        verbs=frozenset(verbs),
        reach=Reach.AREA,
        organisation_id=UUID(int=2),
        organisation_name="测试单位",
        area_path="210106",
        area_name="铁西区",
    )
    return Viewer(KEEPER_ID, UUID(int=8), "210106", "测试员", (post,))


def publish(*exceptions: DayException, by: Viewer | None = None, reason: str = "2027 年安排公布") -> int:
    return publish_calendar(
        exceptions=exceptions,
        published_years=[2027],
        hours=DEFAULT_HOURS,
        reason=reason,
        by=by or viewer(Verb.EDIT_CALENDAR),
        at=AT,
    )


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[CalendarPublished]]:
    events: list[CalendarPublished] = []
    monkeypatch.setitem(bus._receivers, CalendarPublished, [events.append])
    return events


def test_current_calendar_before_any_is_published() -> None:
    with pytest.raises(NoCalendar, match="no_calendar"):
        current_calendar()


def test_install_default_calendar(calendar: WorkingCalendar, heard: list[CalendarPublished]) -> None:
    assert [install_default_calendar(at=AT), install_default_calendar(at=AT)] == [1, 1]
    assert current_calendar() == calendar
    assert heard == [CalendarPublished(version=1, at=AT)]


def test_publish_calendar(heard: list[CalendarPublished]) -> None:
    install_default_calendar(at=AT)
    assert publish(NEW_YEAR, MAKE_UP) == 2
    assert list_calendar_versions()[0] == CalendarVersionRow(
        number=2, made_at=AT, made_by=KEEPER_ID, reason="2027 年安排公布", hours=DEFAULT_HOURS, published_years=(2027,)
    )
    assert list_calendar_days(version=2, year=2027) == [NEW_YEAR, MAKE_UP]
    assert heard[-1] == CalendarPublished(version=2, at=AT)


def test_publish_calendar_keeps_older_versions(calendar: WorkingCalendar) -> None:
    install_default_calendar(at=AT)
    publish(NEW_YEAR, MAKE_UP)
    now = current_calendar()
    assert (calendar_of(1), calendar_of(2)) == (calendar, now)
    assert (now.version, now.is_workday(date(2027, 1, 3)), calendar.is_workday(date(2027, 1, 3))) == (2, True, False)


def test_calendar_of_unknown_version() -> None:
    install_default_calendar(at=AT)
    with pytest.raises(NoCalendar, match="no_calendar"):
        calendar_of(2)


def test_current_calendar_asks_once() -> None:
    install_default_calendar(at=AT)
    current_calendar()
    with CaptureQueriesContext(connection) as queries:
        current_calendar()
    assert len(queries) == 1


def test_current_calendar_after_rollback() -> None:
    """The number is given again; the calendar of the version that was rolled back must not come with it."""
    install_default_calendar(at=AT)
    before = transaction.savepoint()
    assert (publish(NEW_YEAR), current_calendar().version) == (2, 2)
    transaction.savepoint_rollback(before)
    assert publish(NEW_YEAR, MAKE_UP) == 2
    assert dict(current_calendar().exceptions) == {NEW_YEAR.date: False, MAKE_UP.date: True}


@pytest.mark.parametrize("who", [NOBODY, viewer(Verb.SEE_CASES)])
def test_publish_calendar_without_right(who: Viewer) -> None:
    with pytest.raises(NotAllowed):
        publish(NEW_YEAR, by=who)
    assert CalendarVersion.objects.count() == 0


def test_publish_calendar_with_bad_table() -> None:
    with pytest.raises(BadTable) as caught:
        publish(NEW_YEAR, MAKE_UP, NEW_YEAR)
    assert (caught.value.code, caught.value.field, caught.value.params["row"]) == ("date_twice", "date", 3)
    assert (CalendarVersion.objects.count(), CalendarDay.objects.count()) == (0, 0)


def test_publish_calendar_without_reason() -> None:
    with pytest.raises(BadTable, match="reason_length"):
        publish(NEW_YEAR, reason="  ")


def test_publish_calendar_undone_by_receiver(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(event: CalendarPublished) -> None:
        raise ZeroDivisionError(event.version)

    monkeypatch.setitem(bus._receivers, CalendarPublished, [refuse])
    with pytest.raises(ZeroDivisionError):
        publish(NEW_YEAR)
    assert CalendarVersion.objects.count() == 0
