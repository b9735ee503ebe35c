"""One fact's proof, out of the leaves of its seal."""

from uuid import UUID

from linli.kernel.errors import Conflict, NotFound
from linli.ledger.facts.calc.merkle import inclusion_path
from linli.ledger.facts.calc.proofs import InclusionProof
from linli.ledger.facts.calc.seals import fact_content
from linli.ledger.facts.models import Fact, Seal, SealedFact


def inclusion_proof(*, district_id: str, fact_id: UUID) -> InclusionProof:
    """Prove that a fact is in its seal, as the ledger now stands; check it with `is_proven`.

    Raises NotFound("fact_not_found"), Conflict("not_sealed_yet"), NotFound("seal_not_found"). 4 queries.
    """
    fact = Fact.objects.filter(district_id=district_id, id=fact_id).first()
    if fact is None:
        raise NotFound("fact_not_found")
    places = SealedFact.objects.filter(district_id=district_id)
    place = places.filter(fact_id=fact_id).first()
    if place is None:
        raise Conflict("not_sealed_yet")
    seal = Seal.objects.filter(district_id=district_id, number=place.seal_number).first()
    if seal is None:
        raise NotFound("seal_not_found")
    leaves = places.filter(seal_number=seal.number).order_by("position").values_list("leaf", flat=True)
    path = inclusion_path([bytes(leaf) for leaf in leaves], place.position)
    return InclusionProof(
        content=fact_content(fact.as_row()),
        position=place.position,
        path=tuple(step.hex() for step in path),
        seal=seal.as_row(),
    )
