"""How alike texts are: what both have, weighed by how rare it is among those that are laid beside each other."""

from collections import Counter
from collections.abc import Sequence
from math import log

from linli.cases.calc.learning import pieces


def likeness(text: str, others: Sequence[str]) -> list[int]:
    """Tell of each of the others how alike a text is to it, in percent: 100 for the same pieces, 0 for none of them.

    Pieces of 1 to 3 characters; one that many of the others have counts little, one that few have much.
    """
    mine, cut = frozenset(pieces(text).tolist()), [frozenset(pieces(other).tolist()) for other in others]
    found = Counter(piece for each in cut for piece in each)
    rare = {piece: log((len(cut) + 1) / (count + 0.5)) + 0.1 for piece, count in found.items()}
    alone = log((len(cut) + 1) / 0.5) + 0.1  # what none of the others has

    def weigh(some: frozenset[int]) -> float:
        return sum(rare.get(piece, alone) for piece in some)

    return [int(100 * weigh(mine & each) / weigh(mine | each)) if mine | each else 0 for each in cut]
