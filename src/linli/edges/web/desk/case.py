"""The page of a case and the steps taken on it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.cases.actions.merging import merge_case, unmerge_case
from linli.cases.actions.parting import part_reporter
from linli.cases.actions.priorities import override_priority
from linli.cases.actions.stepping import Actor, Step, take_step
from linli.cases.actions.unmasking import Unmasked, unmask_case
from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.choices import Action, Satisfaction, VerifiedBy
from linli.cases.queries.detail import find_case_id, get_case
from linli.edges.callers import address_of, caller_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_day, read_number, read_uuid, read_uuids
from linli.edges.web.desk.beside import DEEDS, do_beside
from linli.edges.web.desk.case_page import CasePage, case_page, newest_step
from linli.edges.web.desk.recipients import find_recipients, read_recipient
from linli.edges.web.desk.steps import Typed
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.cases import say_deed
from linli.edges.words.errors import say_error
from linli.kernel.errors import InvalidInput, LinliError, NotFound, PreconditionFailed
from linli.registry.people.choices import Verb
from linli.registry.people.rules import may_somewhere
from linli.support.files.actions import store_file

Take = Callable[[ViewerRequest, UUID, tuple[UUID, ...], datetime], object]
LONGEST_SEARCH = 40
# What was found and what is decided have to be said: these steps have addresses of their own, which ask for it.
_OWN_FORMS = {Action.VERIFY, Action.OVERRIDE}


@require_GET
@staff_only
@tells_errors
def show_case(request: ViewerRequest, case_id: UUID) -> HttpResponse:
    """Show a case: the pane beside the list, or a page of its own."""
    at = timezone.now()
    return _render(request, _page(request, case_id, at=at), said="")


@require_POST
@staff_only
@tells_errors
def take(request: ViewerRequest, case_id: UUID, action: str) -> HttpResponse:
    """Take a step of the table that needs no more than the usual form."""
    if action not in set(Action) - _OWN_FORMS:
        raise NotFound("no_such_step")
    return _try(request, case_id, action, _take_step)


@require_POST
@staff_only
@tells_errors
def verify(request: ViewerRequest, case_id: UUID) -> HttpResponse:
    """Write down what a call or a visit found."""
    return _try(request, case_id, Action.VERIFY, _verify)


@require_POST
@staff_only
@tells_errors
def set_priority(request: ViewerRequest, case_id: UUID) -> HttpResponse:
    """Set the priority by hand, with the reason."""
    return _try(request, case_id, Action.OVERRIDE, _override)


@require_POST
@staff_only
@tells_errors
def merge(request: ViewerRequest, case_id: UUID) -> HttpResponse:
    """Merge a case into another one, named by its number."""
    return _try(request, case_id, Action.MERGE, _merge)


@require_POST
@staff_only
@tells_errors
def unmerge(request: ViewerRequest, case_id: UUID) -> HttpResponse:
    """Take a case out again; asked from the leading one's page, that one is shown afterwards."""
    return _try(request, case_id, Action.UNMERGE, _unmerge)


@require_POST
@staff_only
@tells_errors
def part(request: ViewerRequest, case_id: UUID) -> HttpResponse:
    """Make a case of its own of what somebody who joined had reported."""
    return _try(request, case_id, Action.UNMERGE, _part)


@require_POST
@staff_only
@tells_errors
def take_beside(request: ViewerRequest, case_id: UUID, action: str) -> HttpResponse:
    """Dispute a case, whistle for others, or answer one of these."""
    if action not in DEEDS:
        raise NotFound("no_such_step")
    return _try(request, case_id, action, lambda asked, of, _files, at: do_beside(asked, of, action, at))


@never_cache
@require_POST
@staff_only
@tells_errors
def show_contacts(request: ViewerRequest, case_id: UUID) -> HttpResponse:
    """Show the reporters' contacts and the door in clear, once, for a reason that is written down."""
    at = timezone.now()
    try:
        told = unmask_case(
            district_id=request.viewer.district_id, case_id=case_id, reason=request.POST.get("reason", ""),
            by=request.viewer, source_ip=address_of(request), at=at,
        )  # fmt: skip
    except InvalidInput as error:
        page = _page(request, case_id, at=at)
        return _render(request, page, said="", contact_error=say_error(error), status=status_of(error))
    return _render(request, _page(request, case_id, at=at), said="", told=told)


@require_GET
@staff_only
@tells_errors
def show_recipients(request: ViewerRequest) -> HttpResponse:
    """Give the options of "to whom" that fit what was typed."""
    viewer = request.viewer
    may_somewhere(viewer, Verb.SEE_CASES).require()
    groups = find_recipients(
        request.GET.get("to_q", "").strip()[:LONGEST_SEARCH], district_id=viewer.district_id,
        within=[viewer.district_id], on=timezone.localdate(),
    )  # fmt: skip
    return render(request, "web/desk/recipient_options.html", {"groups": groups, "chosen": ""})


def _try(request: ViewerRequest, case_id: UUID, action: str, act: Take) -> HttpResponse:
    """Take a step; where it can't be taken, show the case as it is now with what was typed still there."""
    at = timezone.now()
    file_ids: tuple[UUID, ...] = read_uuids(request.POST.getlist("file_ids"))
    try:
        file_ids += _store_photos(request, at)
        act(request, case_id, file_ids, at)
    except LinliError as error:
        if isinstance(error, NotFound):
            raise
        return _say_refused(request, case_id, action, error, file_ids, at)
    said = _("Done: %(deed)s.") % {"deed": say_deed(action)}
    if request.headers.get("HX-Request"):
        response = _render(request, _page(request, case_id, at=at), said=said)
        response["HX-Trigger"] = "linli:stepped"
        return response
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk_case", args=[case_id]))


