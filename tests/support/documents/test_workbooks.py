"""Registers as workbooks, read back with openpyxl."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from tests.support.documents.sample import EMPTY, FULL, NOTES, TITLE, written

from linli.kernel.errors import InvalidInput
from linli.support.documents.calc import sheet_rows

HEAD = 4  # row of the columns' titles: one title and two notes above


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def test_workbook_holds_title_notes_columns_and_rows() -> None:
    nothing = (None,) * 4
    assert list(opened(written([FULL, EMPTY], "xlsx")).iter_rows(values_only=True)) == [
        (TITLE, *nothing),
        *[(note, *nothing) for note in NOTES.splitlines()],
        ("事项编号", "电话", "人次", "截止日期", "上报时间"),
        ("皇姑-2026-000001", "02400000000", 12, datetime(2026, 3, 9), datetime(2026, 3, 2, 1, 30)),  # noqa: DTZ001
        ("皇姑-2026-000002", *nothing),
    ]


def test_workbook_is_frozen_filtered_and_wide_enough() -> None:
    sheet = opened(written([FULL, EMPTY], "xlsx"))
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.title) == ("A5", "A4:E6", TITLE)
    assert round(sheet.column_dimensions["A"].width) == 21  # 20 characters and the cell's own margin


def test_workbook_shows_dates_as_dates() -> None:
    sheet = opened(written([FULL], "xlsx"))
    formats = [cell.number_format for cell in sheet[HEAD + 1]]
    assert formats == ["@", "@", "General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "http://example.org", "{=1}"])
def test_workbook_keeps_dangerous_text_as_text(text: str) -> None:
    cell = opened(written([(text, text, None, None, None)], "xlsx")).cell(HEAD + 1, 1)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_workbook_holds_no_formula_and_quotes_what_looks_like_one() -> None:
    data = written([("=1+1", "路灯", None, None, None)], "xlsx", title="=T")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    sheet = opened(data)
    assert [sheet.cell(HEAD + 1, place).quotePrefix for place in (1, 2)] == [True, False]


def test_workbook_of_an_empty_register_has_its_head() -> None:
    sheet = opened(written([], "xlsx"))
    assert (sheet.max_row, sheet.auto_filter.ref) == (HEAD, "A4:E4")


def test_workbook_prints_the_notes_on_each_page() -> None:
    sheet = opened(written([FULL], "xlsx", notes="演示数据 A&B"))
    assert (sheet.oddFooter.left.text, sheet.print_title_rows) == (f"{TITLE} · 演示数据 A&&B", "$3:$3")


def test_workbook_names_its_sheet_as_excel_allows() -> None:
    assert [opened(written([], "xlsx", title=t)).title for t in ("'3月/4月[一]:*", "")] == ["3月 4月 一", "1"]


def test_workbook_says_when_it_was_written() -> None:
    made = openpyxl.load_workbook(io.BytesIO(written([], "xlsx"))).properties.created
    assert made.replace(tzinfo=UTC) == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_workbook_longer_than_excel_takes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_rows, "MAX_SHEET_ROWS", HEAD + 1)
    with pytest.raises(InvalidInput, match="register_too_long"):
        written([FULL, EMPTY], "xlsx")
