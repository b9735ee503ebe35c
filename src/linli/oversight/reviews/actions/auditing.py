"""Registering the discipline office's own key, to which lists of whose ballot is whose are sealed from then on."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from linli.kernel.errors import Conflict, InvalidInput
from linli.kernel.ids import new_id
from linli.kernel.sealed_box import fingerprint_of, read_public
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.facts.actions import record
from linli.oversight.reviews.actions.draw_steps import person_of
from linli.oversight.reviews.models import AuditorKey
from linli.oversight.reviews.queries.auditing import newest_key
from linli.oversight.reviews.rules import may_unseal_ballots
from linli.registry.people.rules import Viewer


@transaction.atomic
def register_auditor_key(*, public: str, by: Viewer, source_ip: str, at: datetime) -> str:
    """Take the public half of a new key; lists of sessions that close from now on are sealed to it alone.

    The newest one again is nothing new. Returns its fingerprint. 7 queries; a fact, an audit line. Raises NotAllowed,
    InvalidInput("auditor_key_unreadable"), Conflict("auditor_key_old") for one that another has replaced.
    """
    may_unseal_ballots(by, district_id=by.district_id).require()
    key = read_public(public)
    if key is None:
        raise InvalidInput("auditor_key_unreadable", field="public")
    last, ours = newest_key(by.district_id), AuditorKey.objects.filter(district_id=by.district_id)
    if last and bytes(last.public) == key:
        return fingerprint_of(key)
    if ours.filter(public=key).exists():
        raise Conflict("auditor_key_old", field="public")
    made = AuditorKey.objects.create(
        id=new_id(), district_id=by.district_id, number=(ours.aggregate(last=Max("number"))["last"] or 0) + 1,
        public=key, registered_by=person_of(by), registered_at=at,
    )  # fmt: skip
    told = {"number": made.number, "fingerprint": fingerprint_of(key)}
    record(district_id=by.district_id, kind="review_auditor_key.registered", subject_id=made.id, at=at,
           actor_id=by.person_id, data=told)  # fmt: skip
    write_line(district_id=by.district_id, kind=LineKind.SETTINGS_CHANGED, at=at, actor_id=by.person_id,
               object_kind="review_auditor_key", object_id=str(made.id), source_ip=source_ip,
               data={"did": "registered", **told})  # fmt: skip
    return fingerprint_of(key)
