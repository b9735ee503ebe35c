"""Walk a level's chain of records: each linked to the one before, numbered without gaps, each count recomputed.

What the walk can't see: records taken off the end (compare the last id with one noted elsewhere), and whether the pool
held everybody it should; so it tells who joined and who left since the draw before.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from linli.ledger.facts.calc.canonical import canonical
from linli.oversight.reviews.calc import verifying
from linli.oversight.reviews.calc.drawing import draw_by
from linli.oversight.reviews.calc.records import (
    AMENDMENT_FORMAT,
    FIRST,
    VOID_FORMAT,
    Record,
    body_of,
    digest_of,
    id_of,
    kind_of,
)
from linli.oversight.reviews.calc.tickets import COOLING, Member, PastDraw, Rule, count_tickets
from linli.oversight.reviews.choices import RecordKind

_ID = re.compile(r"([\w.-]+(?:/[\w.-]+)*)/(\d{4})-(\d{2})/([1-9]\d{0,2})", re.ASCII)
_SIGNERS = 2
_VOID_KEYS = {"format", "draw_id", "level", "hash", "commit_hash", "record", "code", "signed", "at", "prev_record"}
_AMENDMENT_KEYS = {"format", "draw_id", "level", "hash", "record", "struck", "result", "signed", "at", "prev_record"}


@dataclass(frozen=True, slots=True)
class Link:
    """A record of the chain and what was found. checks: code and whether it holds; joined, left: ids, of its pool."""

    record_id: str
    draw_id: str
    kind: RecordKind
    checks: tuple[tuple[str, bool], ...]
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether every check holds."""
        return all(holds for _, holds in self.checks)


@dataclass(frozen=True, slots=True)
class Walked:
    """A chain as it was walked. loose: ids of records that hang on none of it: a fork, a gap, another chain."""

    links: tuple[Link, ...]
    loose: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether there is a chain, whole, and every check of it holds."""
        return bool(self.links) and not self.loose and all(link.is_sound for link in self.links)


@dataclass
class _Seen:
    """What the chain has told so far. draws: records that count, by draw id, in order; struck: by draw id."""

    draws: dict[str, Record] = field(default_factory=dict)
    results: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    last: str = FIRST
    level: tuple[str, str] = ("", "")
    pool: frozenset[str] | None = None


def walk(records: Iterable[Record]) -> Walked:
    """Put records in their order by the links between them, and check each."""
    by_previous: dict[str, list[Record]] = {}
    for record in records:
        by_previous.setdefault(body_of(record)["prev_record"], []).append(record)
    seen, links = _Seen(), []
    while followers := by_previous.get(seen.last):
        record = followers.pop(0)
        links.append(_look_at(record, seen))
        seen.last = links[-1].record_id
    loose = [_id_or_nothing(record) for left in by_previous.values() for record in left]
    return Walked(tuple(links), tuple(sorted(loose)))


def history(records: Sequence[Record]) -> list[PastDraw]:
    """Give the draws that count after these records, in the order of the chain: voids left out, amendments applied."""
    seen = _Seen()
    for record in records:
        _note(record, seen)
    return _past(seen)


def counted_again(commit: Mapping[str, Any], past: Sequence[PastDraw]) -> bool:
    """Tell whether a commit's tickets, due and floors are what earlier results and its own rules make of them."""
    rules = commit["rules"]
    rule = Rule(rules["policy"], rules["ticket_cap"], rules["cooldown"])
    counted = count_tickets(
        _members(commit),
        past,
        rule=rule,
        year=_year(commit["draw_id"]),
        take={row["id"]: row["take"] for row in commit["strata"]},
        draws_left=rules["draws_left"],
    )
    held = [(one.id, one.tickets, one.is_due, one.excused) for one in counted.pool]
    stated = [(row["id"], row["tickets"], row["due"], row.get("excused", "")) for row in commit["pool"]]
    return held == stated and dict(counted.floors) == {row["id"]: row["floor"] for row in commit["strata"]}


def next_number(codes: Iterable[str], *, level: str, year: int, month: int) -> str:
    """Name the next draw of a level's month: without gaps, those made void included."""
    begin = f"{level}/{year:04}-{month:02}/"
    return f"{begin}{1 + sum(code.startswith(begin) for code in codes)}"


