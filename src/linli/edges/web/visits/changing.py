"""Changing the sets of visits that were planned, each change with its reason."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.errors import say_error
from linli.kernel.errors import InvalidInput
from linli.programmes.visits.actions.changing import SetChange, change_set, draw_again, move_target


@require_POST
@staff_only
@tells_errors
def change(request: ViewerRequest, campaign_id: UUID, set_id: UUID) -> HttpResponse:
    """Keep what was changed of a set, or draw it again from the registry."""
    sent, by, at = request.POST, request.viewer, timezone.now()
    try:
        if sent.get("do") == "draw":
            done = draw_again(set_id=set_id, why=sent.get("why", ""), by=by, at=at)
            messages.success(request, _("Drawn again: %(added)d added, %(changed)d changed, %(out)d taken out.") % {
                "added": done.added, "changed": done.changed, "out": done.taken_out,
            })  # fmt: skip
        else:
            goal = sent.get("goal_percent", "")
            told = SetChange(sent.get("name", ""), int(goal) if goal.isdecimal() else -1, tuple(sent.getlist("roles")))
            change_set(set_id=set_id, change=told, by=by, at=at)
            messages.success(request, _("Kept."))
    except InvalidInput as error:
        messages.error(request, say_error(error))
    return HttpResponseRedirect(reverse("visits_campaign", args=[campaign_id]))


@require_POST
@staff_only
@tells_errors
def move(request: ViewerRequest, campaign_id: UUID, target_id: UUID) -> HttpResponse:
    """Take a target out, or put it back."""
    try:
        is_out = request.POST.get("out") == "1"
        move_target(target_id=target_id, is_out=is_out, why=request.POST.get("why", ""), by=request.viewer,
                    at=timezone.now())  # fmt: skip
        messages.success(request, _("Kept."))
    except InvalidInput as error:
        messages.error(request, say_error(error))
    return HttpResponseRedirect(reverse("visits_target", args=[campaign_id, target_id]))
