"""Home and the public board: counts only."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.cases.queries.public import BoardCount, PublicBoard, get_public_board
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.request import ViewerRequest
from linli.registry.territory.queries import children_of, served_districts


@dataclass(frozen=True, slots=True)
class BoardFigure:
    """A number on the board, in words."""

    name: str
    value: int
    unit: str
    formula: str = ""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A line of the board; share: of the longest line, 0 to 1."""

    name: str
    count_text: str
    open_text: str
    closed_text: str
    share: float


@require_safe
def home_page(request: ViewerRequest) -> HttpResponse:
    """Show what one can do here."""
    board = _board()
    return render(request, "web/portal/home.html", {"board": board if board and board.reported else None})


@require_safe
def board_page(request: ViewerRequest) -> HttpResponse:
    """Show the counts of the last 30 days."""
    at = timezone.localtime()
    district_id = served_districts()[0]
    board = get_public_board(district_id=district_id, at=at)
    names = {code: kind.name for code, kind in current_rulebooks(district_id).categories.items()}
    streets = {area.code: area.name for area in children_of(district_id, on=at.date())}
    return render(
        request,
        "web/portal/board.html",
        {
            "period_text": _("the last 30 days"),
            "updated_text": f"{at.hour}:{at:%M}",
            "figures": [
                BoardFigure(_("Reported"), board.reported, _("cases")),
                BoardFigure(_("Closed out"), board.closed, _("cases")),
                BoardFigure(_("Being handled now"), board.open, _("cases")),
            ],
            "categories": _lines(tuple(count for count in board.categories if count.reported is not None), names),
            "few": sum(count.reported is None for count in board.categories),
            "areas": _lines(board.areas, streets),
        },
    )


def _board() -> PublicBoard | None:
    served = served_districts()
    return get_public_board(district_id=served[0], at=timezone.now()) if served else None


def _lines(counts: tuple[BoardCount, ...], names: dict[str, str]) -> list[BoardLine]:
    longest = max((count.reported or 0 for count in counts), default=0) or 1
    return [
        BoardLine(
            name=names.get(count.code, count.code),
            count_text=_said(count.reported),
            closed_text=_said(count.closed),
            open_text=_said(None if count.reported is None or count.closed is None else count.reported - count.closed),
            share=(count.reported or 0) / longest,
        )
        for count in counts
        if count.code in names
    ]


def _said(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"
