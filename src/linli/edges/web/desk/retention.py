"""What is past its declared time and what the last nights wiped, for the auditor."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.personal_data import TERMS, say_days
from linli.edges.words.times import say_moment
from linli.oversight.privacy.queries.retention import RunRow, retention_for


@require_GET
@staff_only
@tells_errors
def show_retention(request: ViewerRequest) -> HttpResponse:
    """Show the terms and the last nights. 8 queries beside the frame's."""
    at = timezone.now()
    terms, runs = retention_for(viewer=request.viewer, at=at)
    context = {
        "terms": [(TERMS[row.code], say_days(row.days), row.past_due) for row in terms],
        "runs": [(say_moment(run.at, at), run.at, _said(run), run.is_proven, run.left) for run in runs],
    }
    return render(request, "web/desk/retention.html", context)


def _said(run: RunRow) -> str:
    parts = [f"{TERMS[code]} {count}" for code, count in run.wiped.items() if count and code in TERMS]
    return _(", ").join(parts) or _("nothing was past its time")
