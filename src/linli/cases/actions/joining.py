"""Joining a case that is already known: one more reporter, no second case."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from linli.cases.actions.opening import LONGEST_TEXT, Contact
from linli.cases.actions.recording import remember, tell
from linli.cases.choices import FINISHED, Action
from linli.cases.errors import CannotOpenCase, NoSuchCase
from linli.cases.models import Case, Reporter
from linli.kernel.crypto import blind_index, encrypt
from linli.ledger.commands.actions import claim
from linli.registry.people.rules import NOBODY, Viewer


@transaction.atomic
def join_case(
    *,
    district_id: str,
    case_id: UUID,
    text: str,
    contact: Contact,
    at: datetime,
    by: Viewer = NOBODY,
    caller: str = "anonymous",
    key: str = "",
    body_hash: str = "",
) -> UUID:
    """Add a reporter to an open case. Returns the id of what was added.

    Who joins gets no code: it would open the first reporter's words.

    7 queries, 8 with a key. Raises NoSuchCase, CannotOpenCase.
    """
    if len(text) > LONGEST_TEXT:
        raise CannotOpenCase("text_too_long", field="text", params={"most": LONGEST_TEXT})
    case = Case.objects.select_for_update().filter(district_id=district_id, id=case_id).first()
    if case is None or case.state in FINISHED:
        raise NoSuchCase("no_such_case", field="join")
    reporter = Reporter(
        district_id=district_id,
        case=case,
        joined_at=at,
        text=text,
        name=encrypt(contact.name, purpose="reporter.name"),
        phone=encrypt(contact.phone, purpose="reporter.phone"),
        phone_index=blind_index(contact.phone, purpose="reporter.phone"),
    )
    if key:
        claimed = claim(
            district_id=district_id, caller=caller, key=key, body_hash=body_hash, result_id=reporter.id, at=at
        )
        if not claimed.is_new:
            return claimed.result_id
    reporter.save(force_insert=True)
    Case.objects.filter(district_id=district_id, id=case_id).update(
        reporters=F("reporters") + 1, version=F("version") + 1
    )
    case.version += 1
    remember(case=case, action=Action.JOIN, from_state=case.state, at=at, by=by, data={"reporters": case.reporters + 1})
    tell(case, Action.JOIN, at)
    return reporter.id
