"""How much is measured: the full run, a short one that only shows that everything works, a long one for leaks."""

import os
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Effort:
    """How many of each; workers: streams; residents: they ask once a minute; mixed_s, soak_s: seconds.

    records, changes: of draws, for both verifiers; throws, drawn_years: by chance; held: draws with screens watching.
    hall, full_hall, soaked_hall: pages in a hall at once; hall_changes: what the host presses in each; hall_kills: of
    the server under it; twice: the same ballot at once; phones: phones x deeds.
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
    hall: int = 500
    full_hall: int = 2000
    hall_changes: int = 60
    casts: int = 10
    twice: int = 1000
    soaked_hall: int = 300
    soak_s: int = 300
    hall_kills: int = 5
    looks: int = 10
    phones: str = "50x200"


SHORT = Effort(
    creates=120, lists=40, each_filter=8, lags=10, workers=40, residents=60, mixed_people=10, mixed_s=15, kills=2,
    rows=20_000, peer_tickets=2_000, guesses=400, records=400, changes=100, throws=10_000, drawn_years=100, held=2,
    hall=40, full_hall=80, hall_changes=6, casts=2, twice=40, soaked_hall=20, soak_s=30, hall_kills=1, looks=2,
    phones="10x40",
)  # fmt: skip
LONG = replace(Effort(), soak_s=1800)


def chosen_effort() -> Effort:
    """LINLI_BENCH_EFFORT=short for the short one, =long for half an hour in a hall instead of five minutes."""
    return {"short": SHORT, "long": LONG}.get(os.environ.get("LINLI_BENCH_EFFORT", ""), Effort())
