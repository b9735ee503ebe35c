"""Personal data that people write into free text: found by their form, and hidden where others read along.

Numbers alone, told by length, check digit and beginning. Names, addresses and what somebody tells of others are not
found: no rule tells them for certain. Pure: no Django, no clock.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What was found. A landline may be an office's: where staff write to residents it stays."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    LANDLINE = "landline"
    PLATE = "plate"
    BANK_CARD = "bank_card"


@dataclass(frozen=True, slots=True)
class Found:
    """Something found: text[begin:end]."""

    kind: Kind
    begin: int
    end: int


HIDDEN = "****"
# Full-width letters and digits, as Chinese keyboards type them, each for one: places in the text stay the same.
_NARROW = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_NARROW |= {ord("＋"): ord("+"), ord("－"): ord("-"), ord("—"): ord("-"), ord("–"): ord("-"), ord("\u3000"): ord(" ")}
_DIGIT = re.compile(r"\d")  # all kinds have one, full-width or not, and most texts have none
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
# Parts of a number may be apart by one space or hyphen.
_ID_NUMBER = re.compile(rf"{_BEFORE}[1-9]\d{{5}}[ -]?(?:19|20)\d{{6}}[ -]?\d{{3}}[\dXx]{_AFTER}")
_PHONE = re.compile(r"(?<![0-9])(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9-])(?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3})[ -]?[2-8]\d{6,7}(?![0-9])")
_BANK_CARD = re.compile(rf"{_BEFORE}(?:62|60|35|4\d|5[1-5])(?:[ -]?\d){{14,17}}{_AFTER}")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# One letter for the city, then five signs, or six of a car that runs on electricity; I and O are left out.
_PLATE = re.compile(
    rf"[{_PROVINCES}][A-HJ-NP-Za-hj-np-z][ ·•・.-]?"
    r"(?=[A-Za-z]{0,4}\d)"
    r"(?:[DFdf][A-HJ-NP-Za-hj-np-z0-9]\d{4}|\d{5}[DFdf]|[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳])"
    r"(?![0-9A-Za-z])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_TEN = 10


def find_personal(text: str) -> list[Found]:
    """Find numbers that tell of a person, in the order of the text, none over another.

    Source: GB 11643 (identity numbers), GA 36 (plates), ISO/IEC 7812-1 (cards), the numbering plan for telephones.
    """
    if not _DIGIT.search(text):
        return []
    plain = text.translate(_NARROW)
    found: list[Found] = []
    for kind, pattern, is_one in _KINDS:
        for match in pattern.finditer(plain):
            begin, end = match.span()
            if is_one(match[0]) and not any(begin < each.end and each.begin < end for each in found):
                found.append(Found(kind, begin, end))
    return sorted(found, key=lambda each: each.begin)


def kinds_in(text: str) -> list[Kind]:
    """List the kinds found, each once, in the order of `Kind`."""
    there = {each.kind for each in find_personal(text)}
    return [kind for kind in Kind if kind in there]


def hidden(text: str, *, but: Collection[Kind] = ()) -> str:
    """Give the text with what was found replaced by ****; kinds named in `but` stay. The rest is untouched.

    Asked again until nothing is found: a number may only stand free once its neighbour is hidden.
    """
    said = "".join(_parts(text, but))
    while said != text:
        text, said = said, "".join(_parts(said, but))
    return said


def is_id_number(text: str) -> bool:
    """Whether 18 signs are an identity number: a day that was, and the right check digit."""
    digits = re.sub(r"[ -]", "", text).upper()
    if not re.fullmatch(r"\d{17}[\dX]", digits):
        return False
    try:
        date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return _CHECK_DIGITS[weighed % len(_CHECK_DIGITS)] == digits[17]


def is_bank_card(text: str) -> bool:
    """Whether digits are a card's number by their last digit (Luhn)."""
    digits = [int(digit) for digit in re.sub(r"[ -]", "", text)]
    doubled = (sum(divmod(2 * digit, _TEN)) for digit in digits[-2::-2])
    return len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % _TEN == 0


def _parts(text: str, but: Collection[Kind]) -> Iterator[str]:
    done = 0
    for each in find_personal(text):
        if each.kind not in but:
            yield text[done : each.begin]
            yield HIDDEN
            done = each.end
    yield text[done:]


def _any(_text: str) -> bool:
    return True


# In this order: what one kind has taken is no other's.
_KINDS: tuple[tuple[Kind, re.Pattern[str], Callable[[str], bool]], ...] = (
    (Kind.ID_NUMBER, _ID_NUMBER, is_id_number),
    (Kind.BANK_CARD, _BANK_CARD, is_bank_card),
    (Kind.PHONE, _PHONE, _any),
    (Kind.LANDLINE, _LANDLINE, _any),
    (Kind.PLATE, _PLATE, _any),
)
