"""The audit log."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from linli.kernel.errors import InvalidInput
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind, Outcome
from linli.ledger.audit.models import AuditLine
from linli.ledger.audit.queries import LinePage, LineRow, list_lines

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CLERK, AUDITOR = UUID(int=1), UUID(int=2)


def write(kind: LineKind = LineKind.LOGIN, **changes: Any) -> UUID:
    return write_line(**{"district_id": "210106", "kind": kind, "at": AT, **changes})


@pytest.mark.django_db
def test_write_line_keeps_everything_in_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        line_id = write(
            LineKind.UNMASKED, actor_id=CLERK, actor_name="clerk01", object_kind="case", object_id="7",
            outcome=Outcome.REFUSED, source_ip="2001:db8::1", data={"field": "phone"},
        )  # fmt: skip

    row = LineRow(line_id, AT, CLERK, "clerk01", "unmasked", "case", "7", "refused", "2001:db8::1", {"field": "phone"})
    assert list_lines(district_id="210106") == LinePage((row,), None)


@pytest.mark.django_db
def test_write_line_takes_whatever_a_stranger_typed() -> None:
    write(LineKind.LOGIN_FAILED, actor_name="x\0" * 500, object_id="y" * 900, source_ip="z" * 90)

    [line] = list_lines(district_id="210106").lines
    assert (line.actor_name, line.object_id, line.source_ip) == ("x" * 150, "y" * 200, "z" * 45)


@pytest.mark.django_db
def test_write_line_refuses_a_naive_time() -> None:
    with pytest.raises(InvalidInput, match="naive_time"):
        write(at=datetime(2026, 3, 2))  # noqa: DTZ001 - that is what is refused


@pytest.mark.django_db(transaction=True)
def test_line_outside_the_transaction_outlives_it() -> None:
    with transaction.atomic():
        write(LineKind.EXPORTED)
        transaction.set_rollback(True)
    write(LineKind.LOGIN_FAILED)

    assert [line.kind for line in list_lines(district_id="210106").lines] == ["login_failed"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [3, 2, 1, 0]),
        ({"kinds": [LineKind.UNMASKED, LineKind.EXPORTED]}, [2, 1]),
        ({"actor_id": AUDITOR}, [3, 0]),
        ({"object_kind": "case", "object_id": "7"}, [1]),
        ({"since": AT + timedelta(hours=1), "until": AT + timedelta(hours=3)}, [2, 1]),
    ],
)
def test_list_lines_by_filter(wanted: dict[str, Any], found: list[int], django_assert_num_queries: Any) -> None:
    ids = [
        write(actor_id=AUDITOR),
        write(LineKind.UNMASKED, at=AT + timedelta(hours=1), actor_id=CLERK, object_kind="case", object_id="7"),
        write(LineKind.EXPORTED, at=AT + timedelta(hours=2), actor_id=CLERK, object_kind="case", object_id="8"),
        write(at=AT + timedelta(hours=3), actor_id=AUDITOR),
    ]
    write(district_id="210102", actor_id=AUDITOR, object_kind="case", object_id="7")

    with django_assert_num_queries(1):
        page = list_lines(district_id="210106", **wanted)

    assert [ids.index(line.id) for line in page.lines] == found


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_list_lines_page_by_page_misses_none(size: int) -> None:
    for number in range(6):
        write(at=AT + timedelta(hours=number // 3))
    whole = list_lines(district_id="210106").lines

    page = list_lines(district_id="210106", limit=size)
    paged = list(page.lines)
    while page.next_before:
        page = list_lines(district_id="210106", limit=size, before=page.next_before)
        paged += page.lines

    assert tuple(paged) == whole
    assert len(whole) == 6


def test_audit_line_declares_its_personal_data() -> None:
    kept = {name: declared.retention_days for name, declared in AuditLine.personal_data.items()}

    assert AuditLine.is_append_only
    assert kept == dict.fromkeys(("actor_name", "source_ip", "object_id", "data"), 400)
