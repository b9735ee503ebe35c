"""The leaders' board: figures, three rates, areas beside their like, what is overdue; each number leads to its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from linli.cases.queries.cockpit import Cockpit, get_cockpit
from linli.cases.queries.drilldown import list_behind
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.board import (
    FIGURE_WORDS,
    Address,
    area_table,
    day_rows,
    figure_boxes,
    look_first,
    rate_boxes,
)
from linli.edges.web.desk.drawing import AreaCounts, AreaMap, Ground, Sheet, area_map
from linli.edges.web.desk.lines import CaseLine, case_lines
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.cases import PERIODS
from linli.edges.words.times import LOCAL, say_day, say_moment, say_span
from linli.kernel.errors import InvalidInput
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere
from linli.registry.territory.queries import AreaRow, LevelRow, area_chains, areas_geojson, list_levels

PAGE = 50
# Drawn for the panel of a desk, for a telephone, and for a wall; in large print with larger type.
_WIDE, _NARROW, _WALL = Sheet(520, 330, 13), Sheet(330, 400, 13), Sheet(940, 640, 42, free=0.05)
_WIDE_LARGE, _NARROW_LARGE = Sheet(520, 380, 18), Sheet(330, 480, 18)


@dataclass(frozen=True, slots=True)
class LateRow:
    """An overdue case of the board's list."""

    line: CaseLine
    place: str
    due: str
    late_by: str


