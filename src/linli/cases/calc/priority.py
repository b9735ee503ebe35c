"""How urgent and how important: a score out of named parts, each with its points and its reason.

Urgency (danger, vulnerable person, time pressure) and importance (spread, repeats, key place) add up to the score,
so that every point on the screen can be checked by head; the level comes from a table of urgency × importance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linli.cases.errors import Fault

URGENCY = ("danger", "vulnerable", "time_pressure")
IMPORTANCE = ("spread", "repeats", "key_place")


@dataclass(frozen=True, slots=True)
class PriorityScheme:
    """The weights, as data.

    points: for each part, points per step; caps: the most a part can give; words: for each part, words in the text
    that speak for it; bands: (urgency, importance) points from which each counts as high; levels: of (urgency high,
    importance high) as "11", "10", "01", "00", 1 is the most urgent.
    """

    points: Mapping[str, int]
    caps: Mapping[str, int]
    words: Mapping[str, tuple[str, ...]]
    bands: tuple[int, int]
    levels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is known of a case when it is weighed.

    danger, spread: 0 to 3 as in its category; households: of the building it is in, 0 if unknown; repeats: others who
    reported the same or the like nearby.
    """

    text: str
    danger: int
    is_pressing: bool
    spread: int
    households: int
    repeats: int


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the score. reason: a code that edges word; detail: what it saw (a word of the text, a number)."""

    name: str
    points: int
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Priority:
    """The score (0-100), its level (1 most urgent to 4) and its parts, those without points left out."""

    score: int
    urgency: int
    importance: int
    level: int
    parts: tuple[Part, ...]


def weigh(case: Weighed, scheme: PriorityScheme) -> Priority:
    """Weigh a case. The same case and scheme always give the same."""
    return _added_up([_part(name, case, scheme) for name in (*URGENCY, *IMPORTANCE)], scheme)


def with_repeats(parts: Sequence[Part], repeats: int, scheme: PriorityScheme) -> Priority:
    """Weigh a case that was weighed before, with another number of repeats; the other parts stay."""
    given = {part.name: part for part in parts}
    points = min(repeats * scheme.points["repeats"], scheme.caps["repeats"])
    given["repeats"] = Part("repeats", points, "repeats", str(repeats))
    return _added_up([given[name] for name in (*URGENCY, *IMPORTANCE) if name in given], scheme)


def _added_up(found: Sequence[Part], scheme: PriorityScheme) -> Priority:
    parts = [part for part in found if part.points]
    urgency = sum(part.points for part in parts if part.name in URGENCY)
    importance = sum(part.points for part in parts if part.name in IMPORTANCE)
    band = f"{int(urgency >= scheme.bands[0])}{int(importance >= scheme.bands[1])}"
    return Priority(urgency + importance, urgency, importance, scheme.levels[band], tuple(parts))


def _part(name: str, case: Weighed, scheme: PriorityScheme) -> Part:
    steps, reason, detail = _steps(name, case, scheme)
    return Part(name, min(steps * scheme.points[name], scheme.caps[name]), reason, detail)


def _steps(name: str, case: Weighed, scheme: PriorityScheme) -> tuple[int, str, str]:
    """Count the steps of one part: (steps, reason, detail)."""
    word = next((word for word in scheme.words.get(name, ()) if word in case.text), "")
    if name == "danger":
        return (case.danger + 1, "danger_word", word) if word else (case.danger, "danger_of_category", str(case.danger))
    if name == "time_pressure":
        return case.is_pressing + bool(word), "pressing_word" if word else "pressing_category", word
    if name == "spread":
        many = case.households // 40
        return case.spread + bool(word) + many, "spread_word" if word else "spread_of_category", word
    if name == "repeats":
        return case.repeats, "repeats", str(case.repeats)
    return int(bool(word)), f"{name}_word", word


def faults(scheme: PriorityScheme) -> list[Fault]:
    """List what makes a scheme unusable."""
    parts = (*URGENCY, *IMPORTANCE)
    found = [
        Fault("part_missing", field=f"points-{part}", params={"part": part})
        for part in parts
        if part not in scheme.points or part not in scheme.caps
    ]
    for name, given in (("points", scheme.points), ("caps", scheme.caps)):
        found += [
            Fault("part_negative", field=f"{name}-{part}", params={"part": part}) for part in given if given[part] < 0
        ]
    if not found and sum(scheme.caps.values()) != 100:  # noqa: PLR2004 - a score is out of a hundred
        found.append(Fault("caps_not_hundred", params={"sum": sum(scheme.caps.values())}))
    if min(scheme.bands) < 0:
        found.append(Fault("band_negative"))
    if set(scheme.levels) != {"11", "10", "01", "00"} or not set(scheme.levels.values()) <= {1, 2, 3, 4}:
        found.append(Fault("levels_missing"))
    found += [Fault("part_unknown", params={"part": part}) for part in scheme.words if part not in scheme.points]
    found += [
        Fault("empty_word", field=f"words-{part}", params={"part": part})
        for part, words in scheme.words.items()
        if "" in words
    ]
    return found
