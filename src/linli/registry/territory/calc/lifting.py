"""Letting areas above follow where the outer border of what lies in them is redrawn: they stay its union."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from linli.registry.territory.calc import paths
from linli.registry.territory.calc.shapes import Patch, minus, patches, plus

# Two lines this near are the same one: some 10 cm.
_SAME_LINE_DEG = 1e-6


@dataclass(frozen=True, slots=True)
class Lift:
    """An area above that can follow. shape: as it would be; gained_m2, lost_m2: what that adds and takes away."""

    path: str
    shape: BaseGeometry
    gained_m2: float
    lost_m2: float


def lift(
    redrawn: Collection[str], before: Mapping[str, BaseGeometry], after: Mapping[str, BaseGeometry]
) -> list[Lift]:  # fmt: skip
    """Tell which areas above the redrawn ones can follow, and how, the lowest first; all by path.

    What those right below hold beyond it is added; what they gave up along its border is taken away. Ground that they
    gave up inside it is a gap and stays. The district itself never follows, nor one that is redrawn.
    """
    shapes, drawn, found = dict(after), set(redrawn), []
    waiting = {paths.parent(path) for path in redrawn}
    while waiting:
        path = max(waiting, key=lambda each: (len(paths.codes(each)), each))
        waiting.discard(path)
        if path in drawn or path not in before or not paths.parent(path):
            continue
        lifted = _lifted(path, before, shapes)
        if lifted is not None:
            found.append(lifted)
            shapes[path] = lifted.shape
            drawn.add(path)
            waiting.add(paths.parent(path))
    return found


def _lifted(path: str, before: Mapping[str, BaseGeometry], after: Mapping[str, BaseGeometry]) -> Lift | None:
    whole = before[path]
    below = [each for each in after if paths.parent(each) == path]
    held_before = shapely.union_all([before[each] for each in below if each in before])
    held_after = shapely.union_all([after[each] for each in below])
    gained = patches(held_after.difference(shapely.union(whole, held_before)))
    given_up = patches(held_before.difference(held_after).intersection(whole))
    shape, lost = whole, 0.0
    for piece in given_up:
        if _is_outer(piece, whole, [after[each] for each in below if not _gave(each, piece, before)]):
            smaller = minus(shape, piece.shape)
            if smaller is not None and len(shapely.get_parts(smaller)) <= len(shapely.get_parts(shape)):
                shape, lost = smaller, lost + piece.area_m2
    for piece in gained:
        shape = plus(shape, piece.shape)
    if not gained and not lost:
        return None
    return Lift(path, shape, sum(piece.area_m2 for piece in gained), lost)


def _gave(path: str, piece: Patch, before: Mapping[str, BaseGeometry]) -> bool:
    return path in before and before[path].contains(piece.shape.representative_point())


def _is_outer(piece: Patch, whole: BaseGeometry, others: list[BaseGeometry]) -> bool:
    """Tell whether a piece lies at an area's border more than at its neighbours inside."""
    line = piece.shape.boundary
    on_border = line.intersection(whole.boundary.buffer(_SAME_LINE_DEG)).length
    at_others = line.intersection(shapely.union_all(others).buffer(_SAME_LINE_DEG)).length if others else 0.0
    return bool(on_border > at_others)
