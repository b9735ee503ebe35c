"""The big screen of a draw: list, check code, dice, then the names in rank order. Read from four metres."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import tells_errors
from linli.edges.web.reviews.draw_words import groups_of, picture_of, say_excuse
from linli.oversight.reviews.choices import DrawState
from linli.oversight.reviews.queries.draws import DrawPage, PoolRow, StratumPart, get_draw, mark_of_draw

_LETTERS = "ABCDEFGH"
_ENDINGS = ("党工委", "党组", "党委")
_DICE, _COLUMNS, _ROWS, _LONGEST = 4, 6, 13, 8
_COLUMNS_BEFORE, _ROWS_BEFORE = 8, 10
_KEPT_S = 60
# From how many characters on a name of the field is written smaller, and a drawn one beside its rank.
_IN_FIELD = ((15, "n15"), (9, "n9"), (8, "n8"), (7, "n7"), (6, "n6"))
_BESIDE_RANK = ((11, "n11"), (10, "n10"), (9, "n9"))
_DISTRICT = re.compile(r"^[^区]{1,4}区(?=.{3})")


@dataclass(frozen=True, slots=True)
class Cell:
    """A name on the field. rank: 0 where it is not drawn; mark: letter of the reason, "" for who has tickets.

    size: class by which a long name is written smaller, never cut; tickets: 0 before they are counted.
    """

    name: str
    rank: int
    mark: str
    key: str
    size: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Risen:
    """A name that was drawn, beside its rank. size: as in `Cell`."""

    rank: int
    name: str
    size: str


@require_GET
@never_cache
@staff_only
@tells_errors
def show_screen(request: ViewerRequest, draw_id: UUID) -> HttpResponse:
    """Show the screen; asked again with the state it shows, gives 204 until something changed, then the stage alone.

    All screens of a hall ask at once, so what one state shows is made once and kept for the others.
    """
    mark = mark_of_draw(viewer=request.viewer, draw_id=draw_id)  # before the page, so that it is never the newer one
    seen = request.GET.get("seen")
    if seen is None:
        return render(request, "web/reviews/draw_screen.html", _context(request, draw_id, mark))
    if seen == mark:
        return HttpResponse(status=204)
    key = f"draw-stage:{draw_id}:{mark}:{get_language()}:{request.build_absolute_uri('/')}"
    return HttpResponse(cache.get_or_set(key, lambda: _stage(request, draw_id, mark), _KEPT_S))


def _stage(request: ViewerRequest, draw_id: UUID, mark: str) -> str:
    return render_to_string("web/reviews/draw_stage.html", _context(request, draw_id, mark), request)


def _context(request: ViewerRequest, draw_id: UUID, mark: str) -> dict[str, Any]:
    page = get_draw(viewer=request.viewer, draw_id=draw_id)
    marks = {code: _LETTERS[at % len(_LETTERS)] for at, code in enumerate(_reasons(page))}
    is_drawn = page.state == DrawState.DRAWN.value
    record = request.build_absolute_uri(f"/api/v1/reviews/draws/{page.id}/record.json")
    return {
        "page": page, "seen": mark, "is_drawn": is_drawn, "month": date_format(date(page.year, page.month, 1), "F"),
        "fields": [_cells(part, marks) for part in page.strata],
        "reasons": [(letter, say_excuse(code)) for code, letter in marks.items()],
        "dice": [each for throw in page.throws if throw.value for each in _groups(throw.value)],
        "throws": page.throws,
        "risen": [(part, [_risen(row) for row in part.drawn]) for part in page.strata],
        "is_long": _rows(page, _COLUMNS) > _ROWS if is_drawn else _rows(page, _COLUMNS_BEFORE) > _ROWS_BEFORE,
        "has_tickets": bool(page.commit_hash) and not is_drawn,
        "hash_groups": groups_of(page.commit_hash),
        "picture": picture_of(record if is_drawn else f"{page.code} {page.commit_hash}") if page.commit_hash else "",
        "done": sum(len(part.drawn) for part in page.strata),
    }  # fmt: skip


def _cells(part: StratumPart, marks: Mapping[str, str]) -> list[Cell]:
    names = [_bare(_shown(row.name)) for row in part.pool]
    return [
        Cell(name, row.rank, marks.get(row.excused, ""), f"{part.id}-{row.rank}", _size(name, _IN_FIELD), row.tickets)
        for name, row in zip(names, part.pool, strict=True)
    ]


def _risen(row: PoolRow) -> Risen:
    name = _shown(row.name)
    return Risen(row.rank, name, _size(name, _BESIDE_RANK))


def _size(name: str, sizes: Sequence[tuple[int, str]]) -> str:
    return next((size for least, size in sizes if len(name) >= least), "")


def _rows(page: DrawPage, columns: int) -> int:
    return sum(-(-len(part.pool) // columns) for part in page.strata)


def _shown(name: str) -> str:
    """Leave out the district, which the whole hall is of, and what the heading says where the name is long."""
    own = _DISTRICT.sub("", name) or name
    return own if len(own) <= _LONGEST else _bare(own)


def _bare(name: str) -> str:
    """Leave out what all of a stratum's names end in, so that the field stays readable."""
    return next((name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending)), name)


def _reasons(page: DrawPage) -> list[str]:
    return sorted({row.excused for part in page.strata for row in part.pool if row.excused})


def _groups(value: str) -> list[str]:
    return [value[begin : begin + _DICE] for begin in range(0, len(value), _DICE)]
