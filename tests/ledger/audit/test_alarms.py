"""Alarms out of the audit log: by district, person and limit; and that nothing of the log is lost."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT

from linli.kernel.errors import InvalidInput
from linli.ledger.audit.actions import set_alarm_limit, write_line
from linli.ledger.audit.choices import DEFAULT_LIMITS, AlarmKind, LineKind
from linli.ledger.audit.models import AlarmLimit, AuditLine
from linli.ledger.audit.queries import Alarm, list_alarm_limits, list_alarms

HERE, AWAY = "210106", "210105"
ONE, OTHER = UUID(int=1), UUID(int=2)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
pytestmark = pytest.mark.django_db


def refuse(times: int, *, who: UUID | None = ONE, district_id: str = HERE, every: timedelta = MINUTE / 2) -> None:
    for number in range(times):
        write_line(district_id=district_id, kind=LineKind.NOT_ALLOWED, at=AT + number * every, actor_id=who)


def found(district_id: str = HERE, *, ago: timedelta = DAY) -> list[Alarm]:
    return list_alarms(district_id=district_id, since=AT - ago)


def test_eleven_refusals_within_ten_minutes_are_an_alarm() -> None:
    refuse(11)
    refuse(10, who=OTHER)
    refuse(11, who=None)

    assert found() == [Alarm(AlarmKind.REFUSALS, ONE, AT, AT + 5 * MINUTE, 11)]


def test_same_number_over_a_day_is_none() -> None:
    refuse(40, every=5 * MINUTE)

    assert found() == []


def test_other_districts_lines_raise_no_alarm_here() -> None:
    refuse(20, district_id=AWAY)

    assert (found(), len(found(AWAY))) == ([], 1)


def test_rows_of_several_exports_are_added_up() -> None:
    for number in range(3):
        write_line(district_id=HERE, kind=LineKind.ROWS_EXPORTED, at=AT + number * MINUTE, actor_id=ONE,
                   data={"rows": 9000})  # fmt: skip

    assert found() == [Alarm(AlarmKind.ROWS, ONE, AT, AT + 2 * MINUTE, 27_000)]


@pytest.mark.parametrize(("kind", "line"), [
    (AlarmKind.EXPORTS, LineKind.EXPORTED), (AlarmKind.UNMASKINGS, LineKind.UNMASKED),
])  # fmt: skip
def test_exports_and_unmaskings_are_counted(kind: AlarmKind, line: LineKind) -> None:
    most = DEFAULT_LIMITS[kind][0]
    for number in range(most + 1):
        write_line(district_id=HERE, kind=line, at=AT + number * MINUTE, actor_id=ONE)

    assert [(alarm.kind, alarm.amount) for alarm in found()] == [(kind, most + 1)]


def test_alarm_that_began_before_is_told_while_it_lasts() -> None:
    refuse(11)

    assert len(list_alarms(district_id=HERE, since=AT + 5 * MINUTE)) == 1
    assert list_alarms(district_id=HERE, since=AT + 6 * MINUTE) == []


def test_newest_limit_counts_and_the_one_before_is_kept() -> None:
    refuse(5)
    for number, most in enumerate((100, 4)):
        set_alarm_limit(district_id=HERE, kind="refusals", most=most, minutes=10, by=OTHER, source_ip="10.0.0.9",
                        at=AT + number * MINUTE)  # fmt: skip

    assert [alarm.amount for alarm in found()] == [5]
    assert AlarmLimit.objects.count() == 2
    limits = {row.kind: (row.most, row.minutes) for row in list_alarm_limits(district_id=HERE)}
    assert limits == DEFAULT_LIMITS | {AlarmKind.REFUSALS: (4, 10)}
    assert {row.kind: (row.most, row.minutes) for row in list_alarm_limits(district_id=AWAY)} == DEFAULT_LIMITS
    lines = AuditLine.objects.filter(kind="settings_changed").order_by("id")
    assert list(lines.values_list("actor_id", "object_id", "data")) == [
        (OTHER, "refusals", {"most": 100, "minutes": 10}), (OTHER, "refusals", {"most": 4, "minutes": 10})]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": "naps"}, "unknown_alarm"), ({"most": 0}, "alarm_most_out_of_range"),
        ({"most": 10_000_001}, "alarm_most_out_of_range"), ({"minutes": 0}, "alarm_minutes_out_of_range"),
        ({"minutes": 1441}, "alarm_minutes_out_of_range"),
    ],
)  # fmt: skip
def test_limit_that_makes_no_sense_is_refused(wrong: dict[str, str | int], code: str) -> None:
    said: dict[str, str | int] = {"kind": "refusals", "most": 5, "minutes": 5} | wrong

    with pytest.raises(InvalidInput, match=code):
        set_alarm_limit(district_id=HERE, by=ONE, source_ip="", at=AT, **said)  # type: ignore[arg-type]
    assert AlarmLimit.objects.count() == 0


@pytest.mark.parametrize("people", [1, 3])
def test_two_queries_however_many_people(people: int) -> None:
    for number in range(people):
        refuse(12, who=UUID(int=number + 1))

    with CaptureQueriesContext(connection) as caught:
        assert len(found()) == people
    assert len(caught) == 2


def test_lines_are_kept_for_half_a_year_and_longer() -> None:
    kept = [data.retention_days for data in AuditLine.personal_data.values()]

    assert AuditLine.is_append_only
    assert all(days is not None and days > 184 for days in kept)
