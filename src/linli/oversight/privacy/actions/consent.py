"""Publishing a new version of the text that residents agree to; taking consent back."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from linli.cases.actions.forgetting import wipe_contacts
from linli.cases.calc.words import plain
from linli.cases.models import Case
from linli.kernel.errors import Conflict, InvalidInput
from linli.kernel.ids import new_id
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.facts.actions import record
from linli.oversight.privacy.choices import Channel, Part, RequestKind, RequestState
from linli.oversight.privacy.models import ConsentText, DataRequest
from linli.oversight.privacy.queries.consent import current_consent
from linli.oversight.privacy.queries.requests import first_reporter
from linli.oversight.privacy.rules import may_publish_consent
from linli.registry.people.rules import Viewer

LEAST, MOST = 20, 1000


@transaction.atomic
def publish_consent(*, viewer: Viewer, text: str, based_on: int, source_ip: str, at: datetime) -> int:
    """Put a new version of the text in force and give its number; what was agreed to before stays agreed to.

    based_on: the version that was looked at. Writes a fact and a line of audit. 5 queries.
    Raises NotAllowed, InvalidInput, Conflict where somebody was faster.
    """
    may_publish_consent(viewer).require()
    said = plain(text).strip()
    if not LEAST <= len(said) <= MOST:
        raise InvalidInput("consent_length", field="text", params={"least": LEAST, "most": MOST})
    newest = current_consent(viewer.district_id)
    if newest.number != based_on:
        raise Conflict("consent_changed")
    if newest.text == said:
        return newest.number
    row = ConsentText(district_id=viewer.district_id, number=newest.number + 1, text=said, made_at=at)
    row.made_by = viewer.person_id or row.made_by
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("consent_changed") from error
    record(
        district_id=viewer.district_id, kind="consent.published", subject_id=row.id, at=at, actor_id=viewer.person_id,
        area_path=viewer.district_id, data={"number": row.number},
    )  # fmt: skip
    write_line(
        district_id=viewer.district_id, kind=LineKind.SETTINGS_CHANGED, at=at, actor_id=viewer.person_id,
        object_kind="consent", object_id=str(row.number), source_ip=source_ip, data={"did": "published"},
    )  # fmt: skip
    return row.number


@transaction.atomic
def withdraw_consent(*, district_id: str, case_id: UUID, source_ip: str, at: datetime) -> None:
    """Wipe at once what a case's first reporter left by consent: name and number. Nobody has to decide it.

    The edge has checked number and code. Leaves a request that is done, a fact and a line of audit; where nothing is
    left any more, nothing. Source: Personal Information Protection Law, art. 15 and 47. 8 queries.
    """
    case = Case.objects.select_for_update().get(district_id=district_id, id=case_id)
    row = first_reporter(case)
    wiped = wipe_contacts(district_id=district_id, reporter_ids=[row.id]) if row else 0
    if row is None or not wiped:
        return
    request = DataRequest(
        id=new_id(), district_id=district_id, case=case, reporter=row, kind=RequestKind.DELETE, parts=[Part.CONTACT],
        channel=Channel.PORTAL, made_at=at, due_at=at, state=RequestState.GRANTED, answered_at=at,
        wiped={Part.CONTACT: wiped},
    )  # fmt: skip
    request.save(force_insert=True)
    record(
        district_id=district_id, kind="consent.withdrawn", subject_id=request.id, at=at, area_path=case.area_path,
        organisation_id=case.organisation_id, data={"contact": wiped},
    )  # fmt: skip
    write_line(
        district_id=district_id, kind=LineKind.DATA_REQUESTED, at=at, object_kind="data_request",
        object_id=str(request.id), source_ip=source_ip, data={"did": "withdrawn"},
    )  # fmt: skip
