"""Planning a change of the tree: which areas begin, end and go on where, what is drawn anew, and what that leaves.

Nothing is written here, and a plan that has faults is one to be shown.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry

from linli.kernel.errors import InvalidInput
from linli.registry.territory.calc import paths
from linli.registry.territory.calc.following import follow
from linli.registry.territory.calc.lifting import Lift, lift
from linli.registry.territory.calc.operations import Add, Close, Merge, Move, NewPart, Operation, Redraw, Rename, Split
from linli.registry.territory.calc.polygons import Cell, Fault, find_faults
from linli.registry.territory.calc.rows import check_name, require
from linli.registry.territory.calc.shapes import Patch, cut, gaps, join, minus, overlaps, patches, plus
from linli.registry.territory.calc.tree import Codes, Node, Tree
from linli.registry.territory.choices import ChangeKind, ChangePart

_PARTS = 2
MOST_MERGED = 20


@dataclass(frozen=True, slots=True)
class Touched:
    """An area that a change touches, as it is afterwards. was: the area that goes on as this one, if it has a new code.

    part: what becomes of it. For one that ends, successor names the area that has its ground, None for none.
    """

    node: Node
    part: ChangePart
    was: Node | None = None
    successor: UUID | None = None
    name_before: str = ""


@dataclass
class Plan:
    """What a change does. drawn: new polygons by area id, None where a boundary is withdrawn.

    lifts: areas above that can follow; those that do are drawn too. parents: the parent's id of each area that begins.
    reseated: areas among which the buildings of the first one are to be given out by where they stand.
    """

    kind: ChangeKind
    touched: list[Touched] = field(default_factory=list)
    drawn: dict[UUID, BaseGeometry | None] = field(default_factory=dict)
    parents: dict[UUID, UUID] = field(default_factory=dict)
    reseated: tuple[UUID, ...] = ()
    lifts: list[Lift] = field(default_factory=list)

    def of(self, *parts: ChangePart) -> list[Touched]:
        """List the areas of which that becomes."""
        return [each for each in self.touched if each.part in parts]

    def mark(self, node: Node, part: ChangePart, **more: Any) -> None:
        """Note what becomes of an area; the first note counts."""
        if all(each.node.id != node.id for each in self.touched):
            self.touched.append(Touched(node, part, **more))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ground that two areas would both claim."""

    path: str
    other: str
    patch: Patch


