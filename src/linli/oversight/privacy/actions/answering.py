"""Answering what somebody asks about their data: done at once and for good, or refused with the reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.actions.forgetting import photos_of, wipe_contacts, wipe_photos, wipe_words
from linli.cases.calc.words import plain
from linli.cases.models import Case, Reporter
from linli.kernel.crypto import blind_index, encrypt, open_document
from linli.kernel.errors import InvalidInput, NotFound
from linli.kernel.phones import plain_phone
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.facts.actions import record
from linli.oversight.privacy.choices import Part, Refusal, RequestKind, RequestState
from linli.oversight.privacy.errors import RequestAnswered
from linli.oversight.privacy.models import DataRequest
from linli.oversight.privacy.queries.requests import WISH, first_reporter
from linli.oversight.privacy.rules import may_answer
from linli.registry.people.rules import Viewer

LONGEST_ANSWER = 500
_PHONE, _NAME = (Reporter.personal_data[field].sealed_for for field in ("phone", "name"))


@dataclass(frozen=True, slots=True)
class Answer:
    """How it ends. parts: of a deletion, those that go now; reason: of a refusal; words: for who asked."""

    is_granted: bool
    parts: tuple[Part, ...] = ()
    reason: str = ""
    words: str = ""


@transaction.atomic
def answer_request(*, viewer: Viewer, request_id: UUID, answer: Answer, source_ip: str, at: datetime) -> None:
    """Do what was asked, or refuse it. What goes is gone for good when this returns; the case and its facts stay.

    Words and photos go only of a closed case: until then somebody works by them. Writes what went as counts, a fact and
    a line of audit, none of which says anything of anybody. Locks the request. Raises NotFound, NotAllowed,
    RequestAnswered, InvalidInput.
    """
    found = DataRequest.objects.select_for_update().filter(district_id=viewer.district_id, id=request_id)
    request = found.first()
    if request is None:
        raise NotFound("no_such_request")
    case = Case.objects.select_for_update().get(district_id=viewer.district_id, id=request.case_id)
    decision = may_answer(
        viewer, district_id=case.district_id, area_path=case.area_path, organisation_id=case.organisation_id
    )
    if not decision:
        raise NotFound("no_such_request")
    if request.state != RequestState.WAITING:
        raise RequestAnswered("request_answered")
    _check(request, case, answer)
    wiped = _done(request, case, answer.parts, at) if answer.is_granted else {}
    request.state = RequestState.GRANTED if answer.is_granted else RequestState.REFUSED
    request.reason = "" if answer.is_granted else answer.reason
    request.answer, request.wiped, request.wish = plain(answer.words.strip()), wiped, b""
    request.answered_at, request.answered_by = at, viewer.person_id
    request.save(update_fields=["state", "reason", "answer", "wiped", "wish", "answered_at", "answered_by"])
    _tell(viewer, request, case, source_ip, at)


def _check(request: DataRequest, case: Case, answer: Answer) -> None:
    if len(answer.words) > LONGEST_ANSWER:
        raise InvalidInput("answer_too_long", field="words", params={"most": LONGEST_ANSWER})
    if not answer.is_granted:
        if answer.reason not in set(Refusal):
            raise InvalidInput("reason_missing", field="reason")
        return
    if request.kind == RequestKind.DELETE:
        if not set(answer.parts) or set(answer.parts) - set(request.parts):
            raise InvalidInput("parts_missing", field="parts")
        if case.closed_at is None and set(answer.parts) - {Part.CONTACT}:
            raise InvalidInput("words_still_needed", field="parts")


def _done(request: DataRequest, case: Case, parts: Collection[Part], at: datetime) -> dict[str, int]:
    """Do it. Returns how much went, and asked again, how much is left."""
    if request.kind == RequestKind.CORRECT:
        _correct(request, case)
        return {}
    wiped = {}
    if Part.CONTACT in parts and request.reporter_id:
        wiped["contact"] = wipe_contacts(district_id=case.district_id, reporter_ids=[request.reporter_id])
    if Part.PHOTOS in parts:
        row = request.reporter
        has_joined = row is not None and (row.text != "" or row.joined_at > case.reported_at)
        wiped["photos"] = wipe_photos(
            district_id=case.district_id, case_ids=[case.id], at=at,
            of_reporter=photos_of(request.reporter_id if has_joined else None),
        )  # fmt: skip
    if Part.WORDS in parts:
        wiped["words"] = _wipe_words(request, case)
    return wiped


def _wipe_words(request: DataRequest, case: Case) -> int:
    """Wipe what this person wrote: of who joined the words they added, of the first reporter those of the case."""
    if request.reporter is not None and request.reporter.text:
        return Reporter.objects.filter(district_id=case.district_id, id=request.reporter.id).update(text="")
    words = wipe_words(district_id=case.district_id, case_ids=[case.id], is_of_reporter=True)
    return words.cases + words.notes


def _correct(request: DataRequest, case: Case) -> None:
    """Put the new name and number in the place of the old ones; where nothing was left, they are the first."""
    wish = open_document(request.wish, purpose=WISH)
    row = request.reporter or first_reporter(case) or Reporter(
        district_id=case.district_id, case=case, joined_at=case.reported_at
    )  # fmt: skip
    if wish["name"]:
        row.name = encrypt(wish["name"], purpose=_NAME)
    if wish["phone"]:
        row.phone = encrypt(wish["phone"], purpose=_PHONE)
        row.phone_index = blind_index(plain_phone(wish["phone"]), purpose=_PHONE)
    row.save()


def _tell(viewer: Viewer, request: DataRequest, case: Case, source_ip: str, at: datetime) -> None:
    told = {"kind": request.kind, "state": request.state, "reason": request.reason, **request.wiped}
    record(
        district_id=case.district_id, kind="data_request.answered", subject_id=request.id, at=at,
        actor_id=viewer.person_id, area_path=case.area_path, organisation_id=case.organisation_id, data=told,
    )  # fmt: skip
    write_line(
        district_id=case.district_id, kind=LineKind.DATA_ANSWERED, at=at, actor_id=viewer.person_id,
        object_kind="data_request", object_id=str(request.id), source_ip=source_ip,
        data={"did": request.kind, "state": request.state},
    )  # fmt: skip
