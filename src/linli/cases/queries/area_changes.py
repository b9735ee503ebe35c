"""What a change of the tree of areas would mean for open cases: as numbers, of the cases nothing is told."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from django.db.models import Count

from linli.cases.models import Case
from linli.registry.people.queries.areas import PeopleLook, look_at_change
from linli.registry.people.rules import Viewer
from linli.registry.territory.calc.operations import Operation
from linli.registry.territory.choices import ChangePart

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
