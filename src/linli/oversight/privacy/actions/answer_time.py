"""Saying within how many working days requests are answered."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import InvalidInput
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.facts.actions import record
from linli.oversight.privacy.choices import MOST_WORK_DAYS
from linli.oversight.privacy.models import AnswerTime
from linli.oversight.privacy.queries.answer_time import answer_work_days
from linli.oversight.privacy.rules import may_publish_consent
from linli.registry.people.rules import Viewer


@transaction.atomic
def set_answer_time(*, viewer: Viewer, work_days: int, source_ip: str, at: datetime) -> None:
    """Give the district's own time to requests made from now on; said again it writes nothing. At most 4 queries.

    What waits keeps the day it was promised. Writes a fact and a line of audit. Raises NotAllowed, InvalidInput.
    """
    may_publish_consent(viewer).require()
    if not 1 <= work_days <= MOST_WORK_DAYS:
        raise InvalidInput("answer_days_out_of_range", field="work_days", params={"most": MOST_WORK_DAYS})
    before = answer_work_days(viewer.district_id)
    if before == work_days:
        return
    row = AnswerTime(district_id=viewer.district_id, work_days=work_days, made_at=at, made_by=_person(viewer))
    row.save(force_insert=True)
    record(
        district_id=viewer.district_id, kind="answer_time.set", subject_id=row.id, at=at, actor_id=viewer.person_id,
        area_path=viewer.district_id, data={"from": before, "to": work_days},
    )  # fmt: skip
    write_line(
        district_id=viewer.district_id, kind=LineKind.SETTINGS_CHANGED, at=at, actor_id=viewer.person_id,
        object_kind="answer_time", object_id=str(row.id), source_ip=source_ip,
        data={"did": "set", "from": before, "to": work_days},
    )  # fmt: skip


def _person(viewer: Viewer) -> UUID:
    if viewer.person_id is None:
        message = "who may is somebody"
        raise AssertionError(message)
    return viewer.person_id
