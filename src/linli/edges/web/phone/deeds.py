"""What was done on a phone, one deed a request: carried out once, however often and in whatever order it comes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from linli.cases.actions.opening import Caller, Point, Report, open_case
from linli.cases.actions.repeating import Command
from linli.cases.actions.replaying import PhoneStep, replay_step
from linli.cases.actions.stepping import Actor, Step
from linli.cases.choices import Action, Source
from linli.cases.queries.opened import read_opened
from linli.cases.queries.pocket import POCKET_ACTIONS
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.callers import caller_of
from linli.edges.request import ViewerRequest
from linli.edges.web.desk.asking import read_uuid
from linli.edges.web.phone.access import answers_phone
from linli.kernel.errors import InvalidInput
from linli.ledger.commands.queries import was_claimed
from linli.programmes.visits.actions.visiting import Called, write_visit
from linli.registry.people.rules import Viewer
from linli.support.files.actions import store_file

_FIELDS = (
    "kind",
    "done_at",
    "after",
    "case",
    "action",
    "state",
    "note",
    "text",
    "category",
    "lng",
    "lat",
    "area",
    "target",
    "door",
    "do",
)
_LONGEST_FIELD = 4000
_FIRST_YEAR = 1970  # where the clock of a phone begins whose battery was empty


@dataclass(frozen=True, slots=True)
class Sent:
    """A deed as it came: its key, when it was done by the phone's clock, its words."""

    key: str
    done_at: datetime
    fields: Mapping[str, str]
    command: Command


@csrf_protect
@require_POST
@answers_phone
def take_deed(request: ViewerRequest) -> HttpResponse:
    """Carry a deed out unless it was before; answers the case it is about, and whether it was done now.

    409 with code deed_too_early: send it again after what was done before it; any other refusal is for its doer to see.
    """
    at = timezone.now()
    sent = _read(request, at)
    match sent.fields["kind"]:
        case "report":
            told = _report(request, sent, at)
        case "step":
            told = _step(request, sent, at)
        case "visit":
            told = _visit(request, sent, at)
        case _:
            raise InvalidInput("no_such_deed", field="kind")
    return JsonResponse(told)


def _report(request: ViewerRequest, sent: Sent, at: datetime) -> dict[str, Any]:
    viewer, fields = request.viewer, sent.fields
    kind = current_rulebooks(viewer.district_id).categories.get(fields["category"])
    report = Report(
        # A photo and its category say what it is: nobody has to type in the street.
        text=fields["text"].strip() or (kind.name if kind else ""), category=fields["category"],
        point=_point(fields), area_code=fields["area"], file_ids=_photos_unless_claimed(request, sent, at),
    )  # fmt: skip
    by = Caller(Source.PHONE, sent.command.caller, viewer, sent.key, sent.command.body_hash, done_at=sent.done_at)
    opened = open_case(report=report, by=by, at=at)
    told = opened.case or read_opened(district_id=opened.district_id, case_id=opened.case_id)
    return {"is_new": opened.is_new, "case": str(opened.case_id), "number": told.number}


def _step(request: ViewerRequest, sent: Sent, at: datetime) -> dict[str, Any]:
    fields, case_id = sent.fields, read_uuid(sent.fields["case"])
    if case_id is None or fields["action"] not in POCKET_ACTIONS:
        raise InvalidInput("no_such_deed", field="action")
    told = PhoneStep(
        Step(Action(fields["action"]), note=fields["note"]), fields["state"], sent.done_at, fields["after"]
    )
    is_new = replay_step(
        command=sent.command, case_id=case_id, told=told, photos=lambda: _photos(request, at),
        by=Actor(request.viewer, caller=sent.command.caller), at=at,
    )  # fmt: skip
    return {"is_new": is_new, "case": str(case_id)}


def _visit(request: ViewerRequest, sent: Sent, at: datetime) -> dict[str, Any]:
    fields, target_id = sent.fields, read_uuid(sent.fields["target"])
    if target_id is None:
        raise InvalidInput("no_such_deed", field="target")
    told = Called(
        key=UUID(sent.key), target_id=target_id, done_at=sent.done_at, door=fields["door"], note=fields["note"],
        makes_case=fields["do"] == "case", category=fields["category"],
    )  # fmt: skip
    written = write_visit(told=told, caller=sent.command.caller, body_hash=sent.command.body_hash, by=request.viewer,
                          at=at)  # fmt: skip
    return {"is_new": written.is_new, "case": str(written.case_id or "")}


def _read(request: ViewerRequest, at: datetime) -> Sent:
    """Read what every deed has. Raises InvalidInput."""
    fields = {name: request.POST.get(name, "")[:_LONGEST_FIELD] for name in _FIELDS}
    key, done_at = read_uuid(request.POST.get("key", "")), parse_datetime(fields["done_at"] or "x")
    if key is None or done_at is None or done_at.tzinfo is None or done_at.year < _FIRST_YEAR:
        raise InvalidInput("no_such_deed", field="key")
    hashed = sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return Sent(str(key), min(done_at, at), fields, _command(request.viewer, caller_of(request, ""), key, hashed))


def _command(viewer: Viewer, caller: str, key: UUID, body_hash: str) -> Command:
    return Command(viewer.district_id, caller, str(key), body_hash)


def _point(fields: Mapping[str, str]) -> Point | None:
    """Read where the phone stood, if it said so: WGS-84, as browsers tell it."""
    try:
        return Point(float(fields["lng"]), float(fields["lat"]), "WGS-84")
    except ValueError:
        return None


def _photos_unless_claimed(request: ViewerRequest, sent: Sent, at: datetime) -> tuple[UUID, ...]:
    """Keep the photos of a report, unless it is here already and they would be kept for nothing."""
    command = sent.command
    if was_claimed(district_id=command.district_id, caller=command.caller, key=command.key):
        return ()
    return _photos(request, at)


def _photos(request: ViewerRequest, at: datetime) -> tuple[UUID, ...]:
    return tuple(
        store_file(district_id=request.viewer.district_id, file=photo.file, claimed_name=photo.name or "",
                   by=caller_of(request, ""), at=at).id
        for photo in request.FILES.getlist("photos") if photo.file is not None
    )  # fmt: skip
