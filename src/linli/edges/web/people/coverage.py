"""Coverage: percent by level and function, the holes behind it, and who is responsible at a place."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.menu import has_any
from linli.edges.web.desk.telling import tells_errors
from linli.edges.web.people.tabs import people_tabs
from linli.edges.words.coverage import PLACE_KINDS, say_names, say_responsible, say_share
from linli.kernel.errors import NotFound
from linli.registry.coverage.calc.covering import Tally
from linli.registry.coverage.calc.functions import Function
from linli.registry.coverage.queries import (
    AreaFigures,
    CoverageBoard,
    HoleLine,
    PlaceLine,
    Responsible,
    find_place,
    get_board,
    list_holes,
    top_seen,
)
from linli.registry.coverage.rules import seen_paths
from linli.registry.people.choices import Verb
from linli.registry.people.queries import role_names
from linli.registry.territory.queries import get_area_by_code

SHOWN = 100
_LONGEST_CODE = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the board: the share, how many of how many, and where the holes behind it are listed."""

    title: str
    share: str
    held: int
    needed: int
    lacking: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """An area of the board. url: its own board, "" for the top itself."""

    name: str
    url: str
    places: int
    whole: int
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place with who is responsible: (function, words, whether it is held everywhere in it)."""

    name: str
    kind: str
    community: str
    url: str
    held: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class HoleRow:
    """A hole in words. post_url: where somebody is appointed, "" for who may not."""

    place: str
    url: str
    kind: str
    community: str
    function: str
    areas: str
    roles: str
    post_url: str


@require_GET
@staff_only
@tells_errors
def show_coverage(request: ViewerRequest) -> HttpResponse:
    """Show how much of an area is covered, and its places where no areas with places lie below."""
    viewer, today = request.viewer, timezone.localdate()
    path = _path(request)
    board = get_board(viewer=viewer, area_path=path, on=today)
    tops, code = seen_paths(viewer), path.rpartition("/")[2]
    context = {
        "top": _row(board, board.top, is_top=True), "rows": [_row(board, each) for each in board.below],
        "functions": [function.name for function in board.functions],
        "places": [_place(row, code, board.functions, say=say_names) for row in board.places[:SHOWN]],
        "more": max(0, len(board.places) - SHOWN),
        "above": [(area.name, _board_url(area.code)) for area in board.above if _is_seen(area.path, tops)],
        "may_export": has_any(viewer, (Verb.EXPORT,)), "tab": "coverage", "people_tabs": people_tabs(viewer),
        "path": path,
    }  # fmt: skip
    return render(request, "web/people/coverage.html", context)


@require_GET
@staff_only
@tells_errors
def show_holes(request: ViewerRequest) -> HttpResponse:
    """List the holes behind a number of the board."""
    viewer, today = request.viewer, timezone.localdate()
    path, function = _path(request), request.GET.get("function", "")[:_LONGEST_CODE]
    found = list_holes(viewer=viewer, area_path=path, function=function, on=today)
    names, may_fill = role_names(), has_any(viewer, (Verb.MANAGE_POSTS,))
    code, count = found.area.code, len(found.lines)
    context = {
        "rows": [_hole(line, names, may_fill=may_fill, code=code) for line in found.lines[:SHOWN]], "count": count,
        "more": max(0, count - SHOWN), "area": found.area, "board_url": _board_url(code),
        "functions": [(each.code, each.name) for each in found.functions], "function": function, "code": code,
        "may_export": has_any(viewer, (Verb.EXPORT,)), "path": path, "tab": "coverage",
        "people_tabs": people_tabs(viewer),
    }  # fmt: skip
    return render(request, "web/people/holes.html", context)


@require_GET
@staff_only
@tells_errors
def show_place(request: ViewerRequest, place_id: UUID) -> HttpResponse:
    """Show who is responsible at a compound, a single building or a village."""
    path = _path(request)
    code = path.rpartition("/")[2]
    line = find_place(viewer=request.viewer, place_id=place_id, area_path=path, on=timezone.localdate())
    functions = [function for function, _found, _held in line.held]
    context = {
        "place": _place(line, code, functions, say=say_responsible), "code": line.place.code,
        "board_url": _board_url(code), "tab": "coverage", "people_tabs": people_tabs(request.viewer),
    }  # fmt: skip
    return render(request, "web/people/place.html", context)


def _path(request: ViewerRequest) -> str:
    """Tell the path of the area asked for, else of the highest seen. At most 1 query. Raises NotFound, NotAllowed."""
    code = request.GET.get("area", "").strip()[:_LONGEST_CODE]
    if not code:
        return top_seen(request.viewer)
    area = get_area_by_code(code)
    if area.district_id != request.viewer.district_id:
        raise NotFound("area_unknown", field="area")
    return area.path


def _is_seen(path: str, tops: tuple[str, ...]) -> bool:
    return any(path == top or path.startswith(top + "/") for top in tops)


def _board_url(code: str) -> str:
    return f"{reverse('coverage')}?{urlencode({'area': code})}"


def _holes_url(code: str, function: str = "") -> str:
    asked = {"area": code} | ({"function": function} if function else {})
    return f"{reverse('coverage_holes')}?{urlencode(asked)}"


def _row(board: CoverageBoard, figures: AreaFigures, *, is_top: bool = False) -> Row:
    code = figures.area.code
    cells = tuple(
        _cell(function.name, figures.by_function.get(function.code, Tally()), _holes_url(code, function.code))
        for function in board.functions
    )
    total = _cell("", figures.total, _holes_url(code))
    return Row(figures.area.name, "" if is_top else _board_url(code), figures.places, figures.whole, cells, total)


def _cell(title: str, tally: Tally, url: str) -> Cell:
    return Cell(title, say_share(tally), tally.held, tally.needed, tally.lacking, url if tally.lacking else "")


def _place_url(place_id: UUID, code: str) -> str:
    return f"{reverse('coverage_place', args=[place_id])}?{urlencode({'area': code})}"


def _place(
    line: PlaceLine, code: str, functions: Sequence[Function], *, say: Callable[[Iterable[Responsible]], str]
) -> PlaceRow:
    """Put a place into words, with a cell for each of the functions; one that it does not need is a dash."""
    told = {function.code: (say(found), is_held) for function, found, is_held in line.held}
    held = tuple((function.name, *told.get(function.code, ("—", True))) for function in functions)
    place = line.place
    return PlaceRow(place.name, str(PLACE_KINDS[place.kind]), line.community, _place_url(place.id, code), held)


def _hole(line: HoleLine, names: dict[str, str], *, may_fill: bool, code: str) -> HoleRow:
    asked = {"role": line.roles[0], "area": line.area_code}
    place = line.place
    return HoleRow(
        place.name, _place_url(place.id, code), str(PLACE_KINDS[place.kind]), line.community, line.function.name,
        "、".join(line.areas), "、".join(names.get(role, role) for role in line.roles),
        f"{reverse('post_new')}?{urlencode(asked)}" if may_fill else "",
    )  # fmt: skip
