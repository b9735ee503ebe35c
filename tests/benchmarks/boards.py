"""Cockpit, boards, rates of a year and the one map's whole district: as a leader and as a resident get them."""

from tests.benchmarks.asking import Caller, time_calls
from tests.benchmarks.effort import Effort
from tests.benchmarks.places import Place
from tests.benchmarks.table import Table

P50_MS, WARM_UP = 150, 3
COUNTED_MS = 1000  # what is counted when asked for
_EVERYWHERE = "bbox=122.9,41.5,124.0,42.2&zoom=11"
PAGES = {
    "cockpit, whole page": "/cockpit/",
    "one map, a view of all open cases": f"/map/cases.json?{_EVERYWHERE}",
    "board of the residents, whole page": "/board/",
    "home page of the residents, whole page": "/",
}
COUNTED = {
    "rates of a year, by category": "/cockpit/rates/?period=year&by=category",
    "what was due in a year": "/cockpit/due/?period=year",
    "whistles of a year": "/desk/whistles/?period=year",
}
_OF_STAFF = ("cockpit", "one map", *COUNTED)


def measure(place: Place, table: Table, effort: Effort) -> None:
    """Fetch each page, one request after another."""
    with place.serving() as served:
        for name, address in (PAGES | COUNTED).items():
            cookie = f"sessionid={served.samples['session']}" if name.startswith(_OF_STAFF) else ""
            callers = [Caller(served.server.port, cookie=cookie)]
            time_calls(lambda each, _n, to=address: each.fetch("GET", to), callers, WARM_UP)  # type: ignore[misc]
            timed = time_calls(
                lambda each, _n, to=address: each.fetch("GET", to),
                callers,
                effort.each_filter,  # type: ignore[misc]
            )
            what = f"{name} among {served.samples['count']:,}: half within"
            table.add(what, timed.percentile_ms(50), "ms", at_most=COUNTED_MS if name in COUNTED else P50_MS)
