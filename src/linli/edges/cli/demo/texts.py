"""Words of residents and staff, put together from phrases with slots and choices."""

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from linli.edges.cli.demo.catalogue import DATA
from linli.edges.cli.demo.rows import StoryNotes

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SEASON = re.compile(r"^([冬雪春夏雨暖])\|")
_SLOT = re.compile(r"\{\w\}")
_MONTHS = {
    "冬": {11, 12, 1, 2},
    "雪": {12, 1, 2},
    "春": {3, 4, 5},
    "夏": {6, 7, 8},
    "雨": {5, 6, 7, 8, 9},
    "暖": {4, 5, 6, 7, 8, 9, 10},
}
_TOWN_WORDS = ("{e}", "{f}", "楼", "物业", "小区", "电梯", "单元")
_ALIKE = 0.4  # share of a title's pairs of characters that has to occur in the text for it to be the text's title
_OPENER, _EFFECT, _ASK, _COMPOUND_FIRST = 0.3, 0.55, 0.5, 0.5  # shares of texts that have the part


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of story.

    name: "group·name" on the screen. weight: share of all stories at a month factor of 1. months: factors of January
    to December. hours: a profile of the day. urgency: 1 to 4. co_reporters: mean number of others who report it too.
    min_floors: lowest building it happens in. Phrases may begin with a season and a bar.
    """

    code: str
    name: str
    issue: str
    weight: float
    months: tuple[float, ...]
    hours: str
    urgency: int
    co_reporters: float
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    effects: tuple[str, ...]
    asks: tuple[str, ...]
    arrived: tuple[str, ...]
    handled: tuple[str, ...]
    accepted: tuple[str, ...]
    returned: tuple[str, ...]
    satisfied: tuple[str, ...]
    dissatisfied: tuple[str, ...]
    villages: bool = True
    min_floors: int = 1


@cache
def categories() -> tuple[Category, ...]:
    """Read all categories, with the common phrases added to each one's own."""
    tables = _read("stories.toml")
    notes = _read("notes.toml")
    common = tables.pop("common")
    return tuple(_category(code, table, notes[code], common) for code, table in tables.items())


@cache
def common_phrases(kind: str) -> tuple[str, ...]:
    """Give phrases that belong to no category: "openers" or "landmarks"."""
    return tuple(_read("stories.toml")["common"][kind])


def fill(phrase: str, slots: Mapping[str, str], chance: random.Random) -> str:
    """Decide the choices of a phrase and fill its slots."""
    bare = _SEASON.sub("", phrase)
    while _CHOICE.search(bare):
        bare = _CHOICE.sub(lambda match: chance.choice(match[1].split("|")), bare)
    return bare.format_map(slots)


def in_season(phrases: Sequence[str], month: int) -> list[str]:
    """Keep the phrases one can say in that month."""
    return [phrase for phrase in phrases if _is_in_season(phrase, month)]


def template_for(category: Category, *, month: int, is_village: bool, chance: random.Random) -> str:
    """Choose what the story tells of; in villages nothing that needs storeys or a property company."""
    return chance.choice(_fitting(category, month=month, is_village=is_village))


def similar_template(category: Category, template: str, *, month: int, is_village: bool) -> str:
    """Give the other text of the category that tells most nearly the same, with the same kind of place."""
    fitting = _fitting(category, month=month, is_village=is_village)
    others = [text for text in fitting if text != template and ("{k}" in text) == ("{k}" in template)]
    return max(others, key=lambda text: (_shared_words(text, template), text), default=template)


def tell(category: Category, template: str, slots: Mapping[str, str], month: int, chance: random.Random) -> str:
    """Make a resident's text of a template: perhaps a greeting, what it does to people, and what is asked for."""
    body = fill(template, slots, chance)
    if body.startswith(slots["b"]) and chance.random() < _COMPOUND_FIRST:
        body = slots["c"] + body
    parts = [chance.choice(common_phrases("openers"))] if chance.random() < _OPENER else []
    parts.append(body)
    for share, phrases in ((_EFFECT, category.effects), (_ASK, category.asks)):
        fitting = [phrase for phrase in in_season(phrases, month) if not _needs_town(phrase, slots)]
        if fitting and chance.random() < share:
            parts.append(fill(chance.choice(fitting), slots, chance))
    return "".join(parts)


def title_for(category: Category, template: str, slots: Mapping[str, str], chance: random.Random) -> str:
    """Choose the title that shares most words with the text; a plain one if none shares enough."""
    known = _slots(template) | {"c"}
    fitting = [title for title in category.titles if _slots(title) <= known and not _needs_town(title, slots)]
    best = max((_shared_words(title, template) for title in fitting), default=0.0)
    if best <= _ALIKE:
        return f"{place_words(template, slots)}{category.issue}"
    title = chance.choice([title for title in fitting if _shared_words(title, template) == best])
    return fill(title.replace("{k}", "{s}{k}"), slots, chance)


def place_words(template: str, slots: Mapping[str, str]) -> str:
    """Say where a story happens: a landmark, a building (with its entrance) or a compound."""
    if "{k}" in template:
        return f"{slots['s']}{slots['k']}"
    if "{e}" in template:
        return f"{slots['c']}{slots['b']}{slots['e']}"
    return f"{slots['c']}{slots['b']}" if "{b}" in template else slots["c"]


def write_notes(category: Category, slots: Mapping[str, str], chance: random.Random) -> StoryNotes:
    """Write what staff would note at each step."""
    names = ("accepted", "arrived", "handled", "returned", "satisfied", "dissatisfied")
    return StoryNotes(**{name: fill(chance.choice(getattr(category, name)), slots, chance) for name in names})


def _fitting(category: Category, *, month: int, is_village: bool) -> list[str]:
    texts = in_season(category.texts, month)
    if not is_village:
        return texts
    plain = f"{{k}}{category.issue}，请来看看。"
    return [text for text in texts if not any(word in text for word in _TOWN_WORDS)] or [plain]


def _category(code: str, table: Mapping[str, Any], notes: Mapping[str, Any], common: Mapping[str, Any]) -> Category:
    plain: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    plain |= {key: (*own, *common[key]) for key, own in notes.items()}
    plain["asks"] = (*plain["asks"], *common["asks"])
    return Category(code=code, **plain)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def _is_in_season(phrase: str, month: int) -> bool:
    season = _SEASON.match(phrase)
    return season is None or month in _MONTHS[season[1]]


def _needs_town(phrase: str, slots: Mapping[str, str]) -> bool:
    return "院" in slots["b"] and any(word in phrase for word in _TOWN_WORDS)


@cache
def _slots(phrase: str) -> frozenset[str]:
    return frozenset(slot[1] for slot in _SLOT.findall(phrase))


@cache
def _shared_words(title: str, template: str) -> float:
    """Give the share of a title's pairs of characters that occur in a text, choices and slots left out."""
    bare = _SLOT.sub(" ", _CHOICE.sub(" ", title))
    pairs = {bare[at : at + 2] for at in range(len(bare) - 1) if " " not in bare[at : at + 2]}
    return sum(pair in template for pair in pairs) / len(pairs) if pairs else 0.0
