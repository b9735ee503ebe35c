"""The bytes of facts and seals, spelled out."""

import hashlib

from tests.ledger.facts.made import DISTRICT, MORNING, made_fact

from linli.ledger.facts.calc.canonical import canonical
from linli.ledger.facts.calc.seals import chain_of, fact_content, fact_leaf, make_seal

FACT_0 = (
    '{"actor_id":"","area_path":"210106/210106003","at":"2026-03-02T01:00:00.000000Z",'
    '"data":{"category":"noise","is_urgent":true,"photos":0,"tags":["夜间","a"]},"district_id":"210106",'
    '"id":"019cac0f-2680-7000-8000-000000000000","kind":"case.opened","organisation_id":"",'
    '"post_id":"00000000-0000-0000-0000-000000000062","recorded_at":"2026-03-02T01:00:01.000005Z",'
    '"subject_id":"00000000-0000-0000-0000-000000000000"}'
).encode()


def test_fact_leaf_is_the_hash_of_a_zero_byte_and_the_canonical_json() -> None:
    content = fact_content(made_fact(0))

    assert canonical(content) == FACT_0
    assert fact_leaf(content) == hashlib.sha256(b"\0" + FACT_0).digest()


def test_chain_is_the_hash_of_all_other_fields() -> None:
    root = fact_leaf(fact_content(made_fact(0)))
    first = make_seal(district_id=DISTRICT, before=None, root=root, size=1, made_at=MORNING)
    second = make_seal(district_id=DISTRICT, before=first, root=root, size=1, made_at=MORNING)

    body = (
        f'{{"district_id":"210106","made_at":"2026-03-02T01:00:00.000000Z","number":2,"previous_chain":"{first.chain}",'
        f'"root":"{root.hex()}","size":1}}'
    )
    assert (first.number, first.previous_chain) == (1, "0" * 64)
    assert second.chain == chain_of(second) == hashlib.sha256(body.encode()).hexdigest()
