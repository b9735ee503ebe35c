"""One step on several cases: each by itself, each told how it went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
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
from linli.edges.callers import caller_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_uuid
from linli.edges.web.desk.recipients import departments, find_recipients, read_recipient
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.cases import say_deed, say_verb
from linli.edges.words.errors import say_error
from linli.kernel.errors import InvalidInput, LinliError
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer

MOST = 50
_ACTIONS = {"accept": Action.ACCEPT, "close": Action.CLOSE, "dispatch": Action.DISPATCH}


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


@require_POST
@staff_only
@tells_errors
def take_batch(request: ViewerRequest) -> HttpResponse:
    """Take a step on every case that was ticked; dispatching asks first to whom."""
    at = timezone.now()
    action = _ACTIONS.get(request.POST.get("do", ""))
    if action is None:
        raise InvalidInput("no_such_step", field="do")
    ticked = _read_ticked(request.POST.getlist("ids"))
    if not ticked:
        return HttpResponseRedirect(_back(request))
    rows = _rows(request.viewer, ticked, at)
    to_post, to_organisation = read_recipient(request.POST.get("to", ""))
    if action == Action.DISPATCH and not (to_post or to_organisation):
        return _ask_to_whom(request, rows, ticked, at)
    step = Step(action=action, note=request.POST.get("note", ""), to_post=to_post, to_organisation=to_organisation)
    outcomes = [_take(request, rows.get(one.case_id), one, step, at) for one in ticked]
    done = sum(outcome.is_done for outcome in outcomes)
    context = {"outcomes": outcomes, "done": done, "failed": len(outcomes) - done, "deed": say_deed(action),
               "verb": say_verb(action), "back": _back(request)}  # fmt: skip
    return render(request, "web/desk/batch_done.html", context)


def _take(request: ViewerRequest, row: CaseRow | None, one: Ticked, step: Step, at: datetime) -> Outcome:
    url = reverse("desk_case", args=[one.case_id])
    title, number = (row.title, row.number) if row else (_("A case that is not within your reach"), "")
    mine = Step(action=step.action, version=one.version, note=step.note, to_post=step.to_post,
                to_organisation=step.to_organisation)  # fmt: skip
    try:
        take_step(district_id=request.viewer.district_id, case_id=one.case_id, step=mine,
                  by=Actor(viewer=request.viewer, caller=caller_of(request, "")), at=at)  # fmt: skip
    except LinliError as error:
        return Outcome(url, title, number, is_done=False, words=say_error(error))
    return Outcome(url, title, number, is_done=True, words="")


def _ask_to_whom(request: ViewerRequest, rows: dict[UUID, CaseRow], ticked: list[Ticked], at: datetime) -> HttpResponse:
    viewer, on = request.viewer, timezone.localdate(at)
    text = request.POST.get("to_q", "").strip()
    paths = [post.area_path for post in viewer.posts_with(Verb.DISPATCH)]
    found = find_recipients(text, district_id=viewer.district_id, within=paths, on=on) if text else []
    context = {
        "groups": found or departments(viewer.district_id, on=on),
        "rows": [rows[t.case_id] for t in ticked if t.case_id in rows],
        "ids": [f"{one.case_id}:{one.version}" for one in ticked],
        "to_q": text,
        "is_found": bool(found) or not text,
        "note": request.POST.get("note", ""),
        "back": _back(request),
        "is_asked": "asked" in request.POST,
    }
    return render(request, "web/desk/batch_to.html", context)


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
            found[read] = Ticked(read, int(version))
    return list(found.values())[:MOST]


def _back(request: ViewerRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()},
                                              require_https=request.is_secure())  # fmt: skip
    return wanted if is_ours else reverse("desk")
