"""A presenter's page: the order, the own time, the material that stands in for slides, and words of one's own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.lines import case_lines
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.reviews.follow_up_lines import FIGURES, figure_lines, rate_lines
from linli.edges.words.cases import RATES
from linli.edges.words.errors import say_error
from linli.edges.words.remarks import say_told
from linli.edges.words.reviews import LEAVES
from linli.edges.words.times import LOCAL, say_day, say_moment
from linli.kernel.errors import Conflict, InvalidInput, LinliError
from linli.oversight.reviews.actions.absences import mark_absent, take_back_absence
from linli.oversight.reviews.actions.materials import write_words
from linli.oversight.reviews.queries.materials import LONGEST_WORDS, get_turn_page, list_behind_material

PAGE = 50


@never_cache
@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def show_turn(request: ViewerRequest, turn_id: UUID) -> HttpResponseBase:
    """Show the page and take the secretary's own words."""
    error: LinliError | None = None
    if request.method == "POST":
        try:
            write_words(by=request.viewer, turn_id=turn_id, words=request.POST.get("words", ""), at=timezone.now())
        except (InvalidInput, Conflict) as refused:
            error = refused
        else:
            messages.success(request, _("Kept. It is shown when the session opens."))
            return HttpResponseRedirect(reverse("review_turn", args=[turn_id]))
    at = timezone.now()
    page = get_turn_page(viewer=request.viewer, turn_id=turn_id, at=at)
    today, rows_of = timezone.localdate(at), f"{reverse('review_turn', args=[turn_id])}rows/"
    context = {
        "page": page, "material": page.material, "figures": figure_lines(page.material, rows_of),
        "rates": rate_lines(page.material, rows_of), "told": [say_told(row, today) for row in page.material.follow_ups],
        "starts": say_moment(page.starts_at, at), "as_of": say_moment(page.material.as_of, at),
        "planned": say_moment(page.meeting.planned_at, at), "deputy": LEAVES.get(page.deputy_reason, ""),
        "talk_min": page.talk_s // 60, "comment_min": page.comment_s // 60, "most": LONGEST_WORDS,
        "error": say_error(error) if error else "", "may_run": bool(page.meeting.may_run(request.viewer)),
        "words": request.POST.get("words", "") if error else page.words,
    }  # fmt: skip
    return render(request, "web/reviews/turn.html", context, status=status_of(error) if error else 200)


@require_GET
@staff_only
@tells_errors
def show_rows(request: ViewerRequest, turn_id: UUID, figure: str) -> HttpResponse:
    """List the rows behind a number of the material: as many as it says."""
    at, viewer, start = timezone.now(), request.viewer, request.GET.get("from", "0")
    offset = int(start[:9]) if start.isdecimal() else 0
    meeting, turn, material, page = list_behind_material(
        viewer=viewer, turn_id=turn_id, figure=figure, at=at, offset=offset, limit=PAGE
    )
    names = {code: kind.name for code, kind in current_rulebooks(viewer.district_id).categories.items()}
    shown = case_lines([behind.row for behind in page.rows if behind.row], categories=names, at=at)
    lines = {line.id: line for line in shown}
    following = offset + len(page.rows)
    context = {
        "heading": {**FIGURES, **RATES}.get(figure, figure), "total": page.total, "area": turn.organisation,
        "rows": [(lines.get(behind.case_id), say_moment(behind.at, at) if behind.at else "") for behind in page.rows],
        "is_call_backs": figure in RATES, "has_period": True,
        "period": _("%(since)s to %(until)s") % {
            "since": say_day(material.since.astimezone(LOCAL).date(), timezone.localdate(at)),
            "until": say_moment(material.as_of, at),
        },
        "more_url": f"?from={following}" if following < page.total else "",
        "back": reverse("review_turn", args=[turn_id]), "back_words": meeting.title,
    }  # fmt: skip
    return render(request, "web/desk/cockpit_rows.html", context)


@require_POST
@staff_only
@tells_errors
def set_absent(request: ViewerRequest, turn_id: UUID) -> HttpResponseBase:
    """Note that nobody came, so that the organisation reports in addition next time; or take that back."""
    if request.POST.get("do") == "take_back":
        take_back_absence(by=request.viewer, turn_id=turn_id, at=timezone.now())
        messages.success(request, _("Taken back. The organisation reports in its turn."))
        return HttpResponseRedirect(reverse("review_turn", args=[turn_id]))
    carried = mark_absent(by=request.viewer, turn_id=turn_id, at=timezone.now())
    messages.success(
        request,
        _("Noted as absent. It reports in addition at the next session.") if carried
        else _("Noted as absent. No later session is planned yet, so the turn is owed."),
    )  # fmt: skip
    return HttpResponseRedirect(reverse("review_turn", args=[turn_id]))
