"""The tree of areas of a district on a day, as changes to it are planned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from shapely.geometry.base import BaseGeometry

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.paths import LevelRule


@dataclass(frozen=True, slots=True)
class Node:
    """An area of the tree."""

    id: UUID
    code: str
    name: str
    level: str
    depth: int
    path: str
    kind: str = ""
    pinyin_key: str = ""


@dataclass(frozen=True)
class Tree:
    """A district's areas in force on a day by code, what is drawn of them by path, and all codes ever taken.

    begun: ids of those that begin that very day. is_overtaken: boundaries are planned that count from a later day.
    free: codes of areas that were taken back before they counted, with the ids that these get which take them again.
    """

    nodes: Mapping[str, Node]
    cells: Mapping[str, BaseGeometry]
    levels: Mapping[str, LevelRule]
    taken: frozenset[str]
    begun: frozenset[UUID] = frozenset()
    is_overtaken: bool = False
    free: Mapping[str, UUID] = field(default_factory=dict)

    def node(self, code: str, asked: str = "code") -> Node:
        """Give an area by code. Raises InvalidInput (area_unknown) for one that is not in force that day."""
        if code not in self.nodes:
            raise InvalidInput("area_unknown", field=asked, params={"area": code, "code": code})
        return self.nodes[code]

    def parent(self, node: Node) -> Node | None:
        """Give the area right above."""
        above = paths.parent(node.path)
        return self.nodes.get(paths.codes(above)[-1]) if above else None

    def children(self, path: str) -> tuple[Node, ...]:
        """Give the areas right below a path, by code."""
        return self._below.get(path, ())

    def subtree(self, node: Node) -> Iterable[Node]:
        """Give an area and all below it, from the top down."""
        yield node
        for child in self.children(node.path):
            yield from self.subtree(child)

    def drawn(self, node: Node) -> BaseGeometry | None:
        """Give an area's polygon, None if it is not drawn."""
        return self.cells.get(node.path)

    @cached_property
    def _below(self) -> dict[str, tuple[Node, ...]]:
        found: dict[str, list[Node]] = {}
        for node in sorted(self.nodes.values(), key=lambda node: node.code):
            found.setdefault(paths.parent(node.path), []).append(node)
        return {path: tuple(nodes) for path, nodes in found.items()}


class Codes:
    """Gives codes to new areas: a code that any area ever had is never given again."""

    def __init__(self, tree: Tree) -> None:
        self._levels = tree.levels
        self._taken = set(tree.taken)
        self._free = tree.free

    def take(self, level: str, parent_code: str, wanted: str = "") -> str:
        """Take the code that is wanted, or the next free one below the parent.

        From the community up codes are given by the statistics office, and never made here. Raises InvalidInput:
        code_missing, code_taken, codes_used_up, those of check_code.
        """
        rule = self._levels[level]
        if not wanted and rule.depth <= paths.COMMUNITY_DEPTH:
            raise InvalidInput("area_code_missing", field="code", params={"digits": rule.code_digits})
        code = wanted or self._next(rule, parent_code)
        paths.check_code(code, digits=rule.code_digits, parent_code=parent_code)
        if code in self._taken:
            raise InvalidInput("code_taken", field="code", params={"code": code})
        self._taken.add(code)
        return code

    def new_id(self, code: str) -> UUID:
        """Give the id of the area that begins with a code."""
        return self._free.get(code) or new_id()

    def depth_of(self, level: str) -> int:
        """Tell a level's place from the top."""
        return self._levels[level].depth

    def _next(self, rule: LevelRule, parent_code: str) -> str:
        width = rule.code_digits - len(parent_code)
        numbers = {
            int(code[len(parent_code) :])
            for code in self._taken
            if len(code) == rule.code_digits and code.startswith(parent_code)
        }
        most = 10**width - 1
        highest = max(numbers, default=0)
        number = highest + 1 if highest < most else next((n for n in range(1, most) if n not in numbers), most + 1)
        if width < 1 or number > most:
            raise InvalidInput("codes_used_up", field="code", params={"parent": parent_code})
        return f"{parent_code}{number:0{width}d}"
