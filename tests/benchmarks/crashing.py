"""Killed with -9 among reports and ballots, again and again: the test of the suite, with as many kills as asked for."""

import shutil

from tests.benchmarks.effort import Effort
from tests.benchmarks.places import WORK, Place
from tests.benchmarks.table import Table
from tests.journeys.killing import survive_kills

from linli.kernel import postgres


def measure(_place: Place, table: Table, effort: Effort) -> None:
    """Count what was acknowledged and is lost, and what is there twice or was never sent."""
    folder = WORK / "killed"
    if folder.exists():
        postgres.stop(folder / "postgres")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    found = survive_kills(folder, kills=effort.kills)
    table.add(
        f"killed {effort.kills} times while {found.acknowledged:,} reports came in: lost", found.lost, "", at_most=0
    )
    table.add("  the same: there twice, or under another number", found.doubled, "", at_most=0)
    table.add(f"the same among {found.ballots:,} ballots of two jurors: lost", found.ballots_lost, "", at_most=0)
    table.add("  the same: there twice", found.ballots_doubled, "", at_most=0)
