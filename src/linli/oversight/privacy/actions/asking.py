"""Asking that what is kept about oneself be corrected or deleted; handing out a copy of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.cases.calc.words import plain
from linli.cases.models import Case
from linli.kernel.crypto import seal_document
from linli.kernel.errors import InvalidInput, NotFound
from linli.kernel.ids import new_id
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.facts.actions import record
from linli.oversight.privacy.choices import Channel, Part, RequestKind, RequestState
from linli.oversight.privacy.models import DataRequest
from linli.oversight.privacy.queries.answer_time import answer_work_days
from linli.oversight.privacy.queries.requests import WISH, copy_of, first_reporter, is_own_phone
from linli.oversight.privacy.rules import may_answer
from linli.registry.people.rules import NOBODY, Viewer
from linli.support.calendar.calc import Budget, Segment, deadline
from linli.support.calendar.choices import Timer
from linli.support.calendar.queries import current_calendar

LONGEST_NAME, LONGEST_PHONE = 40, 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: parts of what shall go, or the new name and number ("" leaves what is there)."""

    kind: RequestKind
    parts: tuple[Part, ...] = ()
    name: str = ""
    phone: str = ""


@transaction.atomic
def make_request(
    *,
    district_id: str,
    case_id: UUID,
    asked: Asked,
    source_ip: str,
    at: datetime,
    by: Viewer = NOBODY,
    reporter_id: UUID | None = None,
) -> UUID:
    """Put a request about a case's reporter into the queue. Returns its id; asked again while it waits, the same one.

    Residents ask for the case's first reporter, whose number and code the edge has checked; staff (`by`) for whoever
    stands before them, reporter_id. 9 queries. Raises InvalidInput, NotFound, NotAllowed.
    """
    _check(asked)
    case = Case.objects.select_for_update().filter(district_id=district_id, id=case_id).first()
    if case is None:
        raise NotFound("no_such_case")
    if by.is_known:
        may_answer(
            by, district_id=district_id, area_path=case.area_path, organisation_id=case.organisation_id
        ).require()
    whose = _whose(case, reporter_id)
    waiting = DataRequest.objects.filter(
        district_id=district_id, case=case, kind=asked.kind, state=RequestState.WAITING
    )
    waiting = waiting.filter(reporter_id=whose) if whose else waiting.filter(reporter__isnull=True)
    if (found := waiting.order_by("id").first()) is not None:
        return found.id
    request = DataRequest(
        id=new_id(), district_id=district_id, case=case, reporter_id=whose, kind=asked.kind, parts=list(asked.parts),
        wish=_sealed(asked), channel=Channel.DESK if by.is_known else Channel.PORTAL, made_at=at,
        made_by=by.person_id, due_at=_due(district_id, at),
    )  # fmt: skip
    request.save(force_insert=True)
    told = {"kind": asked.kind, "parts": list(asked.parts), "channel": request.channel}
    record(
        district_id=district_id, kind="data_request.made", subject_id=request.id, at=at, actor_id=by.person_id,
        area_path=case.area_path, organisation_id=case.organisation_id, data=told,
    )  # fmt: skip
    write_line(
        district_id=district_id, kind=LineKind.DATA_REQUESTED, at=at, actor_id=by.person_id,
        object_kind="data_request", object_id=str(request.id), source_ip=source_ip, data={"did": asked.kind},
    )  # fmt: skip
    return request.id


@transaction.atomic
def hand_out_copy(*, district_id: str, case_id: UUID, phone: str, source_ip: str, at: datetime) -> dict[str, Any]:
    """Give a copy of all that is kept about a case's first reporter, in clear, and write down that it was given.

    The edge has checked number and code; whoever left a telephone number says it too. 7 queries. Raises InvalidInput.
    """
    if not is_own_phone(district_id=district_id, case_id=case_id, phone=phone):
        raise InvalidInput("phone_is_another", field="phone")
    copied = copy_of(district_id=district_id, case_id=case_id)
    write_line(
        district_id=district_id, kind=LineKind.DATA_REQUESTED, at=at, object_kind="case", object_id=str(case_id),
        source_ip=source_ip, data={"did": "copy"},
    )  # fmt: skip
    return copied


def _check(asked: Asked) -> None:
    if asked.kind == RequestKind.DELETE and not asked.parts:
        raise InvalidInput("parts_missing", field="parts")
    if asked.kind == RequestKind.CORRECT and not (asked.name.strip() or asked.phone.strip()):
        raise InvalidInput("wish_missing", field="name")
    if len(asked.name) > LONGEST_NAME or len(asked.phone) > LONGEST_PHONE:
        raise InvalidInput("contact_too_long", field="name")


def _whose(case: Case, reporter_id: UUID | None) -> UUID | None:
    if reporter_id is None:
        first = first_reporter(case)
        return first.id if first else None
    if not case.contacts.filter(district_id=case.district_id, id=reporter_id).exists():
        raise NotFound("no_such_case")
    return reporter_id


def _sealed(asked: Asked) -> bytes:
    if asked.kind != RequestKind.CORRECT:
        return b""
    return seal_document({"name": plain(asked.name.strip()), "phone": plain(asked.phone.strip())}, purpose=WISH)


def _due(district_id: str, at: datetime) -> datetime:
    due = deadline(current_calendar(), Budget(Timer.WORK_DAY, answer_work_days(district_id)), [Segment(at, None, "")])
    if due is None:
        message = "a clock that runs always has an end"
        raise AssertionError(message)
    return due
