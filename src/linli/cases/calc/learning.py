"""Learning which category a text is of, from texts that have one: naive Bayes over hashed pieces of 1 to 3 characters.

Multinomial naive Bayes, add-one smoothing, each category as likely beforehand as the next, so that rare ones are not
drowned; a piece that no text had says nothing. The same texts always give the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

FEATURES = 1 << 16
LONGEST = 500  # characters of a text that are looked at
MOST_CATEGORIES = 200
HELD_OUT = 0.2  # of the texts, the latest
_PIECES = (1, 2, 3)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Model:
    """weights: array (categories, FEATURES), float32; above zero where a piece speaks for the category."""

    categories: tuple[str, ...]
    weights: NDArray[np.float32]

    def rank(self, text: str, limit: int = _SHOWN) -> list[str]:
        """Give the likeliest categories, best first; [] for a text without a piece."""
        found = pieces(text, self.weights.shape[1])
        if not found.size:
            return []
        scores = self.weights[:, found].sum(axis=1)
        order = np.lexsort((np.arange(len(scores)), -scores))
        return [self.categories[place] for place in order[:limit]]


@dataclass(frozen=True, slots=True)
class Share:
    """How a category did on held-out texts: so many of it, so many told at first and among the first three."""

    category: str
    total: int
    first: int
    three: int


@dataclass(frozen=True, slots=True)
class Measured:
    """How a model does on texts that it has not seen, all later than those it learned from.

    total, first, three: held-out texts, told at first, told among the first three; baseline: told by always naming the
    category most frequent among those learned from; learned: how many it learned from.
    """

    learned: int
    total: int
    first: int
    three: int
    baseline: int
    shares: tuple[Share, ...]


def pieces(text: str, features: int = FEATURES) -> NDArray[np.int64]:
    """Hash the pieces of a text, each once, to 0..features-1. Nothing leads back from them to the text."""
    cut = "".join(text[:LONGEST].split())
    hashed = {crc32(cut[at : at + n].encode()) % features for n in _PIECES for at in range(len(cut) - n + 1)}
    return np.fromiter(sorted(hashed), dtype=np.int64, count=len(hashed))


def learn(texts: Sequence[tuple[str, str]]) -> Model:
    """Learn from texts with their category: (text, category). At least one; about 0.1 ms a text."""
    categories = tuple(sorted({category for _, category in texts}))[:MOST_CATEGORIES]
    places = {category: place for place, category in enumerate(categories)}
    counts = np.zeros((len(categories), FEATURES), dtype=np.float64)
    for text, category in texts:
        if category in places:
            counts[places[category], pieces(text)] += 1
    smoothed = counts + 1
    weights = np.log(smoothed / smoothed.sum(axis=1, keepdims=True))
    weights -= weights.mean(axis=0, keepdims=True)  # near zero, where half-precision numbers are finest
    weights[:, counts.sum(axis=0) == 0] = 0
    return Model(categories, weights.astype(np.float32))


def measure(texts: Sequence[tuple[str, str]]) -> Measured:
    """Learn from the earlier texts and try the later ones. texts: oldest first."""
    cut = len(texts) - int(len(texts) * HELD_OUT)
    learned, tried = texts[:cut], texts[cut:]
    if not learned:
        return Measured(0, 0, 0, 0, 0, ())
    model = learn(learned)
    counted: dict[str, int] = {}
    for _, category in learned:
        counted[category] = counted.get(category, 0) + 1
    frequent = max(sorted(counted), key=lambda category: counted[category])
    told: dict[str, list[int]] = {}
    for text, category in tried:
        share, ranked = told.setdefault(category, [0, 0, 0]), model.rank(text)
        share[0] += 1
        share[1] += ranked[:1] == [category]
        share[2] += category in ranked
    shares = tuple(Share(category, *told[category]) for category in sorted(told, key=lambda one: (-told[one][0], one)))
    return Measured(
        len(learned), len(tried), sum(share.first for share in shares), sum(share.three for share in shares),
        sum(category == frequent for _, category in tried), shares,
    )  # fmt: skip


def pack(model: Model) -> bytes:
    """Write the weights as half-precision numbers, row by row."""
    return model.weights.astype("<f2").tobytes()


def unpack(categories: Sequence[str], packed: bytes) -> Model:
    """Read a model back, of as many features as it was learned with. Raises ValueError for what is none."""
    weights = np.frombuffer(packed, dtype="<f2").astype(np.float32).reshape(len(categories), -1)
    return Model(tuple(categories), weights)


def percent(part: int, whole: int) -> int:
    """Give a share in whole percent, rounded down; 0 of nothing."""
    return 100 * part // whole if whole else 0


def read_measured(content: Mapping[str, object]) -> Measured:
    """Read figures back as `dataclasses.asdict` wrote them, whatever stands beside them."""
    given = {name: content[name] for name in Measured.__slots__}
    shares = given.pop("shares")
    assert isinstance(shares, list)  # noqa: S101 - our own document
    return Measured(**given, shares=tuple(Share(**share) for share in shares))  # type: ignore[arg-type]
