"""`make bench`: what Linli takes on this machine, beside its bars. Prints a table, writes build/bench.json.

    python -m tests.benchmarks                 all groups
    python -m tests.benchmarks create list     only these

Starts servers of its own on free ports of 127.0.0.1, with databases of its own in build/bench; the demo of scale large
is made there once and kept. LINLI_BENCH_SCALE=real measures everything on the small demo instead, for a quick run;
LINLI_BENCH_EFFORT=short asks a tenth of the questions, =long watches a hall for half an hour, not five minutes. All
requests go over HTTP to one server process, from a client on the same machine, which takes its share of the processors.
"""

import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from tests.benchmarks import (
    boards,
    crashing,
    creating,
    draws,
    halls,
    listing,
    locating,
    logins,
    mixed,
    moving_in,
    phones,
    resting,
    searching,
    watching,
    writing,
)
from tests.benchmarks.effort import Effort, chosen_effort
from tests.benchmarks.places import PROJECT, WORK, Place
from tests.benchmarks.table import Table

RESULT = PROJECT / "build" / "bench.json"
REAL = Place("real")
Measure = Callable[[Place, Table, Effort], None]

LOAD_S = 15 * 60


def _load(place: Place, table: Table, _effort: Effort) -> None:
    place.make()
    table.add(f"loading the demo of scale {place.scale}, once", place.made_in_s, "s", at_most=LOAD_S)


GROUPS: dict[str, Measure] = {
    "rest": lambda _place, table, effort: resting.measure(REAL, table, effort),
    "load": _load,
    "create": creating.measure,
    "list": partial(listing.measure, compared=REAL),
    "search": searching.measure,
    "cockpit": boards.measure,
    "live": watching.measure,
    "locate": locating.measure,
    "xlsx": writing.measure,
    "moving_in": moving_in.measure,
    "mixed": mixed.measure,
    "logins": lambda _place, table, effort: logins.measure(REAL, table, effort),
    "hall": lambda _place, table, effort: halls.measure(REAL, table, effort),
    "phones": phones.measure,
    "crash": crashing.measure,
    "draws": lambda _place, table, effort: draws.measure(REAL, table, effort),
}


def main(names: list[str]) -> None:
    """Measure, print, write. Raises SystemExit for a group that is none."""
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        raise SystemExit(f"no such group: {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "LINLI_DATA", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)
    place, effort, table = Place(os.environ.get("LINLI_BENCH_SCALE", "large")), chosen_effort(), Table()
    machine = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "processors": os.cpu_count(), "scale": place.scale,
        "machine": platform.machine(), "python": platform.python_version(),
    }  # fmt: skip
    print(f"Linli on {machine['processors']} processors ({machine['machine']}), Python {machine['python']}", flush=True)
    if place == REAL:
        print("The small demo, not the large one: LINLI_BENCH_SCALE=real.", flush=True)
    WORK.mkdir(parents=True, exist_ok=True)
    for name in names or GROUPS:
        table.title(name)
        GROUPS[name](place, table, effort)
    table.write(RESULT, machine)


if __name__ == "__main__":
    main(sys.argv[1:])