def _look_at(record: Record, seen: _Seen) -> Link:
    kind, body = kind_of(record), body_of(record)
    try:
        checks = {RecordKind.DRAW: _check_draw, RecordKind.VOID: _check_void, RecordKind.AMENDMENT: _check_amendment}[
            kind
        ](record, seen)
        level = (body["level"], body["hash"])
        checks["level"] = seen.level in {("", ""), level} and body["draw_id"].startswith(f"{body['level']}/")
        seen.level = level
        found = id_of(record)
    except (ValueError, LookupError, TypeError, AttributeError):
        return Link(_id_or_nothing(record), str(body.get("draw_id", "")), kind, (("form", False),))
    pool = frozenset(row["id"] for row in body["pool"]) if kind is RecordKind.DRAW else None
    joined = pool - seen.pool if pool is not None and seen.pool is not None else frozenset()
    left = seen.pool - pool if pool is not None and seen.pool is not None else frozenset()
    seen.pool = seen.pool if pool is None else pool
    _note(record, seen)
    return Link(found, body["draw_id"], kind, tuple(checks.items()), tuple(sorted(joined)), tuple(sorted(left)))


def _check_draw(record: Record, seen: _Seen) -> dict[str, bool]:
    checks = {code: holds for code, (holds, _) in verifying.check(canonical(record)).items()}
    if not checks["form"]:
        return checks
    commit = record["commit"]
    checks["number"] = _is_next(commit["draw_id"], seen.used)
    checks["excused"] = all(
        (row["tickets"] == 0) == bool(row.get("excused"))
        and (not row.get("excused") or row["excused"] == COOLING or bool(row.get("approver")))
        and len({bool(row.get(key)) for key in ("deputy", "deputy_approver", "leave")}) == 1
        for row in commit["pool"]
    )
    checks["history"] = counted_again(commit, _past(seen))
    return checks


def _check_void(record: Record, seen: _Seen) -> dict[str, bool]:
    body = record["void"]
    drawn = seen.draws.get(body["draw_id"])
    of_draw = drawn is not None and body["record"] == id_of(drawn) and body["commit_hash"] == drawn["commit_hash"]
    return {
        "form": set(body) == _VOID_KEYS and body["format"] == VOID_FORMAT and bool(body["code"]),
        "signed": _is_signed(body),
        "names": of_draw if body["record"] else _is_next(body["draw_id"], seen.used),
    }


def _check_amendment(record: Record, seen: _Seen) -> dict[str, bool]:
    body = record["amendment"]
    drawn = seen.draws.get(body["draw_id"])
    if drawn is None:
        return {"form": True, "names": False}
    struck = [each["id"] for each in body["struck"]]
    return {
        "form": set(body) == _AMENDMENT_KEYS and body["format"] == AMENDMENT_FORMAT,
        "signed": _is_signed(body),
        "names": body["record"] == id_of(drawn) and all(each["code"] for each in body["struck"]) and bool(struck),
        "result": body["result"] == draw_by(drawn["commit"], drawn["seed"], struck=struck),
    }


def _is_signed(body: Mapping[str, Any]) -> bool:
    return len(body["signed"]) == _SIGNERS and all(body["signed"])


def _is_next(code: str, used: Sequence[str]) -> bool:
    """Whether a draw is the next of its month, and of no month before the last one."""
    found = _ID.fullmatch(code)
    if not found:
        return False
    level, year, month = found[1], int(found[2]), int(found[3])
    last = _ID.fullmatch(used[-1]) if used else None
    is_later = last is None or (year, month) >= (int(last[2]), int(last[3]))
    return is_later and code == next_number(used, level=level, year=year, month=month)


def _note(record: Record, seen: _Seen) -> None:
    kind, body = kind_of(record), body_of(record)
    code = body["draw_id"]
    match kind:
        case RecordKind.DRAW:
            seen.draws[code] = record
            seen.results[code] = record["result"]
            seen.used.append(code)
        case RecordKind.VOID:
            if seen.draws.pop(code, None) is None:
                seen.used.append(code)
            seen.results.pop(code, None)
        case RecordKind.AMENDMENT:
            seen.results[code] = body["result"]


def _past(seen: _Seen) -> list[PastDraw]:
    return [
        PastDraw(
            _year(code),
            tuple(_members(record["commit"])),
            frozenset(each for lists in seen.results[code].values() for each in lists["drawn"]),
        )
        for code, record in seen.draws.items()
    ]


def _members(commit: Mapping[str, Any]) -> list[Member]:
    return [
        Member(
            row["id"],
            row["stratum"],
            "" if row.get("excused", "") == COOLING else row.get("excused", ""),
            tuple(row.get("merged_from", ())),
        )
        for row in commit["pool"]
    ]


def _year(code: str) -> int:
    found = _ID.fullmatch(code)
    if not found:
        raise ValueError(code)
    return int(found[2])


def _id_or_nothing(record: Record) -> str:
    try:
        return digest_of(record, hash_name=str(body_of(record).get("hash", "sha256")))
    except ValueError:
        return ""
