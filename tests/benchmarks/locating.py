"""Locating points among all cells of a district, in a process of its own.

python -m tests.benchmarks.locating     prints {"cells", "index_us", "whole_us"}
"""

import json
import os
import random
import sys
import time

from tests.benchmarks.effort import Effort
from tests.benchmarks.places import Place, run
from tests.benchmarks.table import Table

WARM_US, QUESTIONS = 50, 5000


def measure(place: Place, table: Table, _effort: Effort) -> None:
    """Run the program on the place's database."""
    place.make()
    with place.database() as variables:
        told = json.loads(run([sys.executable, "-m", "tests.benchmarks.locating"], variables))
    table.add(f"locate a point among {told['cells']:,} cells, in memory: half within", told["index_us"], "us",
              at_most=WARM_US)  # fmt: skip
    table.add("  the same with the query for the version in force, compound and building", told["whole_us"], "us")


def main() -> None:
    """Measure warm: every polygon near a point has been asked once."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings.base"
    django.setup()
    from django.utils import timezone

    from linli.cases.models import Case
    from linli.registry.territory.queries import locate
    from linli.registry.territory.queries.snapshot import places_in_force, territory

    at = timezone.now()
    points = list(Case.objects.filter(lng__isnull=False).order_by("id").values_list("lng", "lat")[:20_000])
    chosen = random.Random(1).choices(points, k=QUESTIONS)
    place = max(places_in_force(at), key=lambda each: len(territory(each).by_path))
    held = territory(place)
    index, whole = [], []
    for _turn in range(2):
        index = [_timed(lambda to=point: held.locate(place, *to)) for point in chosen]  # type: ignore[misc]
    for lng, lat in chosen[:500]:
        whole.append(_timed(lambda x=lng, y=lat: locate(lng=x, lat=y, crs="GCJ-02", at=at)))  # type: ignore[misc]
    cells = len(held.area_indexes[place.number])
    print(json.dumps({"cells": cells, "index_us": _half_us(index), "whole_us": _half_us(whole)}))


def _timed(ask: "object") -> float:
    began = time.perf_counter()
    ask()  # type: ignore[operator]
    return time.perf_counter() - began


def _half_us(times: list[float]) -> float:
    return round(1e6 * sorted(times)[len(times) // 2], 1)


if __name__ == "__main__":
    main()
