"""What the fuzzer begins with and what it found once: refused or read, never broken."""

import io
import zipfile

import pytest
from tests.fuzz.importers import AT, DESCRIBED, NOTHING, READERS, read_one, seeds

from linli.edges.sheets import read_sent, write_faults
from linli.kernel.errors import InvalidInput
from linli.registry.sheets.calc.planning import plan_file
from linli.registry.sheets.calc.reports import report_on
from linli.registry.sheets.choices import SheetKind


def test_there_is_a_file_to_begin_with_for_each_reader() -> None:
    assert {data[0] for data in seeds().values()} == set(range(len(READERS)))
    for data in seeds().values():
        READERS[data[0]](data[1:]) if data[0] else read_one(data)


def test_zip_whose_names_are_no_text_is_refused() -> None:
    """Found by the fuzzer: the table of contents says UTF-8 and is not."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("表格.xml", "x")
    with pytest.raises(InvalidInput, match="sheet_unreadable"):
        read_sent(made.getvalue().replace("表格".encode(), b"\xd9\xff\xd9\xff\xd9\xff"))


def test_file_of_no_kind_of_ours_is_given_back_as_it_is() -> None:
    """Found by the fuzzer: nothing in it was known, and giving it back broke."""
    sent = read_sent("甲,乙\n1,2\n".encode())
    report = report_on(plan_file(sent, NOTHING, today=AT.date(), allowed=tuple(SheetKind)), NOTHING)

    (again,) = read_sent(b"".join(write_faults(sent, report, DESCRIBED, at=AT)))

    assert report.unknown == ("",)
    assert {"甲", "乙", "1", "2"} <= {cell for _number, cells in again.rows for cell in cells}
