"""The proof that one fact lies in one seal, for whoever may see that fact and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from linli.ledger.facts.calc.merkle import is_included
from linli.ledger.facts.calc.seals import SealRow, chain_of, fact_leaf


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """A fact's content, its place in a seal, and the neighbours' hashes up to the root (hexadecimal)."""

    content: Mapping[str, object]
    position: int
    path: tuple[str, ...]
    seal: SealRow


def is_proven(proof: InclusionProof) -> bool:
    """Tell whether the fact is in the seal and the seal's chain value is its own.

    Compare seal.chain with one that was published. Raises InvalidInput("not_plain"), ValueError for bad hexadecimal.
    """
    seal = proof.seal
    return chain_of(seal) == seal.chain and is_included(
        leaf=fact_leaf(proof.content),
        index=proof.position,
        size=seal.size,
        path=[bytes.fromhex(step) for step in proof.path],
        root=bytes.fromhex(seal.root),
    )
