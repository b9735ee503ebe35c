"""One small register with a column of each kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from linli.support.documents.actions import write_register
from linli.support.documents.calc.registers import Column, Row
from linli.support.documents.choices import ColumnKind

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TITLE = "事项台账"
NOTES = "演示数据\n导出人：王示例　2026-03-02 09:00"
COLUMNS = (
    Column("number", "事项编号", 20),
    Column("phone", "电话"),
    Column("count", "人次", 8, ColumnKind.NUMBER),
    Column("due_on", "截止日期", 12, ColumnKind.DATE),
    Column("opened_at", "上报时间", 20, ColumnKind.DATETIME),
)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A row as queries return them."""

    number: str
    phone: str
    count: int | None
    due_on: date | None
    opened_at: datetime | None


FULL = CaseLine("皇姑-2026-000001", "02400000000", 12, date(2026, 3, 9), datetime(2026, 3, 1, 17, 30, tzinfo=UTC))
EMPTY = CaseLine("皇姑-2026-000002", "", None, None, None)


def written(rows: Iterable[Row], file_format: str, *, title: str = TITLE, notes: str = NOTES) -> bytes:
    blocks = write_register(columns=COLUMNS, rows=rows, file_format=file_format, title=title, notes=notes, at=AT)
    return b"".join(blocks)
