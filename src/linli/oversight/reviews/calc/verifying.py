"""Check a draw record with Python alone: python verify_draw.py RECORD.json [PREVIOUS.json]; exit code 0 if it is valid.

No program can tell that the commit hash was public before the throw: compare the one printed with the one posted."""
import hashlib, hmac, json, re, sys
from pathlib import Path
from typing import Any
NAME, HEX, VALUE = (re.compile(each, re.ASCII) for each in (r"[\w.-]{1,60}", r"[0-9a-f]{64}", r"[\w.:,-]{1,200}"))
def plain(x: Any, deep: int = 0) -> bool:  # no float, no null, no depth: nothing that two programs might read differently
    if type(x) is dict: return all(key and key.isascii() and key.isprintable() for key in x) and plain([*x.values()], deep)
    return deep <= 100 and (all(plain(y, deep + 1) for y in x) if type(x) is list else type(x) is str
                            or (type(x) in (bool, int) and abs(x) < 2**53))
def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
def read(raw: bytes) -> Any:  # a key that stands twice makes a float of it all, which is refused
    value = json.loads(raw.decode(), object_pairs_hook=lambda rows: dict(rows) if len(dict(rows)) == len(rows) else 0.5)
    return value if plain(value) and canonical(value) else json.loads("")
def well_formed(r: Any) -> bool:
    c, v = r["commit"], r["reveal"]
    counts = [s[key] for s in c["strata"] for key in ("take", "reserve", "floor")] + [o["tickets"] for o in c["pool"]]
    return (set(r) == {"commit", "commit_hash", "reveal", "seed", "result"} and set(v) == {"secret", "entropy"}
        and all(type(each) is list for each in (c["strata"], c["pool"], c["entropy_plan"], v["entropy"]))
        and all(type(each) is int and 0 <= each < 1000 for each in counts) and type(c.get("rules", {})) is dict
        and all(map(HEX.fullmatch, (r["commit_hash"], r["seed"], v["secret"], c["secret_hash"], c["prev_record"])))
        and all(NAME.fullmatch(each["id"]) for each in [*c["strata"], *c["pool"], *c["entropy_plan"], *v["entropy"]])
        and all(type(o["due"]) is bool and type(o["stratum"]) is str for o in c["pool"])
        and all(set(each) == {"id", "value"} and VALUE.fullmatch(each["value"]) for each in v["entropy"])
        and c["format"] == "linli-draw/1" and c["hash"] in ("sha256", "sm3"))
def drawn(c: Any, s: Any, seed: bytes) -> dict[str, list[str]]:
    def best(o: Any) -> bytes:  # an organisation stands where its best ticket stands
        return min(hmac.digest(seed, f"{s['id']}|{o['id']}|{n}".encode(), c["hash"]) for n in range(o["tickets"]))
    ranked = sorted((best(o), o["id"], o["due"]) for o in c["pool"] if o["stratum"] == s["id"] and o["tickets"])
    kept = [each for each in ranked if each[2]][:s["floor"]]
    order = [each[1] for each in kept + [each for each in ranked if each not in kept]]
    return {"drawn": order[:s["take"]], "reserve": order[s["take"]:s["take"] + s["reserve"]]}
def check(raw: bytes, before: bytes = b"") -> dict[str, tuple[bool, str]]:  # each check by its code: does it hold
    try:
        [r] = filter(well_formed, [read(raw)])
        c, v, H, secret = r["commit"], r["reveal"], r["commit"]["hash"], bytes.fromhex(r["reveal"]["secret"])
        def digest(data: bytes) -> str: return hashlib.new(H, data).hexdigest()
        groups, ids, strata = [s["id"] for s in c["strata"]], [o["id"] for o in c["pool"]], {o["stratum"] for o in c["pool"]}
        thrown = "".join(f"{each['id']}={each['value']}/" for each in v["entropy"]).encode()
        seed = hmac.digest(bytes.fromhex(r["commit_hash"]) + secret, thrown, H)
        refused = v["secret"] == r["commit_hash"] and c.get("rules", {}).get("unrevealed") == "commit_hash"
        return {"form": (True, f"格式严格，没有多余或重复的字段。本记录编号 {digest(canonical(r))}"),
            "commit": (digest(canonical(c)) == r["commit_hash"], f"校验码与冻结的内容相符 {r['commit_hash']}"),
            "chain": (not before or digest(canonical(read(before))) == c["prev_record"],
                      f"{'接在给出的那一份之后。' if before else '没有给出上一份，未核对。'}上一份记录编号 {c['prev_record']}"),
            "secret": (digest(secret) == c["secret_hash"] or refused,
                       "组织者没有揭示秘密值，按事先的规则以校验码代替" if refused else "揭示的秘密值与承诺相符"),
            "entropy": ([each["id"] for each in v["entropy"]] == [each["id"] for each in c["entropy_plan"]], "掷出的各项与公布的相符"),
            "seed": (seed.hex() == r["seed"], "种子由校验码、秘密值和掷出的数得出"),
            "pool": (len({*ids}) == len(ids) and len({*groups}) == len(groups) and strata <= {*groups}, "名单没有重复，都在各组之内"),
            "result": (r["result"] == {s["id"]: drawn(c, s, seed) for s in c["strata"]}, "抽出、递补的名单和次序相符")}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {"form": (False, "格式严格，没有多余或重复的字段")}
if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a console without Chinese
    lines = check(*(Path(name).read_bytes() for name in sys.argv[1:3]))
    print(*(f"{'OK  ' if holds else 'FAIL'} {code:8} {words}" for code, (holds, words) in lines.items()), sep="\n")
    sys.exit(0 if all(holds for holds, _ in lines.values()) else 1)
