"""Sheets read in: whatever program wrote them, and whatever is wrong with them."""

import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
import xlsxwriter

from linli.kernel.errors import InvalidInput
from linli.support.documents.actions import read_sheet, write_register
from linli.support.documents.calc.registers import Column
from linli.support.documents.calc.sheets import Sheet, SheetRow


def workbook(*rows: tuple[object, ...]) -> bytes:
    """Write a sheet as Excel does."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(made)
    return made.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(InvalidInput) as raised:
        read_sheet(data, most_rows=2)
    assert raised.value.field == "sheet"
    return raised.value.code


def test_cells_of_every_kind_are_read_as_they_are_shown() -> None:
    data = workbook(
        ("内容", "电话", "时间", "备注"),
        ("路灯不亮", 13900000000, datetime(2026, 11, 23, 8, 30), None),  # noqa: DTZ001 - as sheets hold it
        (None, None, None, None),
        (" 井盖 坏了 ", "024-1234", date(2026, 11, 23), 2.5),
    )
    assert read_sheet(data, most_rows=9) == Sheet(
        ("内容", "电话", "时间", "备注"),
        (
            SheetRow(2, ("路灯不亮", "13900000000", "2026-11-23 08:30", "")),
            SheetRow(4, ("井盖 坏了", "024-1234", "2026-11-23", "2.5")),
        ),
    )


def test_formula_gives_the_value_that_was_stored_with_it() -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("内容",))
        sheet.write_formula(1, 0, '="水管"&"爆裂"', None, "水管爆裂")
    assert read_sheet(made.getvalue(), most_rows=9).rows == (SheetRow(2, ("水管爆裂",)),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("comma", [",", "\t"])
def test_csv_is_read_whoever_wrote_it(encoding: str, comma: str) -> None:
    text = f'内容{comma}电话\r\n"路灯{comma}不亮"{comma}024\r\n短\r\n'
    rows = (SheetRow(2, (f"路灯{comma}不亮", "024")), SheetRow(3, ("短", "")))
    assert read_sheet(text.encode(encoding), most_rows=9) == Sheet(("内容", "电话"), rows)


def test_what_a_register_wrote_can_be_read_back() -> None:
    columns = [Column("text", "内容"), Column("phone", "电话")]
    rows = [("=1+1", "00123"), ("路灯", "-5")]
    blocks = write_register(
        columns=columns, rows=rows, file_format="csv", title="", notes="", at=datetime(2026, 11, 23, tzinfo=UTC)
    )
    assert [row.cells for row in read_sheet(b"".join(blocks), most_rows=9).rows] == rows


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "sheet_empty"),
        ("内容\n".encode(), "sheet_empty"),
        (b"\n\n", "sheet_empty"),
        ("内容\na\nb\nc\n".encode(), "sheet_too_long"),
        (b"x" * 1_000_001, "sheet_too_large"),
        (b"PK\x03\x04 no zip", "sheet_unreadable"),
        (b"\xd0\xcf\x11\xe0 no workbook", "sheet_unreadable"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "sheet_unreadable"),
        (b"a\0b", "sheet_unreadable"),
    ],
)
def test_what_is_no_sheet_is_refused(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_small_file_that_unpacks_to_a_huge_one_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    assert len(made.getvalue()) < 100_000
    assert refused(made.getvalue()) == "sheet_too_large"


def test_zip_that_is_no_workbook_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("readme.txt", "words")
    assert refused(made.getvalue()) == "sheet_unreadable"
