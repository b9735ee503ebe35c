"""What it takes to be there: the second start, and the memory of everything when nobody asks anything."""

import time

from tests.benchmarks.effort import Effort
from tests.benchmarks.places import WAIT_S, Place
from tests.benchmarks.table import Table

SECOND_START_S, AT_REST_MB, REST_S = 10, 600, 15


def measure(place: Place, table: Table, _effort: Effort) -> None:
    """Start all of it on a made place, let it come to rest, add up the memory; pages that are shared count in part."""
    place.make()
    with place.up(WAIT_S):
        pass
    with place.up(WAIT_S) as up:
        table.add(f"next start to /readyz, demo of scale {place.scale}", up.ready_after_s, "s", at_most=SECOND_START_S)
        time.sleep(REST_S)
        memory = up.memory_mb(place.folder / "postgres")
        table.add("memory at rest: server, worker, database", memory, "MB", at_most=AT_REST_MB)
