"""Check every score of a published review against its rows: verify_review.py FILE; exit 0 only if all agree."""

import hashlib
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any


def _root(nodes: list[bytes]) -> bytes:
    half = 1 << max(len(nodes) - 1, 1).bit_length() - 1
    whole = b"\1" + _root(nodes[:half]) + _root(nodes[half:]) if nodes[1:] else b""
    return nodes[0] if len(nodes) == 1 else hashlib.sha256(whole).digest()


def _mean(values: list[Fraction], trim: Fraction) -> Fraction:
    kept = sorted(values)[int(trim * len(values)) : len(values) - int(trim * len(values))]
    return sum(kept, Fraction(0)) / len(kept)


def _score(turn: str, file: Any, off: dict[str, Fraction]) -> Fraction:
    weights, groups = file["rules"]["weights"], dict[str, list[Fraction]]()
    for row in (row for row in file["rows"] if row["turn"] == turn):
        groups.setdefault(row["group"] if weights else "", []).append(sum(row["points"]) - off.get(row["juror"], 0))
    weigh = {name: weights.get(name, 0) if weights.keys() & groups else 1 for name in groups}
    means = {name: _mean(values, Fraction(file["rules"]["trim"])) for name, values in groups.items()}
    return sum((weigh[name] * means[name] for name in groups), Fraction(0)) / sum(weigh.values())


def check(file: Any) -> dict[str, bool]:
    """Say of each part of a publication whether it follows from the rows; KeyError and the like if one is missing."""
    rows, rules, off = file["rows"], file["rules"], {j: Fraction(value) for j, value in file["effects"].items()}
    leaves = [json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() for row in rows]
    count = {turn["id"]: sum(row["turn"] == turn["id"] for row in rows) for turn in file["turns"]}
    held = [t["id"] for t in file["turns"] if count[t["id"]] >= max(1, Fraction(rules["quorum"]) * t["present"])]
    total = {(row["juror"], row["turn"]): sum(row["points"]) for row in rows if row["turn"] in held}
    by_juror = {juror: {turn for who, turn in total if who == juror} for juror, _ in total}
    tied = set(held[:1])  # turns that jurors who scored several make comparable with the first
    for _ in held:
        tied = tied.union(*(turns for turns in by_juror.values() if tied & turns))
    is_fitted = tied == set(held) and len(total) < len(held) * len(by_juror)
    level = {t: _mean([total[j, u] - off.get(j, Fraction(0)) for j, u in total if u == t], Fraction(0)) for t in held}
    left = [sum(total[j, t] - off[j] - level[t] for t in by_juror[j]) for j in by_juror.keys() & off]
    score = {turn: _score(turn, file, off) for turn in held}
    ranked = {t: {"score": str(mine), "rank": 1 + sum(o > mine for o in score.values())} for t, mine in score.items()}
    told = [{"turn": t, "counted": count[t], "is_established": t in held, **ranked.get(t, {})} for t in count]
    receipts, cast = [row["receipt"] for row in rows], {(row["juror"], row["turn"]) for row in rows}
    return {
        "root": file["root"] == _root([hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]).hex(),
        "rows": receipts == sorted(set(receipts)) and len(cast) == len(rows),
        "effects": not any([*left, sum(off.values())]) and off.keys() == (by_juror.keys() if is_fitted else set()),
        "method": file["method"] == ("fitted" if is_fitted else "plain"),
        "results": file["results"] == told,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(said := check(json.loads(Path(sys.argv[1]).read_bytes()))) + "\n")
    sys.exit(0 if all(said.values()) else 1)
