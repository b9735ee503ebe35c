"""An organisation's page: its turns with what was published, absences, and what followed from what leaders said."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import tells_errors
from linli.edges.web.reviews.follow_up_lines import follow_up_lines
from linli.edges.words.remarks import say_result
from linli.edges.words.times import say_moment
from linli.oversight.reviews.queries.organisations import PastTurn, get_reviewed_organisation


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A turn as a row. note: absent, in addition, or "" for neither."""

    id: UUID
    session: str
    programme: str
    when: str
    note: str
    result: str
    how: str


@require_GET
@staff_only
@tells_errors
def show_organisation(request: ViewerRequest, organisation_id: UUID) -> HttpResponse:
    """Show what an organisation reported and what came of it."""
    at = timezone.now()
    page = get_reviewed_organisation(viewer=request.viewer, organisation_id=organisation_id, at=at)
    context = {
        "page": page, "turns": [_row(turn, at) for turn in page.turns],
        "lines": follow_up_lines(page.follow_ups, timezone.localdate(at)),
    }  # fmt: skip
    return render(request, "web/reviews/organisation.html", context)


def _row(turn: PastTurn, at: datetime) -> TurnRow:
    note = _("absent") if turn.is_absent else _("in addition") if turn.is_carried else ""
    result, how = say_result(turn.result)
    return TurnRow(turn.id, turn.session, turn.programme, say_moment(turn.planned_at, at), note, result, how)
