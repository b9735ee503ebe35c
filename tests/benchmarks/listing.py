"""The list of fifty: every filter, every order, every depth, for who sees a district and for who sees a grid."""

import base64
import json
import sys
import time
from statistics import median
from urllib.parse import urlencode

from tests.benchmarks.asking import Caller, Timed, time_calls
from tests.benchmarks.creating import report
from tests.benchmarks.effort import Effort
from tests.benchmarks.places import EVERYWHERE, HERE, Place, Served, run
from tests.benchmarks.table import Table

P50_MS, GROWTH, RIGHTS, QUERIES, WARM_UP = 40, 1.3, 1.2, 6, 10
BOXES = ("todo", "done", "mine", "overdue", "open", "verify", "unowned", "escalated", "held")
LIGHTS = ("late", "warn", "ok", "hold", "done")


def measure(place: Place, table: Table, effort: Effort, *, compared: Place) -> None:
    """Measure on a place, then the same on a smaller one, for how the time grows."""
    with place.serving() as served:
        count, here = served.samples["count"], medians(served, effort)
        for name, half in here.items():
            table.add(f"list of 50 among {count:,}, {name}: half within", half, "ms", at_most=P50_MS)
        table.add("list of 50, one grid: by its worker's rights, to the same rows by a filter",
                  _rights(served, effort.lists), "times", at_most=RIGHTS)  # fmt: skip
        table.add("list of 50: queries, the most of any filter", _queries(served), "", at_most=QUERIES)
    if compared == place:
        table.say("list of 50: how the time grows", "one size only")
        return
    with compared.serving() as served:
        small = medians(served, effort)
        name, times = max(((name, here[name] / small[name]) for name in here), key=lambda found: found[1])
        table.add(
            f"list of 50, {served.samples['count']:,} to {count:,}, worst: {name}", times, "times", at_most=GROWTH
        )


def _rights(served: Served, count: int) -> float:
    """Ask for one grid by rights and by a filter in turns, so that both meet the same moments; p50 to p50."""
    asked = [(HERE, _address({})), (EVERYWHERE, _address({"area": served.samples["grid"]}))]
    both = [(Caller(served.server.port, served.samples["tokens"][user]), address) for user, address in asked]
    took: list[list[float]] = [[], []]
    for number in range(WARM_UP + count):
        for which, (caller, address) in enumerate(both):
            began = time.perf_counter()
            caller.ask("GET", address)
            if number >= WARM_UP:
                took[which].append(time.perf_counter() - began)
    for caller, _ in both:
        caller.close()
    return median(took[0]) / median(took[1])


def medians(served: Served, effort: Effort) -> dict[str, float]:
    """Ask each address and give the p50 by name."""
    asked = {}
    for name, (user, address) in addresses(served).items():
        count = effort.lists if name in {"the whole district", "one grid"} else effort.each_filter
        asked[name] = _time(served, user, address, count).percentile_ms(50)
    return asked


def addresses(served: Served) -> dict[str, tuple[str, str]]:
    """List what is asked, by name: by whom, which address."""
    samples = served.samples
    filters: dict[str, dict[str, str]] = {"the whole district": {}}
    filters |= {f"box {box}": {"box": box} for box in BOXES} | {f"light {light}": {"light": light} for light in LIGHTS}
    filters |= {f"sort {sort}": {"sort": sort} for sort in ("priority", "due")}
    filters |= {
        "category": {"category": samples["category"]}, "status closed": {"status": "closed"},
        "status suspended": {"status": "suspended"}, "community": {"area": samples["community"]},
        "category and community": {"category": samples["category"], "area": samples["community"]},
    }  # fmt: skip
    filters |= {f"cursor at {depth}": {"cursor": cursor_of(case_id)} for depth, case_id in samples["ids"].items()}
    found = {name: (EVERYWHERE, _address(asked)) for name, asked in filters.items()}
    return found | {
        "one grid": (HERE, _address({})), "one grid, todo": (HERE, _address({"box": "todo"})),
        "one grid, cursor at 50%": (HERE, _address({"cursor": cursor_of(samples["ids"]["50%"])})),
    }  # fmt: skip


def cursor_of(case_id: str) -> str:
    """Write the cursor of the list, newest first, as the page before a case would have given it."""
    return base64.urlsafe_b64encode(json.dumps([case_id]).encode()).decode().rstrip("=")


def _address(asked: dict[str, str]) -> str:
    return f"/api/v1/cases?{urlencode({'limit': '50', **asked})}"


def _time(served: Served, user: str, address: str, count: int) -> Timed:
    caller = Caller(served.server.port, served.samples["tokens"][user])
    time_calls(lambda each, _number: each.ask("GET", address), [caller], WARM_UP)
    timed = time_calls(lambda each, _number: each.ask("GET", address), [caller], count)
    caller.close()
    return timed


def _queries(served: Served) -> int:
    command = [sys.executable, "-m", "tests.benchmarks.counting", served.token,
               json.dumps(report(served.samples["points"], 0)),
               *[address for user, address in addresses(served).values() if user == EVERYWHERE]]  # fmt: skip
    return int(json.loads(run(command, served.variables))["lists"])
