"""What a change of the tree of areas would mean for open cases: as numbers, of the cases nothing is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
import shapely
from django.db.models import Count, Q

from linli.cases.models import Case
from linli.registry.people.queries.areas import PeopleLook, TakingBack, look_at_change, look_at_taking_back
from linli.registry.people.rules import Viewer
from linli.registry.territory.calc.operations import Operation
from linli.registry.territory.choices import ChangePart
from linli.registry.territory.queries import MadeChange, Stand

_MOST_POINTS = 20_000


@dataclass(frozen=True, slots=True)
class ChangeLook:
    """A change of the tree with all it means. open_cases: in the areas that it touches; they keep area and holder.

    elsewhere: how many of these lie on ground that belongs to another area from then on; where an area is only redrawn
    or cut, counted among the first 20,000.
    """

    people: PeopleLook
    open_cases: int
    elsewhere: int


def look_at_area_change(*, viewer: Viewer, operation: Operation, on: date) -> ChangeLook:
    """Tell what a change of the tree would do; nothing is written. At most 12 queries.

    Raises NotAllowed, InvalidInput.
    """
    look = look_at_change(viewer=viewer, operation=operation, on=on)
    plan = look.areas.draft.plan
    over = [each.node.path for each in plan.of(ChangePart.ENDED, ChangePart.MOVED)]
    drawn = {each.node.path: plan.drawn.get(each.node.id) for each in plan.of(ChangePart.KEPT, ChangePart.REDRAWN)}
    cases = Case.objects.filter(district_id=viewer.district_id, closed_at=None, area_path__in=[*over, *drawn])
    counts = dict(cases.order_by("area_path").values_list("area_path").annotate(n=Count("id")))
    elsewhere = sum(counts.get(path, 0) for path in over)
    points = cases.filter(area_path__in=drawn, lng__isnull=False).order_by("id")
    by_path: dict[str, list[tuple[float | None, float | None]]] = {}
    for path, lng, lat in points.values_list("area_path", "lng", "lat")[:_MOST_POINTS]:
        by_path.setdefault(path, []).append((lng, lat))
    for path, found in by_path.items():
        shape = drawn[path]
        if shape is not None:
            elsewhere += int(np.count_nonzero(~shapely.covers(shape, shapely.points(np.array(found, dtype=float)))))
    return ChangeLook(look, sum(counts.values()), elsewhere)


@dataclass(frozen=True, slots=True)
class UndoLook:
    """A change of the tree as it may be taken back, with all that stands on it."""

    people: TakingBack
    stands: tuple[Stand, ...]


def look_at_undoing(*, viewer: Viewer, change_id: UUID) -> UndoLook:
    """Tell what taking a change of the tree back would do; nothing is written. At most 12 queries.

    Raises NotAllowed, NotFound.
    """
    look = look_at_taking_back(viewer=viewer, change_id=change_id)
    cases = count_cases_on(look.change, look.given)
    stands = (*look.stands, Stand("change_has_cases", cases)) if cases else look.stands
    return UndoLook(look, stands)


def count_cases_on(change: MadeChange, given: Sequence[UUID]) -> int:
    """Count the cases that stand on a change, so that it can't be taken back. 1 query.

    Those of areas that it began, those of areas it drew that were routed by its boundaries, and those in the hands of
    a post that it gave (given: their ids). Not those that the program opened because nobody is responsible there:
    they close by themselves as soon as the area is none.
    """
    begun = [area.id for area in change.of(ChangePart.BEGUN)]
    drawn = [area.id for area in change.areas if area.is_drawn]
    on = Q(area_id__in=begun) | Q(post_id__in=list(given))
    if change.number:
        on |= Q(area_id__in=drawn, boundary_number__gte=change.number)
    return Case.objects.filter(on, district_id=change.district_id, holes__isnull=True).count()