@require_GET
@staff_only
@tells_errors
def show_cockpit(request: ViewerRequest) -> HttpResponse:
    """Show the board for a period and an area; wall=1: as it hangs on a wall."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    asked = Address(request.GET.get("period", "month"), _area(request), wall=request.GET.get("wall") == "1")
    board = get_cockpit(viewer=viewer, period_name=asked.period, area_path=asked.area, at=at)
    sheets = (_WALL,) if asked.wall else (_WIDE, _NARROW)
    if not asked.wall and request.COOKIES.get("linli_mode") == "elder":
        sheets = (_WIDE_LARGE, _NARROW_LARGE)
    context = _context(viewer, board, asked, sheets, request.GET.get("mix", ""), at)
    return render(request, "web/desk/cockpit_wall.html" if asked.wall else "web/desk/cockpit.html", context)


@require_GET
@staff_only
@tells_errors
def show_behind(request: ViewerRequest, figure: str) -> HttpResponse:
    """List the rows behind a number of the board: as many as it says."""
    at, viewer = timezone.now(), request.viewer
    may_somewhere(viewer, Verb.SEE_COCKPIT).require()
    asked = Address(request.GET.get("period", "month"), _area(request))
    start = request.GET.get("from", "0")
    offset = int(start[:9]) if start.isdecimal() else 0
    page = list_behind(
        viewer=viewer, figure=figure, period_name=asked.period, area_path=asked.area, at=at, offset=offset, limit=PAGE
    )
    lines = {
        line.id: line for line in case_lines(
            [behind.row for behind in page.rows if behind.row], categories=_category_names(viewer), at=at
        )
    }  # fmt: skip
    following = offset + len(page.rows)
    context = {
        "heading": FIGURE_WORDS[figure],
        "total": page.total,
        "period": PERIODS.get(asked.period, asked.period),
        "rows": [(lines.get(behind.case_id), say_moment(behind.at, at) if behind.at else "") for behind in page.rows],
        "is_call_backs": figure in {"effective", "response", "solution", "satisfied", "basically", "satisfaction"},
        "more_url": asked.rows(figure, start=following) if following < page.total else "",
        "back": asked.board(),
        "area": _area_name(asked.area, at),
        "has_period": figure not in {"open", "late", "warn", "rest"},
    }
    return render(request, "web/desk/cockpit_rows.html", context)


def _area(request: ViewerRequest) -> str:
    """Read the area asked for; one of another district is refused."""
    area = request.GET.get("area", "")[:120]
    if area and area.split("/")[0] != request.viewer.district_id:
        raise InvalidInput("unknown_filter", field="area")
    return area


def _context(
    viewer: Viewer, board: Cockpit, asked: Address, sheets: Sequence[Sheet], mix: str, at: datetime
) -> dict[str, object]:
    paths = [board.area_path, *(line.path for line in board.areas), *(row.area_path for row in board.late_rows)]
    chains = area_chains(paths, at=at)
    names = {path: chain[-1].name if chain else path.rsplit("/", 1)[-1] for path, chain in chains.items()}
    today = at.astimezone(LOCAL).date()
    level = _level_below(board)
    numbers = {figure.name: figure.value for figure in board.figures}
    maps, is_schematic = _maps(board, level, asked, sheets, at)
    return {
        "heading": names.get(board.area_path, ""),
        "wall_url": replace(asked, wall=True).board(),
        "leave_url": replace(asked, wall=False).board(),
        "since": say_day(board.period.since.date(), today),
        "until": say_day(today, today),
        "updated": say_moment(board.as_of, at),
        "periods": [(words, asked.board(period=name), name == asked.period) for name, words in PERIODS.items()],
        "figures": figure_boxes(board, asked),
        "rates": rate_boxes(board, asked),
        "days": [(say_day(day.first, today), day, hours) for day, hours in day_rows(board.days)],
        "is_by_week": any(day.first != day.last for day in board.days),
        "maps": maps,
        "is_schematic": is_schematic,
        "level": _say_level(level),
        "areas": area_table(board, names, asked, mix),
        "sample": board.rules.smallest_sample,
        "look_first": look_first(board, names, asked),
        "up": _up(asked, chains[board.area_path]),
        "open": numbers["open"],
        "late": numbers["late"],
        "warn": board.warn,
        "rest": numbers["open"] - numbers["late"] - board.warn,
        "urls": {name: asked.rows(name) for name in ("open", "late", "warn", "rest")},
        "late_rows": _late_rows(viewer, board, chains, at),
        "may_export": bool(may_somewhere(viewer, Verb.EXPORT)),
    }


def _late_rows(viewer: Viewer, board: Cockpit, chains: Mapping[str, Sequence[AreaRow]], at: datetime) -> list[LateRow]:
    lines = case_lines(board.late_rows, categories=_category_names(viewer), at=at)
    depth = board.area_path.count("/") + 1
    return [
        LateRow(
            line, "·".join(area.name for area in chains[row.area_path] if depth < area.depth <= depth + 3) or line.area,
            say_moment(row.due_at, at), say_span(row.due_at - at),
        )
        for line, row in zip(lines, board.late_rows, strict=True)
        if row.due_at
    ]  # fmt: skip


def _level_below(board: Cockpit) -> LevelRow | None:
    """Tell the level of the areas laid beside each other. 1 query."""
    depth = board.area_path.count("/") + 2
    return next((level for level in list_levels() if level.depth == depth and board.area_path), None)


def _say_level(level: LevelRow | None) -> str:
    if level is None:
        return ""
    return level.name_en if translation.get_language() == "en" else level.name_zh


def _maps(
    board: Cockpit, level: LevelRow | None, asked: Address, sheets: Sequence[Sheet], at: datetime
) -> tuple[list[AreaMap], bool]:
    """Draw the areas one level below, once for each sheet. 2 queries."""
    if level is None:
        return [], False
    drawn = areas_geojson(board.area_path, levels=[level.code], at=at)
    counts = {
        line.code: AreaCounts(line.open, line.late, line.warn, asked.board(area=line.path)) for line in board.areas
    }  # fmt: skip
    named = tuple((each["properties"]["id"], each["properties"]["name"]) for each in drawn["features"])
    ground = Ground((drawn["boundary_number"], named), drawn["features"])
    maps = [area_map(ground, counts, sheet) for sheet in sheets]
    return [each for each in maps if each], bool(drawn["is_schematic"])


def _up(asked: Address, chain: Sequence[object]) -> str:
    """Give the way back to the area above, "" at the viewer's own."""
    if not asked.area or len(chain) < 2:  # noqa: PLR2004 - the district has none above
        return ""
    above = asked.area.rsplit("/", 1)[0]
    return asked.board(area=above if "/" in above else "")


def _area_name(area: str, at: datetime) -> str:
    chain = area_chains([area], at=at)[area] if area else ()
    return chain[-1].name if chain else ""


def _category_names(viewer: Viewer) -> dict[str, str]:
    return {code: kind.name for code, kind in current_rulebooks(viewer.district_id).categories.items()}
