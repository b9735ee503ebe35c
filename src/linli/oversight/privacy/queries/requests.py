"""What is kept about somebody, for themselves, and what they asked about it, for who answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from linli.cases.calc.doors import masked_address
from linli.cases.choices import FileKind, VerifiedBy
from linli.cases.models import Case, CaseFile, Reporter, Verification
from linli.kernel.crypto import blind_indexes, decrypt, open_document
from linli.kernel.errors import NotFound
from linli.kernel.masking import masked_name, masked_phone
from linli.kernel.personal_words import hidden
from linli.kernel.phones import plain_phone
from linli.oversight.privacy.choices import RequestState
from linli.oversight.privacy.models import DataRequest
from linli.oversight.privacy.rules import answerable
from linli.registry.people.queries import names_of
from linli.registry.people.rules import Viewer

_PHONE, _NAME = (Reporter.personal_data[field].sealed_for for field in ("phone", "name"))
WISH = DataRequest.personal_data["wish"].sealed_for


@dataclass(frozen=True, slots=True)
class RequestRow:
    """What was asked, as lists and its own page show it. is_late: not answered in time. wiped: counts by kind."""

    id: UUID
    case_id: UUID
    case_number: str
    case_title: str
    area_path: str
    is_case_open: bool
    kind: str
    parts: tuple[str, ...]
    channel: str
    state: str
    made_at: datetime
    due_at: datetime
    is_late: bool
    answered_at: datetime | None
    answered_by: str
    reason: str
    answer: str
    wiped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AskedRequest:
    """A request with what who answers has to know: whose it is, masked; the new name and number, masked."""

    row: RequestRow
    name: str
    phone: str
    new_name: str
    new_phone: str


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept about a case's reporter, as who has number and code sees it: masked, numbers in words hidden."""

    district_id: str
    number: str
    reported_at: datetime
    closed_at: datetime | None
    name: str
    phone: str
    has_phone: bool
    consent: int
    consent_way: str
    text: str
    address: str
    comments: tuple[str, ...]
    photos: int
    requests: tuple[RequestRow, ...]

    @property
    def has_contact(self) -> bool:
        """Whether a name or a number is kept."""
        return bool(self.name or self.phone)

    @property
    def is_closed(self) -> bool:
        """Whether the case is closed, so that its words can go."""
        return self.closed_at is not None


def held_about(*, district_id: str, case_id: UUID, at: datetime) -> Held:
    """Tell what is kept about a case's reporter. The edge has checked number and code. 5 queries."""
    case = Case.objects.get(district_id=district_id, id=case_id)
    row = first_reporter(case)
    name, phone = _contact(row)
    return Held(
        district_id=district_id,
        number=case.number, reported_at=case.reported_at, closed_at=case.closed_at, name=masked_name(name),
        phone=masked_phone(phone), has_phone=bool(phone), consent=row.consent if row else 0,
        consent_way=row.consent_way if row else "",
        text=hidden(case.text), address=hidden(masked_address(_address(case))),
        comments=tuple(map(hidden, _comments(case))), photos=_photos(case).count(),
        requests=tuple(_rows(_with_case(_own_requests(case, row)).order_by("-made_at", "-id"), at)),
    )  # fmt: skip


def is_own_phone(*, district_id: str, case_id: UUID, phone: str) -> bool:
    """Whether a whole number is the one that the case's first reporter left, or none was left. 2 queries."""
    row = first_reporter(Case.objects.get(district_id=district_id, id=case_id))
    if row is None or not row.phone:
        return True
    return bytes(row.phone_index) in blind_indexes(plain_phone(phone), purpose=_PHONE)


def copy_of(*, district_id: str, case_id: UUID) -> dict[str, Any]:
    """Give all that is kept about a case's reporter, in clear. Whoever calls has checked who asks. 4 queries."""
    case = Case.objects.get(district_id=district_id, id=case_id)
    name, phone = _contact(first_reporter(case))
    return {
        "number": case.number, "reported_at": case.reported_at.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None, "name": name, "phone": phone,
        "text": case.text, "address": _address(case), "point_gcj02": [case.lng, case.lat],
        "said_about_the_result": list(_comments(case)), "photos": _photos(case).count(),
    }  # fmt: skip


