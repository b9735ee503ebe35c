"""Reading a reporter's contact details and door in full: a click, a reason, an audit line."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.calc.doors import split_address
from linli.cases.errors import NoSuchCase
from linli.cases.models import Case, Reporter
from linli.cases.rules import may_read_door, may_see_case
from linli.kernel.crypto import decrypt
from linli.kernel.errors import InvalidInput
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may


@dataclass(frozen=True, slots=True)
class PlainContact:
    """A reporter's name and phone in clear; never kept, never logged."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Unmasked:
    """What of a case was read in clear. address: "" where no home is named, contacts: [] where none may be read."""

    contacts: list[PlainContact]
    address: str


@transaction.atomic
def unmask_case(*, district_id: str, case_id: UUID, reason: str, by: Viewer, source_ip: str, at: datetime) -> Unmasked:
    """Read contacts and door of a case in clear, as far as one may, and write down who did and why. 3 queries.

    Raises NoSuchCase, NotAllowed (neither may be read), InvalidInput without a reason.
    """
    case = Case.objects.filter(district_id=district_id, id=case_id).first()
    if case is None or not may_see_case(by, case):
        raise NoSuchCase("no_such_case")
    decision = may(
        by, Verb.SEE_CONTACTS, district_id=district_id, area_path=case.area_path, organisation_id=case.organisation_id
    )
    address = decrypt(case.address, purpose="case.address") if may_read_door(by, case) else ""
    has_door = bool(split_address(address).door)
    if not has_door:
        decision.require()
    if not reason.strip():
        raise InvalidInput("reason_missing", field="reason")
    write_line(
        district_id=district_id,
        kind=LineKind.UNMASKED,
        actor_id=by.person_id,
        object_kind="case",
        object_id=str(case_id),
        source_ip=source_ip,
        data={"reason": reason[:200]},
        at=at,
    )
    return Unmasked(_contacts(case) if decision else [], address if has_door else "")


def _contacts(case: Case) -> list[PlainContact]:
    rows = Reporter.objects.filter(district_id=case.district_id, case_id=case.id).order_by("joined_at", "id")
    return [
        PlainContact(decrypt(row.name, purpose="reporter.name"), decrypt(row.phone, purpose="reporter.phone"))
        for row in rows
        if row.name or row.phone
    ]
