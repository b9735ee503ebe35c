"""The draw that anybody can check: both verifiers, what they refuse, chance itself, the year's floor, the screens.

All but the screens needs no server and no database, and runs on one processor.
"""

import random
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.asking import Timed
from tests.benchmarks.effort import Effort
from tests.benchmarks.places import WORK, Place
from tests.benchmarks.screens import measure_screens
from tests.benchmarks.table import Table
from tests.factories.chances import proportion_bound, throw_often, undrawn_in
from tests.factories.draws import chain_of
from tests.factories.two_programs import Ask, compare, in_node, tampered, written_anyhow

from linli.ledger.facts.calc.canonical import canonical
from linli.oversight.reviews.calc import verifying
from linli.oversight.reviews.calc.tickets import FLOOR, TICKETS, Rule

RECORD_S, STARTS = 0.5, 20
LEAST_P, MOST_P = 0.001, 0.999


def measure(place: Place, table: Table, effort: Effort) -> None:
    """Measure each bar of the draw."""
    with in_node() as ask:
        _agree(table, effort, ask)
        _refuse(table, effort, ask)
    _start_anew(table)
    _throw(table, effort)
    _play_years(table, effort)
    measure_screens(place, table, effort)


def _agree(table: Table, effort: Effort, ask: Ask) -> None:
    found = compare(ask, written_anyhow(effort.records, random.Random(31)))
    name = f"{found.asked:,} random records of draws, both verifiers: not found valid by both, line by line"
    table.add(name, found.asked - found.valid + len(found.differ), "", at_most=0)
    table.add("  the same: verify_draw.py on one, the slowest", 1000 * found.slowest_s, "ms", at_most=1000 * RECORD_S)


def _refuse(table: Table, effort: Effort, ask: Ask) -> None:
    found = compare(ask, tampered(effort.changes, random.Random(32)))
    added = found.asked - effort.changes
    name = f"{effort.changes:,} changed values and {added:,} added keys: accepted by either"
    table.add(name, found.accepted, "", at_most=0)
    table.add("  the same: on which a line of the two differs", len(found.differ), "", at_most=0)


def _start_anew(table: Table) -> None:
    """Run the program as a stranger does, on a record of 72 organisations."""
    record, took = WORK / "draw.json", []
    record.write_bytes(canonical(chain_of(1)[0]))
    for _ in range(STARTS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-I", Path(verifying.__file__), record], check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    name = f"verify_draw.py started {STARTS} times on a record of 72: the slowest"
    table.add(name, Timed(took, sum(took)).percentile_ms(100), "ms", at_most=1000 * RECORD_S)


def _throw(table: Table, effort: Effort) -> None:
    began, often = time.process_time(), throw_often(effort.throws)
    name, took = f"{effort.throws:,} draws of 13 of 60", time.process_time() - began
    table.add(f"{name}: how unlikely the counts, p of chi-squared", often.inclusion_p, "", at_least=LEAST_P)
    table.add("  the same, p at most", often.inclusion_p, "", at_most=MOST_P)
    bound = round(100 * proportion_bound(effort.throws), 1)
    table.add("  one to four tickets, how far the worst is off their promise", 100 * often.off_proportion, "%",
              at_most=bound)  # fmt: skip
    table.add("  the same: processor time", took, "s")


def _play_years(table: Table, effort: Effort) -> None:
    for rule, words in ((Rule(TICKETS), "tickets and floor"), (Rule(FLOOR), "floor alone")):
        left_out = undrawn_in(effort.drawn_years, rule, random.Random(33))
        name = f"{effort.drawn_years:,} years of twelve draws, {words}: organisations not drawn in one"
        table.add(name, left_out, "", at_most=0)
