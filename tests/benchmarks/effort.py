"""How much is measured: the full run, or a short one that only shows that everything works."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """How many of each; workers: streams; residents: they ask once a minute; mixed_s: seconds.

    records, changes: of draws, for both verifiers; throws, drawn_years: by chance; held: draws with screens watching.
    """

    creates: int = 1000
    lists: int = 200
    each_filter: int = 40
    lags: int = 200
    workers: int = 500
    residents: int = 3000
    mixed_people: int = 200
    mixed_s: int = 300
    kills: int = 100
    rows: int = 100_000
    peer_tickets: int = 100_000
    guesses: int = 10_000
    records: int = 10_000
    changes: int = 2_000
    throws: int = 1_000_000
    drawn_years: int = 10_000
    held: int = 10


SHORT = Effort(
    creates=120, lists=40, each_filter=8, lags=10, workers=40, residents=60, mixed_people=10, mixed_s=15, kills=2,
    rows=20_000, peer_tickets=2_000, guesses=400, records=400, changes=100, throws=10_000, drawn_years=100, held=2,
)  # fmt: skip


def chosen_effort() -> Effort:
    """LINLI_BENCH_EFFORT=short for the short one."""
    return SHORT if os.environ.get("LINLI_BENCH_EFFORT") == "short" else Effort()
