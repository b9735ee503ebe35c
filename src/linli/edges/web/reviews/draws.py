"""A draw's page at the desk: the list, excused ones, the check code, the throw typed by two, the result, voids."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.people.picking import Picked, as_id, pick_person
from linli.edges.web.reviews.draw_words import groups_of, picture_of, say_excuse
from linli.edges.web.verifying import draw_program_sha256
from linli.edges.words.errors import say_error
from linli.edges.words.reviews import DRAW_STATES, EXCUSES, LEAVES, OCCASIONS, STRIKES, VOIDS
from linli.edges.words.times import say_moment
from linli.kernel.errors import InvalidInput, LinliError
from linli.oversight.reviews.actions.drawing import (
    commit_draw,
    excuse_organisation,
    lock_throw,
    reveal_draw,
    sign_strike,
    sign_void,
    take_back_excuse,
    type_throw,
)
from linli.oversight.reviews.actions.leaves import Stand, approve_leave, take_back_leave
from linli.oversight.reviews.actions.qualifying import say_who_may
from linli.oversight.reviews.choices import ExcuseReason, LeaveReason, StrikeReason, VoidReason
from linli.oversight.reviews.queries.draws import DrawPage, find_member, get_draw

_Step = Callable[[ViewerRequest, UUID, QueryDict], str]
_Choice = TypeVar("_Choice", ExcuseReason, LeaveReason, VoidReason, StrikeReason)


@require_GET
@staff_only
@tells_errors
def show_draw(request: ViewerRequest, draw_id: UUID) -> HttpResponse:
    """Show a draw and, to who runs it, the step it waits for."""
    return _show(request, get_draw(viewer=request.viewer, draw_id=draw_id))


@require_POST
@staff_only
@tells_errors
def take_draw_step(request: ViewerRequest, draw_id: UUID, action: str) -> HttpResponse:
    """Take a step of a draw; what went wrong is said on the page."""
    if action not in _STEPS:
        raise Http404
    try:
        said = _STEPS[action](request, draw_id, request.POST)
    except LinliError as error:
        return _show(request, get_draw(viewer=request.viewer, draw_id=draw_id), error)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("review_draw", args=[draw_id]))


def _show(request: ViewerRequest, page: DrawPage, error: LinliError | None = None) -> HttpResponse:
    context = {
        "page": page, "state": str(DRAW_STATES[page.state]), "occasion": str(OCCASIONS[page.occasion]),
        "strata": [(part, [(row, say_excuse(row.excused), LEAVES.get(row.deputy, "")) for row in part.pool])
                   for part in page.strata],
        "leaves": [(row, LEAVES.get(row.reason, "")) for row in page.leaves], "leave_reasons": LEAVES.items(),
        "pick": _deputy(request), "is_leave": "deputy" in request.POST,
        "hash_groups": groups_of(page.commit_hash), "record_groups": groups_of(page.record_id),
        "sm3_groups": groups_of(page.commit_sm3),
        "picture": picture_of(f"{page.code} {page.commit_hash}") if page.commit_hash else "",
        "committed": say_moment(page.committed_at, timezone.now()) if page.committed_at else "",
        "is_confirmed": bool(page.throws) and all(throw.value for throw in page.throws),
        "excuses": EXCUSES.items(), "voids": VOIDS.items(), "strikes": STRIKES.items(),
        "sha256": draw_program_sha256(),
        "error": say_error(error) if error else "", "sent": request.POST,
    }  # fmt: skip
    return render(request, "web/reviews/draw.html", context, status=status_of(error) if error else 200)


def _excuse(request: ViewerRequest, draw_id: UUID, sent: QueryDict) -> str:
    member = find_member(viewer=request.viewer, draw_id=draw_id, code=sent.get("organisation", ""))
    excuse_organisation(
        draw_id=draw_id, organisation_id=member, reason=_chosen(ExcuseReason, sent, "reason"),
        approver=sent.get("approver", ""), by=request.viewer, source_ip=address_of(request), at=timezone.now(),
    )  # fmt: skip
    return _("Kept.")


def _take_back(request: ViewerRequest, draw_id: UUID, sent: QueryDict) -> str:
    member = find_member(viewer=request.viewer, draw_id=draw_id, code=sent.get("organisation", ""))
    take_back_excuse(draw_id=draw_id, organisation_id=member, by=request.viewer, source_ip=address_of(request),
                     at=timezone.now())  # fmt: skip
    return _("Taken back. It has tickets in this draw again.")


def _leave(request: ViewerRequest, draw_id: UUID, sent: QueryDict) -> str:
    member = find_member(viewer=request.viewer, draw_id=draw_id, code=sent.get("organisation", ""))
    deputy = as_id(_deputy(request))
    if deputy is None:
        raise InvalidInput("deputy_unclear", field="deputy")
    stand = Stand(deputy, _chosen(LeaveReason, sent, "reason"), sent.get("approver", ""))
    approve_leave(draw_id=draw_id, organisation_id=member, stand=stand, by=request.viewer,
                  source_ip=address_of(request), at=timezone.now())  # fmt: skip
    return _("Kept. It can be taken back until the list is frozen.")


def _back_from_leave(request: ViewerRequest, draw_id: UUID, sent: QueryDict) -> str:
    member = find_member(viewer=request.viewer, draw_id=draw_id, code=sent.get("organisation", ""))
    take_back_leave(draw_id=draw_id, organisation_id=member, by=request.viewer, source_ip=address_of(request),
                    at=timezone.now())  # fmt: skip
    return _("Taken back. The secretary reports if drawn.")


def _deputy(request: ViewerRequest) -> Picked:
    """Read who stands in, of those who serve today; empty where nobody was asked for."""
    if "deputy" not in request.POST:
        return Picked("deputy")
    return pick_person(request.POST, "deputy", district_id=request.viewer.district_id, on=timezone.localdate())


def _say_who_may(request: ViewerRequest, draw_id: UUID, sent: QueryDict) -> str:
    count = say_who_may(draw_id=draw_id, codes=sent.getlist("may"), by=request.viewer, source_ip=address_of(request),
                        at=timezone.now())  # fmt: skip
    return ngettext("Kept: %(count)s may be drawn.", "Kept: %(count)s may be drawn.", count) % {"count": count}


def _commit(request: ViewerRequest, draw_id: UUID, _sent: QueryDict) -> str:
    commit_draw(draw_id=draw_id, by=request.viewer, source_ip=address_of(request), at=timezone.now())
    return _("The list is frozen. Make the check code public now.")


def _throw(request: ViewerRequest, draw_id: UUID, sent: QueryDict) -> str:
    are_alike = type_throw(draw_id=draw_id, item=sent.get("item", ""), value=sent.get("value", ""), by=request.viewer,
                           at=timezone.now())  # fmt: skip
    return _("Two people typed the same.") if are_alike else _("Kept. Now somebody else types it.")


def _lock(request: ViewerRequest, draw_id: UUID, _sent: QueryDict) -> str:
    lock_throw(draw_id=draw_id, by=request.viewer, source_ip=address_of(request), at=timezone.now())
    return _("The throw is closed; nothing can be typed any more.")


def _reveal(request: ViewerRequest, draw_id: UUID, sent: QueryDict) -> str:
    reveal_draw(draw_id=draw_id, by=request.viewer, source_ip=address_of(request), at=timezone.now(),
                without_secret="without" in sent)  # fmt: skip
    return _("Drawn. The record is public and the screen shows the names.")


def _void(request: ViewerRequest, draw_id: UUID, sent: QueryDict) -> str:
    new = sign_void(draw_id=draw_id, code=_chosen(VoidReason, sent, "reason"), by=request.viewer,
                    source_ip=address_of(request), at=timezone.now())  # fmt: skip
    return (
        _("The draw is void; another takes its place.") if new else _("Signed. A second person has to sign the same.")
    )


def _strike(request: ViewerRequest, draw_id: UUID, sent: QueryDict) -> str:
    done = sign_strike(
        draw_id=draw_id, organisation_code=sent.get("organisation", ""), reason=_chosen(StrikeReason, sent, "reason"),
        by=request.viewer, source_ip=address_of(request), at=timezone.now(),
    )  # fmt: skip
    return _("Taken off; the next in rank moved up.") if done else _("Signed. A second person has to sign the same.")


def _chosen(kind: type[_Choice], sent: QueryDict, name: str) -> _Choice:
    try:
        return kind(sent.get(name, ""))
    except ValueError:
        raise InvalidInput("reason_missing", field=name) from None


_STEPS: dict[str, _Step] = {
    "excuse": _excuse, "take-back": _take_back, "leave": _leave,
    "leave-back": _back_from_leave, "who-may": _say_who_may, "commit": _commit, "throw": _throw, "lock": _lock,
    "reveal": _reveal, "void": _void, "strike": _strike,
}  # fmt: skip