def _say_refused(
    request: ViewerRequest, case_id: UUID, action: str, error: LinliError, file_ids: tuple[UUID, ...], at: datetime
) -> HttpResponse:
    words = say_error(error)
    typed = Typed(action, request.POST, words, error.field, tuple(str(file_id) for file_id in file_ids))
    page = _page(request, case_id, typed=typed, at=at)
    newest = newest_step(page.detail, at) if isinstance(error, PreconditionFailed) else ""
    kept = request.POST.get("note", "")
    return _render(request, page, said="", refused=words, newest=newest, kept=kept, status=status_of(error))


def _page(request: ViewerRequest, case_id: UUID, *, at: datetime, typed: Typed | None = None) -> CasePage:
    return case_page(request.viewer, get_case(viewer=request.viewer, case_id=case_id, at=at), typed=typed, at=at)


def _render(
    request: ViewerRequest, page: CasePage, *, said: str, refused: str = "", newest: str = "", kept: str = "",
    told: Unmasked | None = None, contact_error: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    is_part = bool(request.headers.get("HX-Request"))
    context = {
        "page": page, "case": page.detail, "row": page.detail.row, "said": said, "refused": refused, "newest": newest,
        "kept": kept, "told": told, "contact_error": contact_error, "is_part": is_part,
        "merge_number": request.POST.get("number", "")[:20],
    }  # fmt: skip
    return render(request, "web/desk/case_part.html" if is_part else "web/desk/case.html", context, status=status)


def _actor(request: ViewerRequest) -> Actor:
    return Actor(viewer=request.viewer, caller=caller_of(request, ""))


def _version(request: ViewerRequest) -> int:
    """Read which version of the case was looked at; one that is missing fits none."""
    return read_number(request.POST.get("version", ""))


def _store_photos(request: ViewerRequest, at: datetime) -> tuple[UUID, ...]:
    return tuple(
        store_file(district_id=request.viewer.district_id, file=photo.file, claimed_name=photo.name or "",
                   by=caller_of(request, ""), at=at).id
        for photo in request.FILES.getlist("photos") if photo.file is not None
    )  # fmt: skip


def _take_step(request: ViewerRequest, case_id: UUID, file_ids: tuple[UUID, ...], at: datetime) -> object:
    sent = request.POST
    to_post, to_organisation = read_recipient(sent.get("to", ""))
    step = Step(
        action=Action(request.resolver_match.kwargs["action"] if request.resolver_match else ""),
        version=_version(request), reason=sent.get("reason", ""), note=sent.get("note", ""), to_post=to_post,
        to_organisation=to_organisation, review_on=read_day(sent.get("review_on", "")), file_ids=file_ids,
    )  # fmt: skip
    return take_step(
        district_id=request.viewer.district_id, case_id=case_id, step=step, by=_actor(request), at=at
    )  # fmt: skip


def _verify(request: ViewerRequest, case_id: UUID, file_ids: tuple[UUID, ...], at: datetime) -> object:
    del file_ids  # a verification carries no photos
    sent = request.POST
    was_reached = sent.get("was_reached") == "yes"
    satisfaction = sent.get("satisfaction", "")
    finding = Finding(
        method=VerifiedBy.VISIT if sent.get("method") == "visit" else VerifiedBy.CALL, was_reached=was_reached,
        was_contacted=sent.get("was_contacted") == "yes", is_solved=sent.get("is_solved") == "yes",
        satisfaction=Satisfaction(satisfaction) if satisfaction in set(Satisfaction) and was_reached
        else Satisfaction.UNKNOWN, comment=sent.get("note", ""),
    )  # fmt: skip
    return verify_case(district_id=request.viewer.district_id, case_id=case_id, finding=finding,
                       version=_version(request), by=_actor(request), at=at)  # fmt: skip


def _merge(request: ViewerRequest, case_id: UUID, file_ids: tuple[UUID, ...], at: datetime) -> object:
    del file_ids  # photos stay with the case that they came with
    viewer, number = request.viewer, request.POST.get("number", "").strip()[:20]
    leading_id = find_case_id(viewer=viewer, number=number)
    if leading_id is None:
        raise InvalidInput("no_such_leading_case", field="number")
    return merge_case(district_id=viewer.district_id, case_id=case_id, leading_id=leading_id,
                      version=_version(request), by=_actor(request), at=at)  # fmt: skip


def _unmerge(request: ViewerRequest, case_id: UUID, file_ids: tuple[UUID, ...], at: datetime) -> object:
    del file_ids
    return unmerge_case(district_id=request.viewer.district_id, case_id=case_id, version=_version(request),
                        by=_actor(request), at=at)  # fmt: skip


def _part(request: ViewerRequest, case_id: UUID, file_ids: tuple[UUID, ...], at: datetime) -> object:
    del file_ids  # those they had sent go along by themselves
    reporter_id = read_uuid(request.POST.get("reporter", ""))
    if reporter_id is None:
        raise InvalidInput("not_joined")
    return part_reporter(district_id=request.viewer.district_id, case_id=case_id, reporter_id=reporter_id,
                         version=_version(request), by=_actor(request), at=at)  # fmt: skip


def _override(request: ViewerRequest, case_id: UUID, file_ids: tuple[UUID, ...], at: datetime) -> object:
    del file_ids  # a priority carries no photos
    return override_priority(
        district_id=request.viewer.district_id, case_id=case_id, level=read_number(request.POST.get("level", "")),
        note=request.POST.get("note", ""), version=_version(request), by=_actor(request), at=at,
    )  # fmt: skip
