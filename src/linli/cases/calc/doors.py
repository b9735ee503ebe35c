"""Where a place that somebody wrote stops being a building and begins to be a home: 新喜小区12号楼 | 3单元501.

Up to the building is what lists, maps and sheets show; the rest is read by who has to go there. Pure.
Source: masking of addresses "to the building", as for the level of protection of personal data.
"""

import re
from typing import NamedTuple

from linli.cases.calc.words import search_tokens
from linli.kernel.personal_words import HIDDEN

_BUILT = r"(?:号楼|[栋幢座]|号院|#楼?)"
_DASH = r"[-－—–]"
_DIGIT_WORDS = "一二三四五六七八九十"
_UNIT = rf"[\d{_DIGIT_WORDS}两东西南北中甲乙丙丁A-Za-z]{{1,3}}\s*单元"
_ROOM = r"[A-Za-z]?\d{1,5}\s*(?:室|户|号房|房间|房(?!\w))|[东西南北中左右]户"
_ENTRANCE = rf"[\d{_DIGIT_WORDS}]{{1,3}}\s*门(?=\s*\d)"
# 8楼801, but not the building of 8楼3单元.
_FLOOR = r"(?<!\d)\d{1,2}\s*[楼层]\s*(?!\d+\s*(?:单元|门))(?=[\d东西南北中])"
# 12-3-501 of an estate, but no 12-3号 of a street.
_JOINED = rf"(?<=\d)\s*{_DASH}\s*\d{{1,4}}(?:\s*{_DASH}\s*\d{{1,5}})*(?!\d|\s*(?:[号米路街巷弄楼栋幢座#]))"
# What follows a building's name: 12号楼501, 12栋-3-501, 12号楼三楼; not 12号楼与13号楼, nor 2号院12号楼.
_BEHIND = rf"[\s,，、·/]*{_DASH}?\s*(?!\d+\s*{_BUILT})(?:\d|[{_DIGIT_WORDS}]{{1,3}}[楼层门])"
_AFTER_BUILDING = (rf"(?<={built}){_BEHIND}" for built in ("号楼", "[栋幢座#]", "号院"))
_DOOR = re.compile("|".join((_UNIT, _ROOM, _ENTRANCE, _FLOOR, _JOINED, *_AFTER_BUILDING)))
_LOOSE = " \t,，、·/-－—–"


class Place(NamedTuple):
    """A written place. building: up to the building, as others see it; door: what comes after, "" for no home."""

    building: str
    door: str


def split_address(address: str) -> Place:
    """Cut a written place where the door begins; what was written stays whole elsewhere."""
    door = _DOOR.search(address)
    if door is None:
        return Place(address.strip(), "")
    return Place(address[: door.start()].strip(_LOOSE), address[door.start() :].strip(_LOOSE))


def masked_address(address: str) -> str:
    """Show a place up to the building, with **** for what comes after it."""
    building, door = split_address(address)
    return building + HIDDEN if door else building


def door_words(address: str) -> list[str]:
    """Cut what comes after the building into search words; they are kept blind."""
    return search_tokens(split_address(address).door)
