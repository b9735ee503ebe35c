"""A district moves in: a workbook of 50,000 rows into an empty database, in a process of its own, with its memory.

python -m tests.benchmarks.moving_in     prints rows, MB of the file, seconds of each step, and MB of memory at most
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.effort import Effort
from tests.benchmarks.places import WORK, Place, run
from tests.benchmarks.processes import LINLI
from tests.benchmarks.table import Table

from linli.kernel import postgres

MOST_S = 60
DISTRICT, AT = "210107", datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)
_STREETS, _COMMUNITIES, _GRIDS, _SUBGRIDS = 10, 20, 9, 5  # in the district, and each in the one above
Rows = Iterator[tuple[Any, ...]]


def communities() -> list[str]:
    return [
        f"{DISTRICT}{street:03d}{one:03d}" for street in range(1, _STREETS + 1) for one in range(1, _COMMUNITIES + 1)
    ]


def areas() -> Rows:
    yield (DISTRICT, "示例二区", "区", "", "", "否", SINCE, None)
    for street in range(1, _STREETS + 1):
        yield (f"{DISTRICT}{street:03d}", f"第{street}街道", "街道", DISTRICT, "", "否", SINCE, None)
    for code in communities():
        yield (code, f"{int(code[6:])}社区", "社区", code[:9], "社区", "否", SINCE, None)
        for grid in range(1, _GRIDS + 1):
            yield (f"{code}{grid:02d}", f"第{grid}网格", "网格", code, "", "否", SINCE, None)
            for sub in range(1, _SUBGRIDS + 1):
                yield (
                    f"{code}{grid:02d}{sub:02d}",
                    f"第{sub}片",
                    "二级网格",
                    f"{code}{grid:02d}",
                    "",
                    "否",
                    SINCE,
                    None,
                )


def compounds() -> Rows:
    for code in communities():
        for one in range(10):
            yield (f"C{code}{one}", f"{one}号小区", "等级物业", code, "", 300)


def buildings() -> Rows:
    for code in communities():
        for one in range(75):
            subgrid = f"{code}{one % _GRIDS + 1:02d}{one % _SUBGRIDS + 1:02d}"
            yield (
                f"{code}{one:05d}",
                f"{one}号楼",
                subgrid,
                f"C{code}{one % 10}",
                123.4 + one / 1e4,
                41.8,
                "GCJ-02",
                60,
            )


def organisations() -> Rows:
    for code in communities():
        for one in range(4):
            yield (f"{code}-{one}", f"第{one}党支部", "党支部", code, "", SINCE, None)


def people() -> Rows:
    for number in range(9_000):
        yield (f"P{number}", f"演示{number}", f"024-{number:08d}")


def posts() -> Rows:
    grids = [f"{code}{grid:02d}" for code in communities() for grid in range(1, _GRIDS + 1)]
    for number in range(12_200):
        grid = grids[number % len(grids)]
        yield (
            f"P{number % 9_000}",
            "网格员" if number < 9_000 else "网格长",
            f"{grid[:12]}-1",
            grid,
            SINCE,
            None,
            "是",
            "",
        )


def timed(figures: dict[str, float], name: str, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    done = work()
    figures[name] = round(time.perf_counter() - began, 1)
    return done


def measure(_place: Place, table: Table, _effort: Effort) -> None:
    """Run the program on an empty database; it is the same at every scale."""
    WORK.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=WORK, ignore_cleanup_errors=True) as data:
        os.chmod(data, 0o711)  # noqa: PTH101, S103 - PostgreSQL runs as another user under root
        server = postgres.start(Path(data) / "postgres")
        try:
            variables = {"LINLI_DATA": data, "DATABASE_URL": server.url, "DATABASE_OWNER_URL": server.owner_url}
            run([str(LINLI), "migrate"], variables)
            told = json.loads(run([sys.executable, "-m", "tests.benchmarks.moving_in"], variables))
        finally:
            server.stop()
    whole = told["read_s"] + told["compare_s"] + told["write_s"]
    table.add(
        f"a district moves in: workbook of {told['rows']:,} rows, looked at, then written", whole, "s", at_most=MOST_S
    )
    for name, words in (("read_s", "reading"), ("compare_s", "comparing"), ("write_s", "comparing again and writing")):
        table.add(f"  of it {words}", told[name], "s")
    table.add(
        "  the same written out; taken in again, when nothing changes", told["write_out_s"] + told["again_s"], "s"
    )
    table.add("  memory at most", told["memory_mb"], "MB")


def main() -> None:
    """Take the workbook in, write it out, take that in again."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings.base"
    django.setup()
    from linli.edges.sheets import read_sent, write_out
    from linli.registry.people.actions.loading import install_default_roles
    from linli.registry.sheets.actions.putting_in_force import Sender, put_in_force
    from linli.registry.sheets.choices import SheetKind
    from linli.registry.sheets.queries.planning import plan_import
    from linli.registry.sheets.queries.writing_out import WrittenSheet, list_empty_sheets, list_sheets
    from linli.registry.territory.actions import NewDistrict, load_districts, load_levels

    everything = tuple(SheetKind)
    load_levels()
    load_districts([NewDistrict(code=DISTRICT, name="示例二区")])
    install_default_roles()
    made = (areas, compounds, buildings, organisations, people, posts)
    sheets = [
        WrittenSheet(each.description, list(make()))
        for each, make in zip(list_empty_sheets(everything), made, strict=True)
    ]
    rows = sum(len(sheet.rows) for sheet in sheets)
    data = b"".join(write_out(sheets, notes=(), at=AT))
    del sheets
    figures: dict[str, float] = {"rows": rows, "file_mb": round(len(data) / 1e6, 1)}
    sent = timed(figures, "read_s", lambda: read_sent(data))
    plan = timed(figures, "compare_s", lambda: plan_import(
        district_id=DISTRICT, sent=sent, allowed=everything, today=AT.date()))  # fmt: skip
    figures["faulty"] = plan.faulty
    del plan
    by = Sender(None, everything)
    timed(figures, "write_s", lambda: put_in_force(district_id=DISTRICT, sent=sent, by=by, at=AT))
    out = timed(figures, "write_out_s", lambda: b"".join(write_out(
        list_sheets(district_id=DISTRICT, kinds=everything), notes=(), at=AT)))  # fmt: skip
    again = timed(figures, "again_s", lambda: put_in_force(district_id=DISTRICT, sent=read_sent(out), by=by, at=AT))
    figures["changing_again"] = again.changing
    figures["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if figures["faulty"] or figures["changing_again"]:
        raise RuntimeError(figures)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
