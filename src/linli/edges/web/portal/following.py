"""Following a case by number and code, and saying how it went."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.cases.actions.merging import unmerge_case
from linli.cases.actions.parting import part_reporter
from linli.cases.actions.stepping import RESIDENT, Actor
from linli.cases.actions.telling_reporters import stop_news
from linli.cases.actions.verifying import Finding, verify_case
from linli.cases.choices import Satisfaction, VerifiedBy
from linli.cases.queries.public import code_of, followed_case, joined_case
from linli.cases.queries.telling import wants_news
from linli.edges.following import find_followed, find_opened
from linli.edges.request import ViewerRequest
from linli.edges.web.desk.telling import status_of
from linli.edges.web.portal.stations import portal_case
from linli.edges.words.errors import say_error
from linli.kernel.errors import LinliError, NotFound


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reporter filled in."""

    result: str = ""
    rating: str = ""
    comment: str = ""


def _sent(view: Callable[[ViewerRequest], HttpResponse]) -> Callable[[ViewerRequest], HttpResponse]:
    """Take what was sent; whoever only opens the address, as after changing the language, is asked for the code."""

    @never_cache
    @require_http_methods(["GET", "POST"])
    @wraps(view)
    def page(request: ViewerRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("follow")) if request.method == "GET" else view(request)

    return page


@never_cache
@require_http_methods(["GET", "POST"])
def follow_page(request: ViewerRequest) -> HttpResponse:
    """Ask for number and code, then show how far the case is."""
    number, code = request.POST.get("number", "").strip()[:20], request.POST.get("code", "").strip()[:12]
    if request.method == "GET":
        form = {"number": request.GET.get("number", "")[:20], "code": "", "to": request.GET.get("to", "")[:4]}
        return render(request, "web/portal/follow_find.html", {"form": form, "errors": {}})
    try:
        return _followed_page(request, number, code)
    except LinliError as error:
        context = {"form": {"number": number, "code": code, "to": ""}, "errors": {_field(error): say_error(error)}}
        return render(
            request, "web/portal/follow_find.html", context, status=404 if isinstance(error, NotFound) else 429
        )


@_sent
def verify_page(request: ViewerRequest) -> HttpResponse:
    """Take the reporter's answer: done or not, and how it was handled."""
    number, code = request.POST.get("number", "")[:20], request.POST.get("code", "")[:12]
    answer = Answer(request.POST.get("result", ""), request.POST.get("rating", ""), request.POST.get("comment", ""))
    errors = _errors(answer)
    try:
        if errors:
            return _followed_page(request, number, code, answer=answer, errors=errors, status=422)
        district_id, case_id = find_followed(request, number=number, code=code, at=timezone.now())
        finding = Finding(
            VerifiedBy.REPORTER,
            is_solved=answer.result == "solved",
            satisfaction=Satisfaction(answer.rating),
            comment=answer.comment.strip()[:500],
        )
        verify_case(
            district_id=district_id,
            case_id=case_id,
            finding=finding,
            version=None,
            by=Actor(kind=RESIDENT),
            at=timezone.now(),
        )
    except LinliError as error:
        return _said_no(request, error)
    notice = (
        _("Thank you. It goes one level up and is worked on again.")
        if finding.is_unhappy
        else _("Thank you. It will be closed out.")
    )
    return _followed_page(request, number, code, notice=notice)


@_sent
def part_page(request: ViewerRequest) -> HttpResponse:
    """Take the word of a reporter of a case merged or joined that theirs is not settled: it is a case of its own."""
    number, code = request.POST.get("number", "")[:20], request.POST.get("code", "")[:12]
    at = timezone.now()
    try:
        opens = find_opened(request, number=number, code=code, at=at)
        district_id, case_id, by = opens.district_id, opens.case_id, Actor(kind=RESIDENT)
        if opens.reporter_id is None:
            unmerge_case(district_id=district_id, case_id=case_id, version=None, by=by, at=at)
        else:
            part_reporter(district_id=district_id, case_id=case_id, reporter_id=opens.reporter_id, version=None, by=by,
                          at=at)  # fmt: skip
    except LinliError as error:
        return _said_no(request, error)
    return _followed_page(request, number, code, notice=_("Thank you. Your report is worked on by itself again."))


def _said_no(request: ViewerRequest, error: LinliError) -> HttpResponse:
    message = {
        "title": _("That did not work"),
        "text": say_error(error),
        "kind": "late",
        "action_url": reverse("follow"),
        "action_label": _("Look again"),
    }
    return render(request, "web/portal/message.html", {"message": message}, status=409)


@_sent
def stop_news_page(request: ViewerRequest) -> HttpResponse:
    """Tell the reporter no more by text message, after number and code."""
    number, code = request.POST.get("number", "")[:20], request.POST.get("code", "")[:12]
    try:
        opens = find_opened(request, number=number, code=code, at=timezone.now())
        stop_news(district_id=opens.district_id, case_id=opens.case_id, reporter_id=opens.reporter_id)
        return _followed_page(request, number, code, notice=_("No more text messages. Here you see how far it is."))
    except LinliError as error:
        context = {"form": {"number": number, "code": code, "to": ""}, "errors": {_field(error): say_error(error)}}
        return render(request, "web/portal/follow_find.html", context, status=status_of(error))


def _followed_page(
    request: ViewerRequest,
    number: str,
    code: str,
    *,
    answer: Answer | None = None,
    errors: dict[str, str] | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    opens = find_opened(request, number=number, code=code, at=at)
    district_id, case_id, reporter_id = opens.district_id, opens.case_id, opens.reporter_id
    if reporter_id is None:
        followed, own_code = followed_case(district_id=district_id, case_id=case_id, at=at), code_of(case_id)
    else:
        followed = joined_case(district_id=district_id, case_id=case_id, reporter_id=reporter_id, at=at)
        own_code = code.strip()
    case = portal_case(followed, at=at, verify_url=reverse("follow_verify"), code=own_code)
    ratings = [
        (Satisfaction.SATISFIED.value, _("Satisfied")),
        (Satisfaction.BASICALLY.value, _("Acceptable")),
        (Satisfaction.DISSATISFIED.value, _("Not satisfied")),
    ]
    has_news = wants_news(district_id=district_id, case_id=case_id, reporter_id=reporter_id)
    context = {
        "case": case,
        "has_news": has_news,
        "ratings": ratings,
        "errors": errors or {},
        "answer": answer or Answer(),
        "notice": notice,
    }
    return render(request, "web/portal/follow.html", context, status=status)


def _errors(answer: Answer) -> dict[str, str]:
    errors: dict[str, str] = {}
    if answer.result not in {"solved", "unsolved"}:
        errors["result"] = _("Please say whether it is done.")
    if answer.rating not in {Satisfaction.SATISFIED, Satisfaction.BASICALLY, Satisfaction.DISSATISFIED}:
        errors["rating"] = _("Please say how it was handled.")
    return errors


def _field(error: LinliError) -> str:
    return "number" if isinstance(error, NotFound) else "send"
