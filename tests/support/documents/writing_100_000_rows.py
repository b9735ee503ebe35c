"""A program for test_registers.py: writes a workbook, then a long one; says by how many KB it grew, and the blocks."""

import os
import resource
from collections.abc import Iterator
from datetime import UTC, date, datetime

from linli.support.documents.actions import write_register
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import ColumnKind

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
COLUMNS = [Column(f"c{place}", "列", kind=kind) for place, kind in enumerate([*ColumnKind] * 2)]


def lines(count: int) -> Iterator[list[object]]:
    for number in range(count):
        yield [f"=1+{number}", number, date(2026, 3, 1), AT, f"路灯 {number} 不亮", 12, date(2026, 3, 2), AT]


def write(count: int) -> int:
    """Write so many rows; returns the number of blocks."""
    blocks = write_register(columns=COLUMNS, rows=lines(count), file_format="xlsx", title="", notes="", at=AT)
    return sum(1 for _ in blocks)


def main() -> None:
    write(5_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    blocks = write(100_000)
    os.write(1, f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before} {blocks}".encode())


main()
