"""Made-up draws: random records of every size, and all the ways to change one."""

import copy
import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from linli.oversight.reviews.calc import records
from linli.oversight.reviews.calc.commits import Frame, Listed, make_commit
from linli.oversight.reviews.calc.programme import Policy, Stratum, default_rules
from linli.oversight.reviews.calc.tickets import (
    COOLDOWN,
    FLOOR,
    TICKETS,
    UNIFORM,
    Member,
    PastDraw,
    Rule,
    count_tickets,
)

Record = dict[str, Any]
_POLICIES = (
    Policy(UNIFORM), Policy(COOLDOWN, cooldown=1), Policy(COOLDOWN, cooldown=3), Policy(FLOOR), Policy(TICKETS),
    Policy(TICKETS, ticket_cap=2), Policy(TICKETS, ticket_cap=20),
)  # fmt: skip
_SIGNS = '一二三四五六七八九十党组街道工委局办😀é ab"\\\n\u2028'


def random_record(chance: random.Random, *, largest: int = 40) -> Record:
    """Make a valid record: one to four strata, some excused, some due, words of all kinds."""
    strata = [
        {
            "id": f"g{number}",
            "take": chance.randint(0, 13),
            "reserve": chance.randint(0, 4),
            "floor": chance.randint(0, 3),
        }
        for number in range(chance.randint(1, 4))
    ]
    pool = [
        {
            "id": f"O{number:03}", "name": _words(chance), "stratum": chance.choice(strata)["id"],
            "tickets": chance.choice([0, 1, 1, 2, 3, 6]), "due": chance.random() < 0.2,
        }
        for number in range(chance.randint(1, largest))
    ]  # fmt: skip
    plan = [{"id": f"dice{number}", "text": _words(chance)} for number in range(chance.randint(1, 3))]
    secret = chance.randbytes(32).hex()
    commit = {
        "format": "linli-draw/1", "draw_id": f"district/2026-{chance.randint(1, 12):02}/{chance.randint(1, 3)}",
        "level": "district", "hash": "sha256", "strata": strata, "pool": pool,
        "rules": {"note": _words(chance), "ticket_cap": 6, "more": [True, chance.randint(-(2**53) + 1, 2**53 - 1), {}]},
        "secret_hash": records.hash_secret(secret), "entropy_plan": plan, "prev_record": chance.randbytes(32).hex(),
    }  # fmt: skip
    thrown = [(item["id"], f"{chance.randrange(10**20):020}") for item in plan]
    return records.complete(commit, secret=secret, entropy=thrown)


def counted_record(chance: random.Random, *, largest: int = 80) -> Record:
    """Make a record as a programme does: tickets, due and floors by any rule, from as many draws before as may be."""
    strata = tuple(
        Stratum(f"g{number}", _words(chance), chance.randint(1, 13), chance.randint(0, 4))
        for number in range(chance.randint(1, 3))
    )
    plan = tuple((f"dice{number}", _words(chance)) for number in range(chance.randint(1, 2)))
    rules = replace(default_rules(strata), policy=chance.choice(_POLICIES), entropy=plan)
    listed = [_listed(number, chance, strata) for number in range(chance.randint(1, largest))]
    secret, month = chance.randbytes(32).hex(), chance.randint(1, 12)
    frame = Frame(
        draw_id=f"district/2026-{month:02}/1", level="district", year=2026, draws_left=12 - month,
        parts=chance.randint(1, 2), choosing="same_day", occasion="regular", secret_hash=records.hash_secret(secret),
        previous=chance.randbytes(32).hex(),
    )  # fmt: skip
    pool = tuple(Member(one.code, one.stratum) for one in listed)
    past = [
        PastDraw(2025 + (number > 5), pool, frozenset(one.id for one in pool if chance.random() < 0.2))
        for number in range(chance.randint(0, 10))
    ]
    thrown = [(item, f"{chance.randrange(10**20):020}") for item, _ in plan]
    return records.complete(make_commit(frame, rules, listed, past), secret=secret, entropy=thrown)


def changed(record: Record, chance: random.Random) -> Record:
    """Change one value somewhere, whatever it is, and nothing else."""
    copied = copy.deepcopy(record)
    holder, key = chance.choice(list(_values(copied)))
    holder[key] = _other(holder[key], chance)
    return copied


def with_added_keys(record: Record) -> Iterator[tuple[str, Record]]:
    """Add a key at each place that must not have one more, an empty list too: places by name."""
    names = [name for name, _ in _closed_places(record)]
    for at, name in enumerate(names):
        for value in ("x", 0, True, [], {}):
            copied = copy.deepcopy(record)
            place = [each for _, each in _closed_places(copied)][at]
            place["added"] = value
            yield f"{name}: {value!r}", copied


