"""What is there once a file is in force: what is kept, and over it the file's own rows."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.registry.sheets.calc.descriptions import DESCRIPTIONS, SheetDescription, Value
from linli.registry.sheets.calc.plans import Entry, Key, PlannedRow, PlannedSheet
from linli.registry.sheets.choices import SheetKind
from linli.registry.territory.calc.paths import LevelRule


@dataclass(frozen=True, slots=True)
class Registry:
    """What a district keeps by now. entries: of each kind that was asked for; administrators: kind by role.

    custom_roles: those whose posts reach chosen areas.
    """

    district_id: str
    descriptions: Mapping[SheetKind, SheetDescription]
    entries: Mapping[SheetKind, Mapping[Key, Entry]]
    levels: Mapping[str, LevelRule]
    administrators: Mapping[str, str]
    custom_roles: Collection[str] = ()


class World:
    """Codes and values by kind as they would be with the file in force."""

    def __init__(
        self, registry: Registry, sheets: Mapping[SheetKind, PlannedSheet], *, sender: UUID | None = None
    ) -> None:
        self.registry = registry
        self._sender = sender
        self._sheets = sheets
        self._values: dict[SheetKind, dict[Key, tuple[Value, ...]]] = {}

    def values(self, kind: SheetKind) -> dict[Key, tuple[Value, ...]]:
        """Give the values of all rows of a kind by their identity."""
        if kind not in self._values:
            found = {key: entry.values for key, entry in self.registry.entries.get(kind, {}).items()}
            sheet = self._sheets.get(kind)
            found |= {row.key: row.values for row in sheet.rows if row.key} if sheet else {}
            self._values[kind] = found
        return self._values[kind]

    def codes(self, kind: SheetKind) -> dict[str, tuple[Value, ...]]:
        """Give the same of a kind that is known by one code."""
        return {str(key[0]): values for key, values in self.values(kind).items()}

    def own_codes(self) -> set[str]:
        """Tell by which code the sender is known, if by any."""
        people = self.registry.entries.get(SheetKind.PEOPLE, {})
        return {str(key[0]) for key, entry in people.items() if entry.id == self._sender}

    def levels(self) -> dict[str, LevelRule]:
        """Tell the level of each area whose level can be read."""
        place, levels = DESCRIPTIONS[SheetKind.AREAS].place("level"), self.registry.levels
        return {
            code: levels[str(values[place])]
            for code, values in self.codes(SheetKind.AREAS).items()
            if str(values[place]) in levels
        }

    def column(self, kind: SheetKind, key: str) -> dict[str, Value]:
        """Tell one column of a kind by code."""
        place = DESCRIPTIONS[kind].place(key)
        return {code: values[place] for code, values in self.codes(kind).items()}


def named(kind: SheetKind, row: PlannedRow) -> dict[str, Value]:
    """Give a row's values by the keys of its columns."""
    return {column.key: value for column, value in zip(DESCRIPTIONS[kind].columns, row.values, strict=True)}


def is_longer(ends_on: Value, than: Value) -> bool:
    """Tell whether something that ends then goes on when the other has ended; None for no end."""
    return isinstance(than, date) and (not isinstance(ends_on, date) or ends_on > than)


def steps_up(code: str, parents: Mapping[str, Value]) -> Iterator[str]:
    """Walk from a code to those above it; ends where there is none, or after as many steps as there are codes."""
    for _step in range(len(parents) + 1):
        code = str(parents.get(code) or "")
        if not code:
            return
        yield code
