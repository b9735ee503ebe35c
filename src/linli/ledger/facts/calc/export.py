"""The ledger as lines of canonical JSON, and the check of such lines without any database.

Lines: one header; each seal, followed by its facts by position; the facts not sealed yet; one end with the SHA-256 of
all bytes before it. The exact form is in docs/mechanisms/facts-and-seals.md.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from linli.kernel.errors import InvalidInput
from linli.ledger.facts.calc.canonical import canonical
from linli.ledger.facts.calc.checking import Breach, Broken, Checker, SealedRow, VerifyReport
from linli.ledger.facts.calc.seals import NO_CHAIN, SealRow, seal_content
from linli.ledger.facts.choices import Flaw

FORMAT = "linli-ledger/1"
_HEX = re.compile(r"[0-9a-f]{64}")


class LedgerWriter:
    """Makes an export's lines, keeping count and sum of what it has made."""

    def __init__(self, district_id: str) -> None:
        self._district_id = district_id
        self._sum = hashlib.sha256()
        self._counts = {"seal": 0, "fact": 0, "unsealed": 0}
        self._chain = NO_CHAIN

    def header(self, *, exported_at: str, note: str) -> bytes:
        """Begin: note is for people (such as a demo's mark) and may be empty."""
        return self._line({
            "district_id": self._district_id, "exported_at": exported_at, "format": FORMAT, "line": "header",
            "note": note,
        })  # fmt: skip

    def seal(self, seal: SealRow) -> bytes:
        """Write one seal."""
        self._chain = seal.chain
        return self._line({"chain": seal.chain, "line": "seal", **seal_content(seal)})

    def fact(self, row: SealedRow) -> bytes:
        """Write one place in a seal; a fact that is lost or unreadable is an empty object."""
        rest = {
            "id": row.fact_id, "leaf": row.leaf.hex(), "line": "fact", "position": row.position,
            "seal": row.seal_number,
        }  # fmt: skip
        try:
            return self._line({"fact": row.content or {}, **rest})
        except InvalidInput:
            return self._line({"fact": {}, **rest})

    def unsealed(self, content: Mapping[str, object]) -> bytes:
        """Write a fact that no seal holds yet."""
        return self._line({"fact": content, "line": "unsealed"})

    def end(self) -> bytes:
        """Close with the counts, the last chain value and the sum of all bytes so far."""
        return self._line({
            "chain": self._chain, "facts": self._counts["fact"], "line": "end", "seals": self._counts["seal"],
            "sha256": self._sum.hexdigest(), "unsealed": self._counts["unsealed"],
        })  # fmt: skip

    def _line(self, value: dict[str, object]) -> bytes:
        line = canonical(value) + b"\n"
        self._sum.update(line)
        kind = str(value["line"])
        if kind in self._counts:
            self._counts[kind] += 1
        return line


def check_lines(lines: Iterable[bytes], noted: Mapping[int, str]) -> VerifyReport:
    """Check an export, reading each line once and holding none.

    lines: with their line ends; noted: as in Checker. A file that is broken as a file is named by line.
    """
    reader = _Reader(noted)
    try:
        for line in lines:
            reader.take(line)
        reader.finish()
    except Broken as broken:
        return reader.checker.report(broken.breach)
    return reader.checker.report(None)


class _Reader:
    """Turns lines back into rows for the checker, by a writer that must come to the very same bytes."""

    def __init__(self, noted: Mapping[int, str]) -> None:
        self.checker = Checker("", noted)
        self._noted = noted
        self._writer = LedgerWriter("")
        self._line = 0
        self._stage = "start"

    def take(self, line: bytes) -> None:
        self._line += 1
        value = self._parsed(line)
        try:
            again = self._written_again(value)
        except (KeyError, TypeError, ValueError, InvalidInput):
            self._malformed()
        if again != line:
            self._malformed()

    def finish(self) -> None:
        if self._stage != "end":
            self._line += 1
            self._malformed()

    def _parsed(self, line: bytes) -> dict[str, Any]:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            self._malformed()
        if not isinstance(value, dict):
            self._malformed()
        return value

    def _written_again(self, value: dict[str, Any]) -> bytes:
        """Hand the row to the checker and write it anew: other members, spaces or order give other bytes."""
        self._stage = _next_stage(self._stage, value["line"])
        match self._stage:
            case "header":
                self.checker = Checker(_text(value["district_id"]), self._noted)
                self._writer = LedgerWriter(value["district_id"])
                return self._writer.header(exported_at=_text(value["exported_at"]), note=_text(value["note"]))
            case "seal":
                seal = _seal(value)
                self.checker.take_seal(seal)
                return self._writer.seal(seal)
            case "fact":
                row = _sealed_row(value)
                self.checker.take_fact(row)
                return self._writer.fact(row)
            case "unsealed":
                self.checker.take_unsealed(_mapping(value["fact"]))
                return self._writer.unsealed(value["fact"])
            case _:
                self.checker.finish()
                return self._writer.end()

    def _malformed(self) -> NoReturn:
        raise Broken(Breach(Flaw.FILE_MALFORMED, line=self._line))


_FOLLOWERS = {
    "start": {"header"},
    "header": {"seal", "fact", "unsealed", "end"},
    "seal": {"seal", "fact", "unsealed", "end"},
    "fact": {"seal", "fact", "unsealed", "end"},
    "unsealed": {"unsealed", "end"},
    "end": set(),
}  # fmt: skip


def _next_stage(stage: str, kind: object) -> str:
    if kind not in _FOLLOWERS[stage]:
        raise ValueError(kind)
    return str(kind)


def _seal(value: dict[str, Any]) -> SealRow:
    return SealRow(
        district_id=_text(value["district_id"]),
        number=_number(value["number"]),
        previous_chain=_text(value["previous_chain"]),
        root=_text(value["root"]),
        size=_number(value["size"]),
        made_at=_text(value["made_at"]),
        chain=_text(value["chain"]),
    )


def _sealed_row(value: dict[str, Any]) -> SealedRow:
    if not _HEX.fullmatch(_text(value["leaf"])):
        raise ValueError(value["leaf"])
    return SealedRow(
        seal_number=_number(value["seal"]),
        position=_number(value["position"]),
        fact_id=_text(value["id"]),
        leaf=bytes.fromhex(value["leaf"]),
        content=_mapping(value["fact"]) or None,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value
