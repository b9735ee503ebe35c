"""Whatever is sent as a sheet, however damaged, is read or refused with a code: nothing else comes of it."""

import io
import zipfile
from collections.abc import Callable
from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support.documents.sample import EMPTY, FULL, written

from linli.kernel.errors import InvalidInput
from linli.support.documents.actions import read_sheet, read_workbook
from linli.support.documents.choices import RegisterFormat

CODES = {"sheet_empty", "sheet_too_large", "sheet_locked", "sheet_unreadable", "sheet_too_long"}
# What stands in such files and means something there.
_TELLING = (b"<", b">", b"</c>", b'"', b"&#0;", b"&x;", b"A1", b"XFD1048577", b"1e999", b"-1", b"99999999999", b"\x00",
            b"\xff", b'r="', b's="', b't="s"', b't="d"', b"<v>", b"<row ", b"]]>", b"<!DOCTYPE a>")  # fmt: skip
_change = st.tuples(st.integers(0, 2**20), st.integers(0, 40), st.sampled_from(_TELLING) | st.binary(max_size=12))


@cache
def _book() -> bytes:
    return written([FULL, EMPTY] * 3, RegisterFormat.XLSX)


def _changed(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for where, length, put in changes:
        at = where % (len(data) + 1)
        data = data[:at] + put + data[at + length :]
    return data


def _read_by(read: Callable[[bytes], object], data: bytes) -> None:
    try:
        read(data)
    except InvalidInput as error:
        refused = error
    else:
        return
    assert (refused.code in CODES, refused.field) == (True, "sheet")


def _read(data: bytes) -> None:
    _read_by(lambda sent: read_sheet(sent, most_rows=500), data)
    _read_by(lambda sent: read_workbook(sent, most_rows=500, is_head=lambda _cells: True), data)


@settings(max_examples=300, deadline=None)
@given(changes=st.lists(_change, min_size=1, max_size=6))
def test_damaged_file_is_read_or_refused(changes: list[tuple[int, int, bytes]]) -> None:
    _read(_changed(_book(), changes))


@settings(max_examples=600, deadline=None)
@given(part=st.integers(0, 40), changes=st.lists(_change, min_size=1, max_size=6))
def test_workbook_with_damaged_insides_is_read_or_refused(part: int, changes: list[tuple[int, int, bytes]]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_book())) as whole, zipfile.ZipFile(packed, "w") as again:
        names = whole.namelist()
        for name in names:
            inside = whole.read(name)
            again.writestr(name, _changed(inside, changes) if name == names[part % len(names)] else inside)
    _read(packed.getvalue())


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
@example(data=b"PK\x03\x04")
@example(data=b"\xd0\xcf\x11\xe0" + b"\0" * 600)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    _read(data)
    _read(b"PK\x03\x04" + data)
    _read(b"\xd0\xcf\x11\xe0" + data)
