"""What reads files that somebody sent, given any bytes at all: it may refuse them, and never breaks.

A byte chooses the reader, the rest is its file. No database: what a file would change is compared with a district that
has nothing.
"""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from linli.cases.calc.importing import match_columns, read_moment
from linli.edges.sheets import read_sent, write_faults, write_out
from linli.kernel.errors import LinliError
from linli.registry.sheets.calc.descriptions import Vocabulary, describe
from linli.registry.sheets.calc.planning import plan_file
from linli.registry.sheets.calc.plans import Plan, SentSheet
from linli.registry.sheets.calc.reports import report_on
from linli.registry.sheets.calc.world import Registry
from linli.registry.sheets.choices import SheetKind
from linli.registry.sheets.queries.writing_out import WrittenSheet
from linli.registry.territory.calc.polygons import read_polygon
from linli.registry.territory.choices import Crs
from linli.support.documents.actions import read_sheet

AT = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
WORDS = Vocabulary((("community", "社区"), ("grid", "网格")), (("grid_worker", "网格员"), ("grid_head", "网格长")))
DESCRIBED = {kind: describe(kind, WORDS) for kind in SheetKind}
NOTHING = Registry("210106", DESCRIBED, {kind: {} for kind in SheetKind}, {}, {})
HOTLINE = "工单编号,标题,内容,街道,社区,地点,姓名,电话,时间,截止时间"


def read_registry(data: bytes) -> None:
    """Read a workbook of the registry, tell what it would change, and write it back with what is wrong."""
    sent = read_sent(data)
    plan = _planned(sent)
    b"".join(write_faults(sent, report_on(plan, NOTHING), DESCRIBED, at=AT))


def read_registry_rows(data: bytes) -> None:
    """Take the bytes for the cells of one sheet with the right names of columns."""
    kind = tuple(SheetKind)[data[0] % len(SheetKind)] if data else SheetKind.AREAS
    columns = [column.header for column in DESCRIBED[kind].columns]
    cells = data[1:].decode(errors="replace").split("\x1f")
    rows = [cells[at : at + len(columns)] for at in range(0, len(cells), len(columns))]
    text = io.StringIO()
    csv.writer(text).writerows([columns, *rows])
    _planned(read_sent(text.getvalue().encode()))


def read_hotline(data: bytes) -> None:
    """Take the bytes for the rows of the hotline's sheet, and read every moment in it."""
    sheet = read_sheet(HOTLINE.encode() + b"\n" + data, most_rows=500)
    places = match_columns(sheet.columns)
    for row in sheet.rows:
        for field in ("reported_at", "order_due_at"):
            if field in places:
                read_moment(row.cells[places[field]], today=AT.date(), zone=ZONE)


def read_any_sheet(data: bytes) -> None:
    """Read the bytes as a sheet of cases, whatever its columns are called."""
    match_columns(read_sheet(data, most_rows=500).columns)


def read_boundary(data: bytes) -> None:
    """Read the bytes as a line drawn on the map, in each system."""
    try:
        drawn = json.loads(data)
    except (ValueError, RecursionError):
        return
    for crs in Crs:
        read_polygon(drawn, crs)


READERS: tuple[Callable[[bytes], None], ...] = (
    read_registry, read_registry_rows, read_hotline, read_any_sheet, read_boundary,
)  # fmt: skip


def read_one(data: bytes) -> None:
    """Give a file to a reader. Refusing is what it is for; anything else that it raises is a fault."""
    if data:
        try:
            READERS[data[0] % len(READERS)](data[1:])
        except LinliError:
            return


def seeds() -> dict[str, bytes]:
    """Write files to begin with, one or more a reader."""
    empty = b"".join(write_out([WrittenSheet(each, []) for each in DESCRIBED.values()], notes=("说明",), at=AT))
    ring = [[123.4, 41.8], [123.5, 41.8], [123.5, 41.9], [123.4, 41.8]]
    drawn = {"type": "Polygon", "coordinates": [ring]}
    order = "A2026,路灯不亮,路灯坏了三天,第一街道,西边社区,12号楼,张三,13800000000,2026-11-17 08:30,11月20日"
    area = "210106003006\x1f西边社区\x1f社区\x1f210106003\x1f社区\x1f否\x1f2026-01-01\x1f"
    return {
        "registry": b"\x00" + empty,
        "rows": b"\x01" + bytes([tuple(SheetKind).index(SheetKind.AREAS)]) + area.encode(),
        "hotline": b"\x02" + order.encode(),
        "sheet": b"\x03" + f"{HOTLINE}\n{order}".encode("gb18030"),
        "boundary": b"\x04" + json.dumps(drawn).encode(),
    }


def _planned(sent: tuple[SentSheet, ...]) -> Plan:
    return plan_file(sent, NOTHING, today=AT.date(), allowed=tuple(SheetKind))
