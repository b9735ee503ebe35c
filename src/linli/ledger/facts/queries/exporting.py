"""The ledger as a file, and the check of such a file without the database."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from linli.ledger.facts.calc.checking import SealedRow, VerifyReport
from linli.ledger.facts.calc.export import LedgerWriter, check_lines
from linli.ledger.facts.calc.seals import SealRow, instant
from linli.ledger.facts.queries.verifying import UnsealedRow, ledger_rows


def export_ledger(*, district_id: str, file: BinaryIO, at: datetime, note: str = "") -> None:
    """Write a district's ledger as lines of JSON, as docs/mechanisms/facts-and-seals.md describes them.

    at: when it is written out; note: for people, such as a demo's mark. A broken ledger is written as it is, for
    others to find. Raises InvalidInput("not_plain") at an unsealed fact that can't be written. Queries as
    verify_ledger.
    """
    writer = LedgerWriter(district_id)
    file.write(writer.header(exported_at=instant(at), note=note))
    with transaction.atomic():
        file.writelines(_line(writer, row) for row in ledger_rows(district_id))
    file.write(writer.end())


def verify_export(path: Path, *, noted: Mapping[int, str] | None = None) -> VerifyReport:
    """Check an export with nothing but the file. noted: as in verify_ledger. Raises OSError. No queries."""
    with path.open("rb") as file:
        return check_lines(file, noted or {})


def _line(writer: LedgerWriter, row: SealRow | SealedRow | UnsealedRow) -> bytes:
    match row:
        case SealRow():
            return writer.seal(row)
        case SealedRow():
            return writer.fact(row)
        case UnsealedRow():
            return writer.unsealed(row.content)
