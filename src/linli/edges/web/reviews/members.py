"""Who can be drawn in a programme: organisations come and go, with the tickets of those they were merged from."""

import re
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_uuid
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.people.picking import Picked, as_id, pick_organisation
from linli.edges.words.errors import say_error
from linli.kernel.errors import Conflict, InvalidInput, LinliError, NotAllowed, NotFound
from linli.oversight.reviews.actions.programmes import add_member, remove_member
from linli.oversight.reviews.queries.programmes import get_programme

_BETWEEN = re.compile(r"[\s,，、;；]+")
_LONGEST = 400


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def show_members(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """Show who can be drawn to who runs the programme; let one in or out."""
    if not get_programme(viewer=request.viewer, programme_id=programme_id).may_run:
        raise NotAllowed("no_post_allows")
    if request.method == "GET":
        return _show(request, programme_id, Picked("organisation"))
    picked = Picked("organisation")
    try:
        if request.POST.get("do") == "remove":
            _remove(request, programme_id)
            messages.success(request, _("Taken off. Frozen lists keep it; it can be let in again."))
        else:
            picked = pick_organisation(
                request.POST, "organisation", district_id=request.viewer.district_id, on=timezone.localdate()
            )
            _add(request, programme_id, picked)
            messages.success(request, _("On the list of draws from today on."))
    except (InvalidInput, Conflict) as error:
        return _show(request, programme_id, picked, error)
    return HttpResponseRedirect(reverse("review_members", args=[programme_id]))


def _add(request: ViewerRequest, programme_id: UUID, picked: Picked) -> None:
    organisation = as_id(picked)
    if organisation is None:
        raise InvalidInput("organisation_unclear", field="organisation")
    merged = [word for word in _BETWEEN.split(request.POST.get("merged", "").strip()[:_LONGEST]) if word]
    add_member(programme_id=programme_id, organisation_id=organisation, stratum=request.POST.get("stratum", ""),
               merged_from=merged, by=request.viewer, source_ip=address_of(request), on=timezone.localdate(),
               at=timezone.now())  # fmt: skip


def _remove(request: ViewerRequest, programme_id: UUID) -> None:
    organisation = read_uuid(request.POST.get("member", ""))
    if organisation is None:
        raise NotFound("no_such_organisation")
    remove_member(programme_id=programme_id, organisation_id=organisation, by=request.viewer,
                  source_ip=address_of(request), on=timezone.localdate(), at=timezone.now())  # fmt: skip


def _show(request: ViewerRequest, programme_id: UUID, picked: Picked, error: LinliError | None = None) -> HttpResponse:
    page, sent = get_programme(viewer=request.viewer, programme_id=programme_id), request.POST
    context = {
        "page": page, "pick": picked, "stratum": sent.get("stratum", ""), "merged": sent.get("merged", ""),
        "strata": [(each, [row for row in page.members if row.stratum == each.id]) for each in page.rules.strata],
        "error": say_error(error) if error else "", "error_field": error.field if error else "",
    }  # fmt: skip
    return render(request, "web/reviews/members.html", context, status=status_of(error) if error else 200)