def list_requests(*, viewer: Viewer, at: datetime, is_answered: bool = False, limit: int = 100) -> list[RequestRow]:
    """List what waits within a viewer's reach, due first, or what was answered, newest first. 1 query, 2 with names."""
    found = _with_case(DataRequest.objects.filter(answerable(viewer)))
    if is_answered:
        return _rows(found.exclude(state=RequestState.WAITING).order_by("-answered_at", "-id")[:limit], at)
    return _rows(found.filter(state=RequestState.WAITING).order_by("due_at", "id")[:limit], at)


def get_request(*, viewer: Viewer, request_id: UUID, at: datetime) -> AskedRequest:
    """Read one. Raises NotFound alike for none and for none within reach. At most 3 queries."""
    found = DataRequest.objects.filter(answerable(viewer), id=request_id)
    row = found.select_related("case", "reporter").order_by("id").first()
    if row is None:
        raise NotFound("no_such_request")
    name, phone = _contact(row.reporter)
    wish = open_document(row.wish, purpose=WISH) if row.wish else {}
    return AskedRequest(
        _rows([row], at)[0], masked_name(name), masked_phone(phone), masked_name(wish.get("name", "")),
        masked_phone(wish.get("phone", "")),
    )  # fmt: skip


def first_reporter(case: Case) -> Reporter | None:
    """Find who reported a case first, to whom its code was given; None if nothing was left. 1 query."""
    found = Reporter.objects.filter(district_id=case.district_id, case_id=case.id, joined_at=case.reported_at, text="")
    return found.order_by("id").first()


def count_answered(*, district_id: str, before: datetime) -> int:
    """Count requests answered before then that still hold words. 1 query."""
    old = DataRequest.objects.filter(district_id=district_id, answered_at__lt=before)
    return old.exclude(answer="", wish=b"").count()


def _own_requests(case: Case, row: Reporter | None) -> QuerySet[DataRequest]:
    found = DataRequest.objects.filter(district_id=case.district_id, case_id=case.id)
    return found.filter(reporter_id=row.id) if row else found.filter(reporter__isnull=True)


def _with_case(found: QuerySet[DataRequest]) -> QuerySet[DataRequest]:
    return found.select_related("case").defer("case__text", "case__search", "case__why", "case__priority_parts", "wish")


def _contact(row: Reporter | None) -> tuple[str, str]:
    return (decrypt(row.name, purpose=_NAME), decrypt(row.phone, purpose=_PHONE)) if row else ("", "")


def _address(case: Case) -> str:
    return decrypt(case.address, purpose="case.address")


def _comments(case: Case) -> tuple[str, ...]:
    found = Verification.objects.filter(district_id=case.district_id, case_id=case.id).exclude(comment="")
    return tuple(found.filter(method=VerifiedBy.REPORTER).order_by("at", "id").values_list("comment", flat=True))


def _photos(case: Case) -> QuerySet[CaseFile]:
    """Give the photos that the case was reported with; those of who joined are not its first reporter's."""
    return CaseFile.objects.filter(district_id=case.district_id, case_id=case.id, kind=FileKind.REPORT, reporter=None)


def _rows(found: Iterable[DataRequest], at: datetime) -> list[RequestRow]:
    """Put requests into rows. 1 query more where some are answered."""
    rows = list(found)
    answered_by = {row.answered_by for row in rows if row.answered_by}
    names = names_of(district_id=rows[0].district_id, person_ids=sorted(answered_by)) if answered_by else {}
    return [
        RequestRow(
            id=row.id, case_id=row.case_id, case_number=row.case.number, case_title=row.case.title,
            area_path=row.case.area_path, is_case_open=row.case.closed_at is None, kind=row.kind,
            parts=tuple(row.parts), channel=row.channel, state=row.state, made_at=row.made_at, due_at=row.due_at,
            is_late=row.state == RequestState.WAITING and row.due_at < at, answered_at=row.answered_at,
            answered_by=names.get(row.answered_by, "") if row.answered_by else "", reason=row.reason,
            answer=row.answer, wiped=row.wiped,
        )
        for row in rows
    ]  # fmt: skip
