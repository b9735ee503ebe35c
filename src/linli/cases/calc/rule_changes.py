"""What differs between two versions of a rulebook, row by row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from linli.cases.calc.rulebooks import Content, with_defaults
from linli.cases.calc.series import SeriesRule
from linli.cases.calc.workflow import later_settings
from linli.cases.choices import RulebookKind, State

Row = Mapping[str, Any]
ROWS = {
    RulebookKind.CATEGORIES: "categories", RulebookKind.WORKFLOW: "transitions", RulebookKind.DISPATCH: "rules",
    RulebookKind.DEADLINES: "rules",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changes:
    """Places of rows in the old and the new list. changed: (old, new); is_reordered: rows kept went past each other.

    settings: names of what stands beside the list and is another now.
    """

    added: tuple[int, ...]
    removed: tuple[int, ...]
    changed: tuple[tuple[int, int], ...]
    is_reordered: bool
    settings: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Whether both versions say the same."""
        return not (self.added or self.removed or self.changed or self.is_reordered or self.settings)


def in_groups(kind: RulebookKind, content: Content) -> Content:
    """Put the rows of the stages state by state, as forms show them, with settings that count unsaid."""
    if kind is RulebookKind.DEADLINES:
        return with_defaults(content)
    if kind is RulebookKind.CATEGORIES:
        return {**asdict(SeriesRule()), **content}
    if kind is not RulebookKind.WORKFLOW:
        return content
    places = {state.value: place for place, state in enumerate(State)}
    rows = sorted(content["transitions"], key=lambda row: places.get(row["state"], len(places)))
    return {**later_settings(), **content, "transitions": rows}


def compare(kind: RulebookKind, old: Content, new: Content) -> Changes:
    """Compare two documents of one kind, each `in_groups`. A row is known by its code, its line or its cell."""
    name, key = ROWS[kind], _key(kind)
    before, after = old[name], new[name]
    old_places, new_places = _places(before, key), _places(after, key)
    kept = [each for each in new_places if each in old_places]
    return Changes(
        added=tuple(place for each, place in new_places.items() if each not in old_places),
        removed=tuple(place for each, place in old_places.items() if each not in new_places),
        changed=tuple(
            (old_places[each], new_places[each])
            for each in kept
            if _plain(before[old_places[each]]) != _plain(after[new_places[each]])
        ),
        is_reordered=kept != [each for each in old_places if each in new_places],
        settings=tuple(each for each in sorted({*old, *new} - {name}) if _same(old.get(each)) != _same(new.get(each))),
    )


def _key(kind: RulebookKind) -> Callable[[Row], Any]:
    if kind is RulebookKind.WORKFLOW:
        return lambda row: (row["state"], row["action"], row.get("outcome", ""))
    return lambda row: row["code" if kind is RulebookKind.CATEGORIES else "id"]


def _places(rows: Sequence[Row], key: Callable[[Row], Any]) -> dict[Any, int]:
    return {key(row): place for place, row in enumerate(rows)}


def _plain(row: Row) -> dict[str, Any]:
    """Leave out what an older version could not say yet: an empty value is none. Who may has no order."""
    said = {name: _same(value) for name, value in row.items() if value not in (False, "", [], ())}
    return said | {"by": sorted(row["by"])} if "by" in row else said


def _same(value: object) -> object:
    return [_same(each) for each in value] if isinstance(value, (list, tuple)) else value
