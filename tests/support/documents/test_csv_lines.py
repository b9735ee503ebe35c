"""Registers as csv."""

import csv
import io

import pytest
from tests.support.documents.sample import EMPTY, FULL, NOTES, TITLE, written

from linli.support.documents.calc.cells import neutral


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_holds_title_notes_columns_and_rows() -> None:
    assert read(written([FULL, EMPTY], "csv")) == [
        [TITLE],
        *[[note] for note in NOTES.splitlines()],
        ["事项编号", "电话", "人次", "截止日期", "上报时间"],
        ["皇姑-2026-000001", "02400000000", "12", "2026-03-09", "2026-03-02 01:30:00"],
        ["皇姑-2026-000002", "", "", "", ""],
    ]


def test_csv_without_title_and_notes_is_a_bare_table() -> None:
    assert written([], "csv", title="", notes="") == "\ufeff事项编号,电话,人次,截止日期,上报时间\r\n".encode()


def test_csv_keeps_commas_quotes_and_line_breaks_of_text() -> None:
    said = '路灯,"坏"了\n第二行'
    assert read(written([(said, "", 1, None, None)], "csv", title="", notes=""))[1] == [said, "", "1", "", ""]


def test_csv_leaves_negative_numbers_alone() -> None:
    assert read(written([("a", "", -5, None, None)], "csv"))[-1][2] == "-5"


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1+1", "＋1", "－1", "＠a"]
)
def test_neutral_marks_text_that_a_spreadsheet_might_run(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "路灯", "13800000000", "a=b", "'=1", " 空格"])
def test_neutral_leaves_other_text(text: str) -> None:
    assert neutral(text) == text


def test_csv_neutralises_cells_titles_and_notes() -> None:
    lines = read(written([("=HYPERLINK(1)", "", None, None, None)], "csv", title="=T", notes="@n"))
    assert [lines[0], lines[1], lines[3][0]] == [["'=T"], ["'@n"], "'=HYPERLINK(1)"]
