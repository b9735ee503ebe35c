"""Taking a change of the tree back: what that would do and what stands on it, then once more to confirm."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.cases.actions.area_changes import take_back_area_change
from linli.cases.queries.area_changes import look_at_undoing
from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.areas import BACK, DONE
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_day
from linli.kernel.errors import Conflict, InvalidInput
from linli.registry.territory.choices import ChangePart
from linli.registry.territory.queries import MadeChange

_SHOWN = 40


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def take_back(request: ViewerRequest, change_id: UUID) -> HttpResponse:
    """Show what taking a change back would do; confirmed, do it."""
    at, error = timezone.now(), None
    reason = request.POST.get("reason", "")
    if request.method == "POST":
        try:
            change = take_back_area_change(change_id=change_id, reason=reason, by=request.viewer,
                                           source_ip=address_of(request), at=at)  # fmt: skip
        except (Conflict, InvalidInput) as refusal:
            error = refusal
        else:
            messages.success(request, _("Taken back. It is as it was before."))
            return HttpResponseRedirect(_page_of(change))
    look = look_at_undoing(viewer=request.viewer, change_id=change_id)
    change, today = look.people.change, timezone.localdate(at)
    areas = sorted(change.areas, key=lambda area: area.path)
    refusals = [say_error(stand.as_error()) for stand in look.stands]
    try:
        change.require_time(at)
    except Conflict as too_late:
        refusals.append(say_error(too_late))
    context = {
        "title": DONE[change.kind], "day": say_day(change.on, today), "why": change.reason, "reason": reason,
        "areas": [(area.name, area.code, BACK[area.part], area.name_before) for area in areas[:_SHOWN]],
        "more": max(0, len(areas) - _SHOWN), "posts": look.people.posts, "refusals": refusals,
        "error": say_error(error) if error and not refusals else "", "to": _page_of(change), "id": change.id,
    }  # fmt: skip
    return render(request, "web/areas/area_take_back.html", context, status=status_of(error) if error else 200)


def _page_of(change: MadeChange) -> str:
    """Give the page of an area of the change that is there before it and afterwards, or else of the one above."""
    stays = [area for area in change.areas if area.part is not ChangePart.BEGUN]
    if not stays:
        return reverse("area", args=[change.areas[0].path.split("/")[-2]])
    kept = [area for area in stays if area.part is ChangePart.KEPT]
    return reverse("area", args=[min(kept or stays, key=lambda area: (len(area.path), area.path)).code])
