"""What holds for every format."""

import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.support.documents.sample import AT, COLUMNS, FULL, written

from linli.kernel.errors import InvalidInput
from linli.support.documents.actions import write_register
from linli.support.documents.calc.registers import Column
from linli.support.documents.choices import CONTENT_TYPES, ColumnKind, RegisterFormat

FORMATS = [member.value for member in RegisterFormat]
PROGRAM = Path(__file__).with_name("writing_100_000_rows.py")
WIDE = tuple(Column(f"c{place}", f"第{place}列") for place in range(4))


def lines(count: int) -> Iterator[list[str]]:
    return ([f"事项 {number} 第 {place} 列" for place in range(4)] for number in range(count))


def peak_bytes(count: int, file_format: str) -> int:
    tracemalloc.start()
    for _ in write_register(columns=WIDE, rows=lines(count), file_format=file_format, title="", notes="", at=AT):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("file_format", FORMATS)
def test_memory_does_not_grow_with_rows(file_format: str) -> None:
    peak_bytes(10, file_format)  # what is loaded once
    few, many = peak_bytes(2_000, file_format), peak_bytes(20_000, file_format)
    assert many < few + 500_000  # 20,000 rows held in memory would be some 10 MB


@pytest.mark.parametrize("file_format", FORMATS)
def test_rows_are_taken_only_as_blocks_are_asked_for(file_format: str) -> None:
    rows = lines(20_000)
    blocks = write_register(columns=WIDE, rows=rows, file_format=file_format, title="", notes="", at=AT)
    next(blocks)
    assert len(list(rows)) > 15_000


@pytest.mark.parametrize("file_format", FORMATS)
def test_nothing_is_taken_before_the_first_block(file_format: str) -> None:
    rows = iter([FULL])
    write_register(columns=COLUMNS, rows=rows, file_format=file_format, title="", notes="", at=AT)
    assert list(rows) == [FULL]


def test_workbook_of_100_000_rows_is_streamed_with_flat_memory() -> None:
    """In a process of its own: all that it holds is counted, not Python's objects alone."""
    told = subprocess.run([sys.executable, PROGRAM], check=True, capture_output=True, text=True).stdout  # noqa: S603
    grown_kb, blocks = map(int, told.split())

    assert (grown_kb < 8_000, blocks > 10) == (True, True)  # the rows' XML alone is 70 MB


def test_unknown_format_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput, match="unknown_format"):
        write_register(columns=COLUMNS, rows=[], file_format="pdf", title="", notes="", at=AT)


@pytest.mark.parametrize(
    ("kind", "value", "error"),
    [
        (ColumnKind.NUMBER, "12", TypeError),
        (ColumnKind.NUMBER, True, TypeError),
        (ColumnKind.DATE, "2026-03-01", TypeError),
        (ColumnKind.DATETIME, date(2026, 3, 1), TypeError),
        (ColumnKind.DATETIME, datetime(2026, 3, 1), ValueError),  # noqa: DTZ001
    ],
)
@pytest.mark.parametrize("file_format", FORMATS)
def test_value_of_another_kind_is_refused(
    file_format: str, kind: ColumnKind, value: object, error: type[Exception]
) -> None:
    columns = [Column("a", "甲", kind=kind)]
    with pytest.raises(error):
        list(write_register(columns=columns, rows=[[value]], file_format=file_format, title="", notes="", at=AT))


def test_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 values for 5 columns"):
        written([("a", "b")], "csv")


def test_moment_in_a_column_of_dates_is_the_day_in_shanghai() -> None:
    columns = [Column("a", "甲", kind=ColumnKind.DATE)]
    late = [[datetime(2026, 3, 1, 17, 0, tzinfo=UTC)]]
    data = write_register(columns=columns, rows=late, file_format="json", title="", notes="", at=AT)
    assert b"".join(data) == b'[\n{"a":"2026-03-02"}\n]\n'


def test_every_format_has_a_content_type() -> None:
    assert set(CONTENT_TYPES) == set(RegisterFormat)
