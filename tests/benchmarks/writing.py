"""Writing the register of cases to xlsx, in a process of its own, with the memory it takes.

python -m tests.benchmarks.writing ROWS     prints {"rows", "took_s", "grown_mb"}
"""

import json
import os
import resource
import sys
import time
from itertools import chain, islice, repeat

from tests.benchmarks.effort import Effort
from tests.benchmarks.places import EVERYWHERE, Place, run
from tests.benchmarks.table import Table

MOST_S, MOST_MB = 10, 20


def measure(place: Place, table: Table, effort: Effort) -> None:
    """Run the program on the place's database."""
    place.make()
    with place.database() as variables:
        told = json.loads(run([sys.executable, "-m", "tests.benchmarks.writing", str(effort.rows)], variables))
    scaled = 100_000 / told["rows"]
    table.add(f"register to xlsx, {told['rows']:,} rows, for 100,000", told["took_s"] * scaled, "s", at_most=MOST_S)
    table.add("  the same: memory beside that of a register of 1,000 rows", told["grown_mb"], "MB", at_most=MOST_MB)


def main(wanted_rows: int) -> None:
    """Write a short one first, for what is loaded once. A smaller place is read again and again."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings.base"
    django.setup()
    from datetime import timedelta

    from django.http import QueryDict
    from django.utils import timezone, translation

    from linli.edges.web.desk.asking import read_asked
    from linli.edges.web.desk.register_books import Wanted, get_book, glossary
    from linli.registry.people.queries import find_login, viewer_of
    from linli.support.documents.actions import write_register

    at = timezone.localtime()
    translation.activate("zh-hans")
    login = find_login(EVERYWHERE)
    if login is None:
        raise RuntimeError(EVERYWHERE)
    viewer = viewer_of(login_id=login.id, on=at.date())
    book, say = get_book("cases"), glossary(viewer, at)
    wanted = Wanted(viewer, read_asked(QueryDict(""), box=""), at - timedelta(days=3650), at, at)

    def write(count: int) -> int:
        again = chain.from_iterable(book.fetch(wanted) for _ in repeat(None))
        rows = (book.cells(row, say) for row in islice(again, count))
        blocks = write_register(columns=book.columns, rows=rows, file_format="xlsx", title=book.title, notes="", at=at)
        return sum(len(block) for block in blocks)

    write(1000)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    write(wanted_rows)
    took, grown = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps({"rows": wanted_rows, "took_s": took, "grown_mb": grown / 1024}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
