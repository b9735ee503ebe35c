"""One step on several cases: each by itself, each told how it went."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.cases.actions.stepping import Actor, Step, take_step
from linli.cases.choices import Action
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.cases.queries.rows import CaseRow
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.callers import caller_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_day, read_number, read_uuid
from linli.edges.web.desk.recipients import departments, find_recipients, read_recipient
from linli.edges.web.desk.registers import export_cases
from linli.edges.web.desk.steps import in_a_week, last_review_day
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.cases import say_deed, say_reason, say_verb
from linli.edges.words.errors import say_error
from linli.kernel.errors import InvalidInput, LinliError
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer

MOST = 50
EXPORT = "export"
_ACTIONS = {"accept": Action.ACCEPT, "close": Action.CLOSE, "dispatch": Action.DISPATCH, "suspend": Action.SUSPEND}


@dataclass(frozen=True, slots=True)
class Ticked:
    """A case that was ticked, and which version of it was looked at."""

    case_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went with one case. words: why not, "" if it went well."""

    url: str
    title: str
    number: str
    is_done: bool
    words: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that can be chosen."""

    code: str
    label: str


@require_POST
@staff_only
@tells_errors
def take_batch(request: ViewerRequest) -> HttpResponseBase:
    """Take a step on every case that was ticked, or write them out; what a step has to be told is asked first."""
    at, do = timezone.now(), request.POST.get("do", "")
    ticked = _read_ticked(request.POST.getlist("ids"))
    if do not in _ACTIONS and do != EXPORT:
        raise InvalidInput("no_such_step", field="do")
    if not ticked:
        return HttpResponseRedirect(_back(request))
    if do == EXPORT:
        return export_cases(request, tuple(one.case_id for one in ticked), at)
    rows = _rows(request.viewer, ticked, at)
    step = _read_step(request, _ACTIONS[do])
    if step.action == Action.DISPATCH and not (step.to_post or step.to_organisation):
        return _ask_to_whom(request, rows, ticked, at)
    if step.action == Action.SUSPEND and not (step.reason and step.review_on):
        return _ask_until_when(request, rows, ticked, at)
    outcomes = [_take(request, rows.get(one.case_id), one, step, at) for one in ticked]
    done = sum(outcome.is_done for outcome in outcomes)
    context = {"outcomes": outcomes, "done": done, "failed": len(outcomes) - done, "deed": say_deed(step.action),
               "verb": say_verb(step.action), "back": _back(request)}  # fmt: skip
    return render(request, "web/desk/batch_done.html", context)


def _read_step(request: ViewerRequest, action: Action) -> Step:
    """Read what was said for all cases; what the step does not ask for is left out."""
    said, step = request.POST, Step(action=action, note=request.POST.get("note", ""))
    if action == Action.DISPATCH:
        to_post, to_organisation = read_recipient(said.get("to", ""))
        return replace(step, to_post=to_post, to_organisation=to_organisation)
    if action == Action.SUSPEND:
        return replace(step, reason=said.get("reason", ""), review_on=_read_day(said.get("review_on", "")))
    return step


def _read_day(text: str) -> date | None:
    """Read a day; None for what is none, which asks again."""
    try:
        return read_day(text)
    except InvalidInput:
        return None


def _take(request: ViewerRequest, row: CaseRow | None, one: Ticked, step: Step, at: datetime) -> Outcome:
    url = reverse("desk_case", args=[one.case_id])
    title, number = (row.title, row.number) if row else (_("A case that is not within your reach"), "")
    try:
        take_step(district_id=request.viewer.district_id, case_id=one.case_id, step=replace(step, version=one.version),
                  by=Actor(viewer=request.viewer, caller=caller_of(request, "")), at=at)  # fmt: skip
    except LinliError as error:
        return Outcome(url, title, number, is_done=False, words=say_error(error))
    return Outcome(url, title, number, is_done=True, words="")


def _ask_to_whom(request: ViewerRequest, rows: dict[UUID, CaseRow], ticked: list[Ticked], at: datetime) -> HttpResponse:
    viewer, on = request.viewer, timezone.localdate(at)
    text = request.POST.get("to_q", "").strip()
    paths = [post.area_path for post in viewer.posts_with(Verb.DISPATCH)]
    found = find_recipients(text, district_id=viewer.district_id, within=paths, on=on) if text else []
    context = _asking(request, rows, ticked) | {
        "groups": found or departments(viewer.district_id, on=on),
        "to_q": text,
        "is_found": bool(found) or not text,
    }
    return render(request, "web/desk/batch_to.html", context)


def _ask_until_when(
    request: ViewerRequest, rows: dict[UUID, CaseRow], ticked: list[Ticked], at: datetime
) -> HttpResponse:
    books = current_rulebooks(request.viewer.district_id)
    codes = {code: None for row in books.workflow.transitions if row.action == Action.SUSPEND for code in row.reasons}
    context = _asking(request, rows, ticked) | {
        "reasons": [Reason(code, say_reason(code)) for code in codes],
        "reason": request.POST.get("reason", ""),
        "review_on": request.POST.get("review_on", "") or in_a_week(at),
        "last_review_day": last_review_day(books, at),
    }
    return render(request, "web/desk/batch_hold.html", context)


def _asking(request: ViewerRequest, rows: dict[UUID, CaseRow], ticked: list[Ticked]) -> dict[str, object]:
    """Give what a page that asks first carries along. is_asked: whether it asked before."""
    return {
        "rows": [rows[one.case_id] for one in ticked if one.case_id in rows],
        "ids": [f"{one.case_id}:{one.version}" for one in ticked],
        "note": request.POST.get("note", ""),
        "back": _back(request),
        "is_asked": "asked" in request.POST,
    }


def _rows(viewer: Viewer, ticked: list[Ticked], at: datetime) -> dict[UUID, CaseRow]:
    """Read the ticked cases that the viewer may see. 1 query."""
    wanted = CaseFilter(ids=tuple(one.case_id for one in ticked))
    return {row.id: row for row in list_cases(viewer=viewer, wanted=wanted, at=at, limit=MOST).rows}


def _read_ticked(texts: Iterable[str]) -> list[Ticked]:
    found: dict[UUID, Ticked] = {}
    for text in texts:
        case_id, _colon, version = text.partition(":")
        read = read_uuid(case_id)
        if read is not None and version.isdecimal():
            found[read] = Ticked(read, read_number(version))
    return list(found.values())[:MOST]


def _back(request: ViewerRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()},
                                              require_https=request.is_secure())  # fmt: skip
    return wanted if is_ours else reverse("desk")