@dataclass(frozen=True, slots=True)
class Gap:
    """Ground of an area that none of the areas right below it would hold, and that one holds today."""

    path: str
    patch: Patch


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan with what it leaves. faults: what forbids it; gaps: what has to be said yes to."""

    plan: Plan
    faults: tuple[Fault, ...]
    overlaps: tuple[Overlap, ...]
    gaps: tuple[Gap, ...]


def draft(tree: Tree, operation: Operation) -> Draft:
    """Plan an operation and look at what it leaves.

    Raises InvalidInput where it makes no sense at all: area_unknown, area_not_drawn, valid_from_too_early (another
    drawing counts from a later day), area_begins_that_day (it cannot end before it was), area_not_changed,
    parts_are_two, line_missing, line_does_not_cut, line_cuts_many, others_missing, not_siblings, not_neighbours,
    move_into_itself, area_has_some_below, area_is_the_district, parent_not_above, level_unknown, code_taken,
    codes_used_up, area_code_missing, those of names and codes.
    """
    is_free = not tree.is_overtaken or operation.operation is ChangeKind.RENAME
    require(is_free, "valid_from_too_early", "on")
    plan = _PLANNERS[type(operation)](tree, operation)
    for each in plan.of(ChangePart.ENDED, ChangePart.MOVED):
        require(each.node.id not in tree.begun, "area_begins_that_day", "on", area=each.node.name)
    after = _cells_after(tree, plan)
    changed = frozenset(path for path, shape in after.items() if tree.cells.get(path) is not shape)
    gone = frozenset(path for path in tree.cells if path not in after)
    depths = {node.path: node.depth for node in tree.nodes.values()} | {
        each.node.path: each.node.depth for each in plan.touched
    }
    cells = [Cell(path, depths.get(path, 0), shape) for path, shape in after.items()]
    faults = sorted(find_faults(cells, changed), key=lambda fault: (fault.path, fault.other))
    return Draft(plan, tuple(faults), _overlaps(after, changed), _new_gaps(tree.cells, after, changed | gone))


def _cells_after(tree: Tree, plan: Plan) -> dict[str, BaseGeometry]:
    """Tell the polygons as they would be, by path; areas below one that ends have their own entry in the plan."""
    path_of = {node.id: node.path for node in tree.nodes.values()}
    path_of |= {each.node.id: each.node.path for each in plan.touched}
    after = dict(tree.cells)
    for area_id, shape in plan.drawn.items():
        after.pop(path_of[area_id], None)
        if shape is not None:
            after[path_of[area_id]] = shape
    return after


def _overlaps(after: Mapping[str, BaseGeometry], changed: frozenset[str]) -> tuple[Overlap, ...]:
    by_parent = _by_parent(after)
    found: dict[frozenset[str], Overlap] = {}
    for path in sorted(changed):
        if not paths.parent(path):
            continue
        for other in by_parent.get(paths.parent(path), ()):
            pair = frozenset((path, other))
            if other == path or pair in found or not after[path].intersects(after[other]):
                continue
            pieces = overlaps(after[path], after[other])
            if pieces:
                found[pair] = Overlap(path, other, pieces[0])
    return tuple(found.values())


def _new_gaps(
    before: Mapping[str, BaseGeometry], after: Mapping[str, BaseGeometry], touched: frozenset[str]
) -> tuple[Gap, ...]:
    """Find ground that falls to nobody by the change: of the parents of what changed, and of what changed itself.

    What nobody right below held before is no new gap, whichever area of the same height it belongs to now.
    """
    held_before, held_after = _by_parent(before), _by_parent(after)
    wholes = sorted({paths.parent(path) for path in touched} | touched)
    old: dict[int, list[BaseGeometry]] = {}
    for whole in wholes:
        if whole in before:
            free = gaps(before[whole], [before[path] for path in held_before.get(whole, ())])
            old.setdefault(len(paths.codes(whole)), []).append(free)
    found: list[Gap] = []
    for whole in wholes:
        if whole in after and (whole in held_after or whole in held_before):
            free = gaps(after[whole], [after[path] for path in held_after.get(whole, ())])
            new = free.difference(shapely.union_all(old.get(len(paths.codes(whole)), [])))
            found += [Gap(whole, patch) for patch in patches(new)]
    return tuple(found)


def _by_parent(cells: Mapping[str, BaseGeometry]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in cells:
        found.setdefault(paths.parent(path), []).append(path)
    return found


def _split(tree: Tree, operation: Split) -> Plan:
    node = tree.node(operation.code)
    parent, whole = _above(tree, node), tree.drawn(node)
    require(whole is not None, "area_not_drawn", "code", area=node.name)
    first, second = _halves(whole, operation)
    plan, codes = Plan(ChangeKind.SPLIT), Codes(tree)
    new = _begin(plan, codes, parent, node.level, replace(operation.part, kind=operation.part.kind or node.kind))
    plan.mark(node, ChangePart.KEPT)
    plan.drawn |= {node.id: first, new.id: second}
    for child in tree.children(node.path):
        shape = tree.drawn(child)
        if shape is not None and second.contains(shape.representative_point()):
            _transplant(tree, plan, codes, child, new)
    plan.reseated = (node.id, new.id)
    return plan


def _halves(whole: BaseGeometry | None, operation: Split) -> tuple[BaseGeometry, BaseGeometry]:
    if operation.shapes:
        require(len(operation.shapes) == _PARTS, "parts_are_two", "shapes")
        return operation.shapes[0], operation.shapes[1]
    if operation.line is None or whole is None:
        raise InvalidInput("line_missing", field="line")
    larger, smaller = cut(whole, operation.line)
    return (smaller, larger) if operation.keeps_smaller else (larger, smaller)


def _merge(tree: Tree, operation: Merge) -> Plan:
    node = tree.node(operation.code)
    others = [tree.node(code, "others") for code in dict.fromkeys(operation.others)]
    require(0 < len(others) <= MOST_MERGED, "others_missing", "others", most=MOST_MERGED)
    for other in others:
        is_sibling = other.id != node.id and paths.parent(other.path) == paths.parent(node.path)
        require(is_sibling and other.level == node.level, "not_siblings", "others", area=node.name, other=other.name)
    plan, codes = Plan(ChangeKind.MERGE), Codes(tree)
    plan.mark(node, ChangePart.KEPT)
    shapes = [shape for each in (node, *others) if (shape := tree.drawn(each)) is not None]
    if shapes:
        plan.drawn[node.id] = join(shapes)
    for other in others:
        for child in tree.children(other.path):
            _transplant(tree, plan, codes, child, node)
        _end(tree, plan, other, ChangePart.ENDED, node.id)
    return plan


def _move(tree: Tree, operation: Move) -> Plan:
    node, parent = tree.node(operation.code), tree.node(operation.parent_code, "parent_code")
    require(not paths.is_inside(parent.path, node.path), "move_into_itself", "parent_code", area=node.name)
    require(paths.parent(node.path) != parent.path, "area_not_changed", "parent_code")
    require(parent.depth < node.depth, "parent_not_above", "parent_code", parent=parent.name)
    plan, codes = Plan(ChangeKind.MOVE), Codes(tree)
    _transplant(tree, plan, codes, node, parent, operation.new_code)
    shape = tree.drawn(node)
    if shape is not None:
        _follow(tree, plan, node, parent, shape)
    return plan


def _follow(tree: Tree, plan: Plan, node: Node, parent: Node, shape: BaseGeometry) -> None:
    """Take the ground from those above the old place alone, and give it to those above the new one alone."""
    old, new = set(paths.ancestors(node.path)), {*paths.ancestors(parent.path), parent.path}
    for path, change in [(path, minus) for path in sorted(old - new)] + [(path, plus) for path in sorted(new - old)]:
        above = tree.nodes.get(paths.codes(path)[-1])
        before = tree.cells.get(path)
        if above is not None and before is not None:
            plan.drawn[above.id] = change(before, shape)
            plan.mark(above, ChangePart.REDRAWN)


def _redraw(tree: Tree, operation: Redraw) -> Plan:
    plan = Plan(ChangeKind.REDRAW)
    for code, shape in operation.shapes.items():
        node = tree.node(code)
        before = tree.drawn(node)
        if before is None or not shape.equals_exact(before, 1e-9):
            plan.drawn[node.id] = shape
            plan.mark(node, ChangePart.REDRAWN)
    require(plan.drawn, "area_not_changed", "shapes")
    if operation.carries:
        redrawn = {each.node.path: drawn for each in plan.touched if (drawn := plan.drawn[each.node.id]) is not None}
        for path, followed in follow(redrawn, tree.cells, _below(tree, redrawn)).items():
            node = tree.node(paths.codes(path)[-1])
            plan.drawn[node.id] = followed
            plan.mark(node, ChangePart.REDRAWN)
    after = _cells_after(tree, plan)
    plan.lifts = lift([each.node.path for each in plan.touched], tree.cells, after)
    for each in plan.lifts if operation.lifts else ():
        node = tree.node(paths.codes(each.path)[-1])
        plan.drawn[node.id] = each.shape
        plan.mark(node, ChangePart.REDRAWN)
    return plan


def _below(tree: Tree, several: Iterable[str]) -> list[str]:
    return [node.path for node in tree.nodes.values() if not set(paths.ancestors(node.path)).isdisjoint(several)]


def _add(tree: Tree, operation: Add) -> Plan:
    parent = tree.node(operation.code)
    require(operation.level in tree.levels, "level_unknown", "level", level=operation.level)
    is_above = parent.depth < tree.levels[operation.level].depth
    require(is_above, "parent_not_above", "level", parent=parent.name)
    plan = Plan(ChangeKind.ADD)
    new = _begin(plan, Codes(tree), parent, operation.level, operation.part)
    if operation.shape is not None:
        plan.drawn[new.id] = operation.shape
    return plan


def _rename(tree: Tree, operation: Rename) -> Plan:
    node = tree.node(operation.code)
    name = operation.name.strip()
    check_name(name)
    require(name != node.name, "area_not_changed", "name")
    plan = Plan(ChangeKind.RENAME)
    plan.mark(replace(node, name=name), ChangePart.RENAMED, name_before=node.name)
    return plan


def _close(tree: Tree, operation: Close) -> Plan:
    node = tree.node(operation.code)
    require(not tree.children(node.path), "area_has_some_below", "code", area=node.name)
    require(node.depth > 1, "area_is_the_district", "code")
    plan = Plan(ChangeKind.CLOSE)
    _end(tree, plan, node, ChangePart.ENDED, None)
    return plan


def _begin(plan: Plan, codes: Codes, parent: Node, level: str, part: NewPart) -> Node:
    name = part.name.strip()
    check_name(name)
    code = codes.take(level, parent.code, part.code.strip())
    new = Node(codes.new_id(code), code, name, level, codes.depth_of(level), paths.join(parent.path, code), part.kind)
    plan.parents[new.id] = parent.id
    plan.mark(new, ChangePart.BEGUN)
    return new


def _end(tree: Tree, plan: Plan, node: Node, part: ChangePart, successor: UUID | None) -> None:
    plan.mark(node, part, successor=successor)
    if tree.drawn(node) is not None:
        plan.drawn[node.id] = None


def _transplant(tree: Tree, plan: Plan, codes: Codes, node: Node, parent: Node, wanted: str = "") -> None:
    """Let an area with all below it end, and go on under another parent with new codes and the same lines."""
    top = codes.take(node.level, parent.code, wanted)
    new_of: dict[str, Node] = {paths.parent(node.path): parent}
    for old in tree.subtree(node):
        above = new_of[paths.parent(old.path)]
        code = top if old is node else codes.take(old.level, above.code, top + old.code[len(node.code) :])
        new = replace(old, id=codes.new_id(code), code=code, path=paths.join(above.path, code))
        new_of[old.path] = new
        plan.parents[new.id] = above.id
        plan.mark(new, ChangePart.BEGUN, was=old)
        shape = tree.drawn(old)
        _end(tree, plan, old, ChangePart.MOVED, new.id)
        if shape is not None:
            plan.drawn[new.id] = shape


def _above(tree: Tree, node: Node) -> Node:
    parent = tree.parent(node)
    if parent is None:
        raise InvalidInput("area_is_the_district", field="code")
    return parent


_PLANNERS: Mapping[type, Callable[[Tree, Any], Plan]] = {
    Split: _split, Merge: _merge, Move: _move, Redraw: _redraw, Add: _add, Rename: _rename, Close: _close,
}  # fmt: skip


def ground_of(
    shapes: Iterable[tuple[UUID, BaseGeometry | None]], points: Iterable[tuple[float, float]]
) -> list[UUID | None]:
    """Tell which of a few shapes each point lies in, the first that holds it; None for none."""
    known = [(area_id, shape) for area_id, shape in shapes if shape is not None]
    return [
        next((area_id for area_id, shape in known if shape.covers(shapely.Point(lng, lat))), None)
        for lng, lat in points
    ]
