"""How alike texts are: what both have, weighed by how rare it is among those that are laid beside each other."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt

from linli.cases.calc.learning import pieces


def likeness(text: str, others: Sequence[str]) -> list[int]:
    """Tell of each of the others how alike a text is to it, in percent: 100 for the same pieces, 0 for none of them.

    The cosine of pieces of 1 to 3 characters, each weighed by how few of the others have it, and a little where all
    have it. What none of them has, such as the name of a place, says nothing.
    """
    cut = [frozenset(pieces(other).tolist()) for other in others]
    found = Counter(piece for each in cut for piece in each)
    rare = {piece: (log((len(cut) + 1) / (count + 0.5)) + 0.5) ** 2 for piece, count in found.items()}
    mine = rare.keys() & set(pieces(text).tolist())

    def weigh(some: Iterable[int]) -> float:
        return sum(rare[piece] for piece in some)

    own = weigh(mine)
    return [round(100 * weigh(mine & each) / sqrt(own * weigh(each))) if mine and each else 0 for each in cut]
