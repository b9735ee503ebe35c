"""The draw itself: seed, ticket stamps, ranks, who is drawn and who stands in reserve.

Each organisation gets its tickets; every ticket is stamped with HMAC(seed, stratum | organisation | ticket number);
tickets are sorted by stamp; an organisation stands where its best ticket stands; kept slots first, then from the top.
That is successive sampling in proportion to tickets, with whole numbers only, and taking somebody off the list moves
nobody else's rank.
Source: Efraimidis and Spirakis 2006 for sampling by keys; draft-thomson-elegy-vrs for ranking by hash.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHA256, SM3 = "sha256", "sm3"
Result = dict[str, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Entrant:
    """An organisation in the pool. tickets: 0 for who is excused; is_due: not yet drawn this year."""

    id: str
    stratum: str
    tickets: int
    is_due: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """What a stratum gives. take: drawn; reserve: ranks kept behind them; floor: slots kept for those who are due."""

    stratum: str
    take: int
    reserve: int
    floor: int = 0


def draw_seed(commit_hash: str, secret: str, entropy: Iterable[tuple[str, str]], *, hash_name: str = SHA256) -> str:
    """Bind what was frozen, what was secret and what the hall produced. All hex, 64 characters each.

    entropy: pairs of item and value in the order announced; neither may hold "=" or "/".
    """
    message = "".join(f"{item}={value}/" for item, value in entropy)
    return hmac.new(bytes.fromhex(commit_hash + secret), message.encode(), hash_name).hexdigest()


def rank(pool: Iterable[Entrant], stratum: str, seed: str, *, hash_name: str = SHA256) -> list[str]:
    """Put a stratum's organisations that have a ticket in the order of their best stamps; ties by id."""
    key = bytes.fromhex(seed)
    best = [
        (min(_stamp(key, f"{stratum}|{one.id}|{number}", hash_name) for number in range(one.tickets)), one.id)
        for one in pool
        if one.stratum == stratum and one.tickets
    ]
    return [organisation for _, organisation in sorted(best)]


def take_from(ranked: Sequence[str], due: Iterable[str], quota: Quota) -> dict[str, list[str]]:
    """Give who is drawn, in the order of speaking, and who stands in reserve."""
    waiting = set(due)
    kept = [each for each in ranked if each in waiting][: quota.floor]
    first = set(kept)
    order = kept + [each for each in ranked if each not in first]
    return {"drawn": order[: quota.take], "reserve": order[quota.take : quota.take + quota.reserve]}


def draw(pool: Sequence[Entrant], quotas: Iterable[Quota], seed: str, *, hash_name: str = SHA256) -> Result:
    """Draw from every stratum; the same pool and seed give the same result."""
    due = [one.id for one in pool if one.is_due]
    return {
        quota.stratum: take_from(rank(pool, quota.stratum, seed, hash_name=hash_name), due, quota) for quota in quotas
    }


def draw_by(commit: Mapping[str, Any], seed: str, *, struck: Iterable[str] = ()) -> Result:
    """Draw as a commit says. struck: taken off after the draw by an amendment; the next in rank moves up."""
    out = set(struck)
    pool = [
        Entrant(row["id"], row["stratum"], 0 if row["id"] in out else row["tickets"], row["due"])
        for row in commit["pool"]
    ]
    quotas = [Quota(row["id"], row["take"], row["reserve"], row["floor"]) for row in commit["strata"]]
    return draw(pool, quotas, seed, hash_name=commit["hash"])


def _stamp(key: bytes, ticket: str, hash_name: str) -> bytes:
    return hmac.digest(key, ticket.encode(), hash_name)