def chain_of(
    draws: int, *, rule: Rule | None = None, sizes: tuple[int, int] = (12, 60), take: tuple[int, int] = (2, 13),
    excused: dict[int, dict[str, str]] | None = None,
) -> list[Record]:  # fmt: skip
    """Make a level's chain of so many monthly draws from January 2026, each counted from those before."""
    rule = rule or Rule()
    made: list[Record] = []
    for number in range(draws):
        members = [
            Member(f"{letter}{each:02}", letter, (excused or {}).get(number, {}).get(f"{letter}{each:02}", ""))
            for letter, size in zip("SD", sizes, strict=True)
            for each in range(1, size + 1)
        ]
        made.append(next_record(made, members, number=number, rule=rule, take=dict(zip("SD", take, strict=True))))
    return made


def next_record(
    before: list[Record], members: list[Member], *, number: int, rule: Rule, take: dict[str, int]
) -> Record:
    """Make the draw that follows in a chain. number: of months since January 2026."""
    from linli.oversight.reviews.calc.chain import history

    year, month = 2026 + number // 12, number % 12 + 1
    past: list[PastDraw] = history(before)
    left = 12 - month
    counted = count_tickets(members, past, rule=rule, year=year, take=take, draws_left=left)
    secret = hashlib.sha256(f"secret {number}".encode()).hexdigest()
    commit = {
        "format": "linli-draw/1", "draw_id": f"district/{year}-{month:02}/1", "level": "district", "hash": "sha256",
        "strata": [
            {"id": group, "take": many, "reserve": 2, "floor": counted.floors[group]} for group, many in take.items()
        ],
        "pool": [
            {"id": one.id, "name": f"第{one.id}号", "stratum": one.stratum, "tickets": one.tickets, "due": one.is_due}
            | ({"excused": one.excused, "approver": "区委组织部"} if one.excused else {})
            for one in counted.pool
        ],
        "rules": {
            "policy": rule.kind, "ticket_cap": rule.ticket_cap, "cooldown": rule.cooldown, "draws_left": left,
            "unrevealed": "commit_hash",
        },
        "secret_hash": records.hash_secret(secret),
        "entropy_plan": [{"id": "dice", "text": "二十枚十面骰子"}],
        "prev_record": records.id_of(before[-1]) if before else records.FIRST,
    }  # fmt: skip
    thrown = f"{int(hashlib.sha256(f'dice {number}'.encode()).hexdigest(), 16) % 10**20:020}"
    return records.complete(commit, secret=secret, entropy=[("dice", thrown)])


def _closed_places(record: Record) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name the parts of a record that hold what the format names and nothing else."""
    yield "top", record
    yield "reveal", record["reveal"]
    for number, item in enumerate(record["reveal"]["entropy"]):
        yield f"entropy item {number}", item
    yield "result", record["result"]
    for stratum, lists in record["result"].items():
        yield f"result of {stratum}", lists


def _listed(number: int, chance: random.Random, strata: tuple[Stratum, ...]) -> Listed:
    """Put an organisation on a list, one in ten excused, some come out of others."""
    excused = ("disaster", _words(chance)) if chance.random() < 0.1 else ("", "")
    merged = tuple(f"O{chance.randrange(80):03}" for _ in range(chance.choice([0, 0, 0, 2])))
    return Listed(f"O{number:03}", _words(chance), chance.choice(strata).id, *excused, merged)


def _words(chance: random.Random) -> str:
    return "".join(chance.choices(_SIGNS, k=chance.randint(1, 8)))


def _values(value: Any) -> Iterator[tuple[Any, Any]]:
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(each, dict | list) and each:
            yield from _values(each)
        else:
            yield value, key


def _other(value: Any, chance: random.Random) -> Any:
    """Give a value that differs: of the same kind mostly, of another now and then, a null, a float."""
    if chance.random() < 0.2:
        others: tuple[Any, ...] = ("", "x", 0, 7, True, False, 1.5, None, [], {}, ["x"])
        return chance.choice([each for each in others if (type(each), each) != (type(value), value)])
    match value:
        case bool():
            return not value
        case int():
            return value + chance.choice([-1, 1, 1000])
        case str() if value:
            at = chance.randrange(len(value))
            sign = chance.choice([each for each in "0123456789abcdefA局" if each != value[at]])
            return chance.choice([value[:at] + sign + value[at + 1 :], value + sign, value[:at] + value[at + 1 :]])
        case str():
            return "x"
        case _:
            return "x"
