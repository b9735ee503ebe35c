"""Names found as they sound: typed in full, by first letters, or mixed, from any character on.

"tiexi", "txq", "tiexq" and "xq" all find 铁西区. Every reading that a character has counts, for 单 is a surname too.
"""

import os
import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache
from itertools import pairwise

LONGEST = 40
BETWEEN = "\x1f"  # stands in no name
_LETTERS = re.compile(rf"[A-Za-z][A-Za-z ']{{0,{LONGEST - 2}}}[A-Za-z]")
_NAMES_KEPT, _LISTS_KEPT = 1 << 15, 32


def is_sound(text: str) -> bool:
    """Whether something typed can be pinyin: two letters or more, spaces between them, and nothing else."""
    return bool(_LETTERS.fullmatch(text))


def names_like(typed: str, names: str) -> list[str]:
    """Give the names that hold what was typed or sound like it, of many in one text with BETWEEN between them.

    For sounds only those are looked at in which something begins with the same two letters; which, is kept for each
    such text.
    """
    found = dict.fromkeys(name for name in names.split(BETWEEN) if typed in name) if typed in names else {}
    if not is_sound(typed):
        return list(found)
    said = re.sub("[ ']", "", typed.lower())
    alike = _by_beginning(names).get(said[:2], {})
    sounding = (name for spoken, each in alike.items() if _is_somewhere(said, spoken) for name in each)
    return list(found | dict.fromkeys(sounding))


@lru_cache(maxsize=_LISTS_KEPT)
def _by_beginning(names: str) -> dict[str, dict[str, list[str]]]:
    """Give the names by the two letters that what is typed may begin with, those together that differ by figures alone.

    10,000 names take 50 ms and 2 MB.
    """
    alike = defaultdict[str, list[str]](list)
    for name in sorted(set(names.split(BETWEEN))):
        alike[re.sub("[0-9]+", "0", name)].append(name)  # what is typed has letters only: a figure but ends a sound
    found = defaultdict[str, dict[str, list[str]]](dict)
    for spoken, each in alike.items():
        for two in _beginnings(spoken):
            found[two][spoken] = each
    return dict(found)


def _is_somewhere(said: str, name: str) -> bool:
    readings = _readings(name)
    return any(_begins(said, readings, at) for at in range(len(readings)))


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


def _beginnings(name: str) -> set[str]:
    """Give the two letters that what is typed may begin with: those of a sound, or the first ones of two sounds."""
    readings = _readings(name)
    twos = {sound[:2] for sounds in readings for sound in sounds}
    return twos | {a[0] + b[0] for one, next_one in pairwise(readings) for a in one for b in next_one}


@lru_cache(maxsize=_NAMES_KEPT)
def _readings(name: str) -> tuple[tuple[str, ...], ...]:
    """Give the sounds of each character."""
    return tuple(_sounds_of(character) for character in name if character.isalnum())


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
