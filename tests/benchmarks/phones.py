"""Phones that were without a network send all at once, in any order and twice: the suite's test, with more of them."""

import os
import subprocess
import sys
import time

from tests.benchmarks.effort import Effort
from tests.benchmarks.places import PROJECT, Place
from tests.benchmarks.table import Table

_TEST = "tests/edges/web/phone/test_phone.py::test_phones_in_random_order_twice_give_the_same_database"


def measure(_place: Place, table: Table, effort: Effort) -> None:
    """Tell whether the second time changed nothing, and how long both took."""
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "0", _TEST], cwd=PROJECT, check=False,
                          env=os.environ | {"PHONES": effort.phones}, stdout=subprocess.DEVNULL)  # fmt: skip
    table.add(f"{effort.phones} deeds of phones, in random order, twice: runs that left another database",
              int(done.returncode != 0), "", at_most=0)  # fmt: skip
    table.add("  the same: both", time.monotonic() - began, "s")
