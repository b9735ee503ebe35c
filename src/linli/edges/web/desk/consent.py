"""The text that residents agree to who leave a name or a number: its versions, and a new one."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_moment
from linli.kernel.errors import LinliError
from linli.oversight.privacy.actions.answer_time import set_answer_time
from linli.oversight.privacy.actions.consent import MOST, publish_consent
from linli.oversight.privacy.choices import MOST_WORK_DAYS
from linli.oversight.privacy.queries.answer_time import answer_work_days
from linli.oversight.privacy.queries.consent import list_consents
from linli.oversight.privacy.rules import may_publish_consent

LONGEST_COUNT = 4


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def edit_consent(request: ViewerRequest) -> HttpResponseBase:
    """Show the versions and take a new one."""
    viewer, at, error = request.viewer, timezone.now(), None
    may_publish_consent(viewer).require()
    if request.method == "POST":
        try:
            _publish(request)
        except LinliError as refused:
            error = refused
        else:
            messages.success(request, _("In force from now on. What was agreed to before stays agreed to."))
            return HttpResponseRedirect(reverse("consent_edit"))
    versions = list_consents(viewer.district_id)
    context = {
        "versions": [(row, say_moment(row.made_at, at) if row.made_at else "") for row in versions],
        "newest": versions[0], "text": request.POST.get("text", versions[0].text), "most": MOST,
        "work_days": answer_work_days(viewer.district_id), "most_days": MOST_WORK_DAYS,
        "error": say_error(error) if error else "",
    }  # fmt: skip
    page: HttpResponse = render(
        request, "web/desk/consent.html", context, status=status_of(error) if error else 200
    )  # fmt: skip
    return page


@require_POST
@staff_only
@tells_errors
def set_days(request: ViewerRequest) -> HttpResponseBase:
    """Take within how many working days requests about personal data are answered."""
    days = request.POST.get("work_days", "").strip()
    set_answer_time(
        viewer=request.viewer, work_days=int(days) if days.isdecimal() and len(days) < LONGEST_COUNT else 0,
        source_ip=address_of(request), at=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Counts for requests from now on. What waits keeps its day."))
    return HttpResponseRedirect(reverse("consent_edit"))


def _publish(request: ViewerRequest) -> None:
    based_on = request.POST.get("based_on", "")
    publish_consent(
        viewer=request.viewer, text=request.POST.get("text", ""), based_on=int(based_on) if based_on.isdecimal() else 0,
        source_ip=address_of(request), at=timezone.now(),
    )  # fmt: skip
