"""Seals over what no seal holds yet."""

from datetime import datetime

from django.db import connection, transaction

from linli.kernel.errors import InvalidInput
from linli.ledger.facts.calc.merkle import tree_head
from linli.ledger.facts.calc.seals import SealRow, fact_content, fact_leaf, make_seal
from linli.ledger.facts.models import Fact, Seal, SealedFact
from linli.ledger.facts.queries.listing import first_id_of, unsealed_facts

_TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('linli.ledger.seal'), hashtext(%s))"
_BATCH = 5000  # rows an INSERT; six columns each stay below the protocol's 65,535 parameters


def seal_new(
    *, district_id: str, at: datetime, limit: int = 10_000, made_since: datetime | None = None
) -> SealRow | None:
    """Seal facts that no seal holds, lowest ids first, and chain the seal to the one before.

    at: becomes made_at. made_since: look only at facts whose ids were made since, which reads an index range instead
    of the whole table; what it leaves out (a transaction open for longer, a load with old ids) stays unsealed until a
    call without it. Returns None if there is nothing, or if another worker is sealing this district now.
    Holds a lock that only other sealers ask for; writers never wait. 5 queries, and 1 more each 5,000 facts.
    Raises InvalidInput("not_plain") naming a fact that somebody put in by hand and that can't be written as bytes.
    Source: docs/decisions/0004-facts-then-seals.md.
    """
    with transaction.atomic():
        if not _is_alone(district_id):
            return None
        facts = _next_facts(district_id, limit=limit, made_since=made_since)
        if not facts:
            return None
        leaves = [_leaf(fact) for fact in facts]
        before = Seal.objects.filter(district_id=district_id).order_by("-number").first()
        seal = make_seal(
            district_id=district_id,
            before=before.as_row() if before else None,
            root=tree_head(leaves),
            size=len(leaves),
            made_at=at,
        )
        _write(seal, made_at=at, facts=facts, leaves=leaves)
        return seal


def _is_alone(district_id: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_TRY_LOCK, [district_id])
        return bool(cursor.fetchone()[0])


def _next_facts(district_id: str, *, limit: int, made_since: datetime | None) -> list[Fact]:
    facts = unsealed_facts(district_id)
    if made_since is not None:
        facts = facts.filter(id__gte=first_id_of(made_since))
    return list(facts[:limit])


def _leaf(fact: Fact) -> bytes:
    try:
        return fact_leaf(fact_content(fact.as_row()))
    except InvalidInput as error:
        raise InvalidInput(error.code, field=error.field, params={"fact": str(fact.id)}) from error


def _write(seal: SealRow, *, made_at: datetime, facts: list[Fact], leaves: list[bytes]) -> None:
    Seal.objects.create(
        district_id=seal.district_id,
        number=seal.number,
        previous_chain=seal.previous_chain,
        root=seal.root,
        size=seal.size,
        made_at=made_at,
        chain=seal.chain,
    )
    places = (
        SealedFact(district_id=seal.district_id, fact_id=fact.id, seal_number=seal.number, position=position, leaf=leaf)
        for position, (fact, leaf) in enumerate(zip(facts, leaves, strict=True))
    )
    SealedFact.objects.bulk_create(places, batch_size=_BATCH)
