"""How alike texts are: what both have, weighed by how rare it is among those that are laid beside each other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from linli.cases.calc.learning import HELD_OUT, pieces

SHOWN = 5
LEAST_PERCENT = 15
MOST_READ = 500
_MOST_TRIED = 500


class Beside:
    """Texts that others are laid beside."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Cut them into pieces, once for all that are laid beside them."""
        self._cut = [frozenset(pieces(text).tolist()) for text in texts]
        found = Counter(piece for each in self._cut for piece in each)
        self._rare = {piece: (log((len(texts) + 1) / (count + 0.5)) + 0.5) ** 2 for piece, count in found.items()}
        self._weights = [self._weigh(each) for each in self._cut]

    def likeness(self, text: str) -> list[int]:
        """Tell of each how alike a text is to it, in percent: 100 for the same pieces, 0 for none of them.

        The cosine of pieces of 1 to 3 characters, each weighed by how few of the texts have it, and a little where all
        have it. What none of them has, such as the name of a place, says nothing.
        """
        mine = self._rare.keys() & set(pieces(text).tolist())
        own = self._weigh(mine)
        return [
            round(100 * self._weigh(mine & each) / sqrt(own * weight)) if mine and each else 0
            for each, weight in zip(self._cut, self._weights, strict=True)
        ]

    def likest(self, text: str) -> list[tuple[int, int]]:
        """Tell the likest: (place among the texts, percent), best first, the later of two alike; at most SHOWN."""
        told = [(place, percent) for place, percent in enumerate(self.likeness(text)) if percent >= LEAST_PERCENT]
        return sorted(told, key=lambda each: (-each[1], -each[0]))[:SHOWN]

    def _weigh(self, some: Iterable[int]) -> float:
        return sum(self._rare[piece] for piece in some)


@dataclass(frozen=True, slots=True)
class LikestMeasured:
    """Whether what is alike by its words is alike: cases of all categories were looked among.

    tried: held-out texts; read: earlier ones they were laid beside; told: so many found alike, of all tried together;
    right: of these, of the very category; by_chance: as many would be if any had been told.
    """

    tried: int
    read: int
    told: int
    right: int
    by_chance: int


def measure_likest(texts: Sequence[tuple[str, str]]) -> LikestMeasured:
    """Try some of the later texts among the earlier ones; at most 500 among 500, a second. texts: as `measure` has."""
    cut = len(texts) - int(len(texts) * HELD_OUT)
    read, later = texts[max(0, cut - MOST_READ) : cut], texts[cut:]
    tried = later[:: max(1, -(-len(later) // _MOST_TRIED))]
    beside = Beside([text for text, _ in read])
    shares = Counter(category for _, category in read)
    told, right, by_chance = 0, 0, 0.0
    for text, category in tried:
        found = beside.likest(text)
        told += len(found)
        right += sum(read[place][1] == category for place, _ in found)
        by_chance += len(found) * shares[category] / len(read) if read else 0
    return LikestMeasured(len(tried), len(read), told, right, round(by_chance))


def read_likest(content: Mapping[str, int]) -> LikestMeasured:
    """Read figures back as `dataclasses.asdict` wrote them; nothing tried where there are none."""
    return LikestMeasured(**content) if content else LikestMeasured(0, 0, 0, 0, 0)
