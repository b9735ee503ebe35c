"""The frozen document: who is on the list with how many tickets, by which rules, and who reports at which session."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from linli.oversight.reviews.calc.drawing import SHA256
from linli.oversight.reviews.calc.programme import ProgrammeRules
from linli.oversight.reviews.calc.records import DRAW_FORMAT, UNREVEALED
from linli.oversight.reviews.calc.tickets import COOLING, WITH_FLOOR, Held, Member, PastDraw, Rule, count_tickets

VALUE = re.compile(r"[\w.:,-]{1,200}", re.ASCII)
NAME = re.compile(r"[\w.-]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation on the list.

    excused, approver: a code and an office, "" for none; deputy: of whose secretary is away and somebody else reports.
    """

    code: str
    name: str
    stratum: str
    excused: str = ""
    approver: str = ""
    merged_from: tuple[str, ...] = ()
    deputy: "Deputy | None" = None


@dataclass(frozen=True, slots=True)
class Deputy:
    """That somebody reports instead of a secretary: why as a code, which office approved it, the id of the leave."""

    reason: str
    approver: str
    leave: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What a commit says besides the list. draws_left: of the year, after this one; parts: number of sessions."""

    draw_id: str
    level: str
    year: int
    draws_left: int
    parts: int
    choosing: str
    occasion: str
    secret_hash: str
    previous: str
    hash_name: str = SHA256
    notes: Mapping[str, str] = field(default_factory=dict)


def make_commit(
    frame: Frame, rules: ProgrammeRules, listed: Sequence[Listed], past: Sequence[PastDraw]
) -> dict[str, Any]:
    """Freeze a draw: tickets, due and floors are counted from the draws before it."""
    rule = Rule(rules.policy.kind, rules.policy.ticket_cap, rules.policy.cooldown)
    counted = count_tickets(
        [Member(one.code, one.stratum, one.excused, one.merged_from) for one in listed],
        past, rule=rule, year=frame.year, take={each.id: each.take for each in rules.strata},
        draws_left=frame.draws_left,
    )  # fmt: skip
    total = sum(each.take for each in rules.strata)
    return {
        "format": DRAW_FORMAT, "draw_id": frame.draw_id, "level": frame.level, "hash": frame.hash_name,
        "strata": [
            {"id": each.id, "name": each.name, "take": each.take, "reserve": each.reserve,
             "floor": counted.floors[each.id]}
            for each in rules.strata
        ],
        "pool": [_row(one, held) for one, held in zip(listed, counted.pool, strict=True)],
        "rules": {
            "policy": rule.kind, "ticket_cap": rule.ticket_cap, "cooldown": rule.cooldown,
            "floor": "year" if rule.kind in WITH_FLOOR else "none", "draws_left": frame.draws_left,
            "unrevealed": UNREVEALED, "choosing": frame.choosing, "occasion": frame.occasion,
            "turns": split_sizes(total, frame.parts),
        },
        "secret_hash": frame.secret_hash,
        "entropy_plan": [{"id": item, "text": text} for item, text in rules.entropy],
        "prev_record": frame.previous,
    }  # fmt: skip


def for_few(rules: ProgrammeRules, listed: Sequence[Listed]) -> ProgrammeRules:
    """Draw no more of each stratum than may be drawn, since few may report at a special session.

    The rules as they are where nobody may at all, so that such a draw is refused.
    """
    able = Counter(one.stratum for one in listed if not one.excused)
    strata = [replace(each, take=min(each.take, able[each.id])) for each in rules.strata]
    if not any(each.take for each in strata):
        return rules
    return replace(rules, strata=tuple(strata))


def split_sizes(total: int, parts: int) -> list[int]:
    """Say how many report at each session: as even as can be, the earlier ones one more."""
    return [(total + parts - 1 - number) // parts for number in range(parts)]


def too_few(commit: Mapping[str, Any]) -> str:
    """Name the stratum that has fewer with a ticket than are drawn, "" if there is none."""
    for stratum in commit["strata"]:
        able = sum(row["tickets"] > 0 for row in commit["pool"] if row["stratum"] == stratum["id"])
        if able < stratum["take"]:
            return str(stratum["id"])
    return ""


def speaking_order(commit: Mapping[str, Any], result: Mapping[str, Any]) -> list[str]:
    """Give who reports, in order: strata as they are listed, within each the rank."""
    return [each for stratum in commit["strata"] for each in result[stratum["id"]]["drawn"]]


def confirmed(entries: Sequence[tuple[str, object]]) -> str:
    """Give the value that two people typed alike, one after the other: pairs of value and person, oldest first.

    "" until then. Whoever types something else begins anew.
    """
    if len(entries) > 1 and entries[-1][0] == entries[-2][0] and entries[-1][1] != entries[-2][1]:
        return entries[-1][0]
    return ""


def _row(one: Listed, held: Held) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": one.code, "name": one.name, "stratum": one.stratum, "tickets": held.tickets, "due": held.is_due
    }  # fmt: skip
    if held.excused:
        row["excused"] = held.excused
        if held.excused != COOLING:
            row["approver"] = one.approver
    if one.deputy:
        row |= {"deputy": one.deputy.reason, "deputy_approver": one.deputy.approver, "leave": one.deputy.leave}
    if one.merged_from:
        row["merged_from"] = list(one.merged_from)
    return row
