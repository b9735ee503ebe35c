"""Finding compounds and buildings in what somebody says: 工人新村一小区12号楼, 新村 12 栋 3 单元, 一小区."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_KEPT = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_NUMBER = re.compile(r"\d+")
_FEWEST_CHARACTERS = 2  # one character is in half of all names


@dataclass(frozen=True, slots=True)
class NameMatch:
    """index: of the name; rank: 0 said in full, 1 its beginning, 2 a part of it; building: its number, "" if none."""

    index: int
    rank: int
    building: str


def match_names(said: str, names: Sequence[str]) -> list[NameMatch]:
    """Tell which compounds' names the words can mean, the surest first, among those said in full the longest."""
    words = squeeze(said)
    found = []
    for index, name in enumerate(names):
        match = _match(words, squeeze(name), index)
        if match:
            found.append(match)
    return sorted(found, key=lambda match: (match.rank, -len(names[match.index]) if match.rank == 0 else 0))


def building_number(name: str) -> str:
    """Read the number that a building's name begins with: "12" of 12号楼, "" if it has none."""
    found = _NUMBER.match(squeeze(name))
    return found[0].lstrip("0") if found else ""


def squeeze(text: str) -> str:
    """Leave letters, digits and Chinese characters, full-width ones as plain ones."""
    return _KEPT.sub("", unicodedata.normalize("NFKC", text).lower())


def _match(words: str, name: str, index: int) -> NameMatch | None:
    if len(name) >= _FEWEST_CHARACTERS and name in words:
        return NameMatch(index, 0, _number_in(words.partition(name)[2]))
    number = _NUMBER.search(words)
    head = words[: number.start()] if number else words
    if len(head) < _FEWEST_CHARACTERS or head not in name:
        return None
    return NameMatch(index, 1 if name.startswith(head) else 2, _number_in(words[len(head) :]))


def _number_in(rest: str) -> str:
    found = _NUMBER.search(rest)
    return found[0].lstrip("0") if found else ""
