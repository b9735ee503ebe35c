"""Cockpit and boards: the whole page, as a leader and as a resident get it."""

from tests.benchmarks.asking import Caller, time_calls
from tests.benchmarks.effort import Effort
from tests.benchmarks.places import Place
from tests.benchmarks.table import Table

P50_MS, WARM_UP = 150, 3
PAGES = {"cockpit": "/cockpit/", "board of the residents": "/board/", "home page of the residents": "/"}


def measure(place: Place, table: Table, effort: Effort) -> None:
    """Fetch each page, one request after another."""
    with place.serving() as served:
        for name, address in PAGES.items():
            cookie = f"sessionid={served.samples['session']}" if name == "cockpit" else ""
            callers = [Caller(served.server.port, cookie=cookie)]
            time_calls(lambda each, _n, to=address: each.fetch("GET", to), callers, WARM_UP)  # type: ignore[misc]
            timed = time_calls(
                lambda each, _n, to=address: each.fetch("GET", to),
                callers,
                effort.each_filter,  # type: ignore[misc]
            )
            what = f"{name}, whole page among {served.samples['count']:,}: half within"
            table.add(what, timed.percentile_ms(50), "ms", at_most=P50_MS)
