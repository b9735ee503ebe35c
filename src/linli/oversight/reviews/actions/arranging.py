"""Where and when a session is held."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import Conflict, InvalidInput, NotFound
from linli.ledger.facts.actions import record
from linli.oversight.reviews.models import Hall, Session
from linli.oversight.reviews.rules import may_run_reviews
from linli.registry.people.rules import Viewer

LONGEST_PLACE, MOST_VENUES = 80, 20


@transaction.atomic
def arrange_session(
    *, session_id: UUID, planned_at: datetime, place: str, venues: Sequence[str], by: Viewer, at: datetime
) -> None:
    """Say when and where a session is, and which branch venues watch. 4 queries; a fact. Locks the session.

    Raises NotFound, NotAllowed, InvalidInput naming place or venues, Conflict("session_opened") once it is open.
    """
    found = Session.objects.select_for_update(of=("self",)).select_related("programme__organisation__area")
    session = found.filter(district_id=by.district_id, id=session_id).first()
    if session is None:
        raise NotFound("no_such_review_session")
    area_path = session.programme.organisation.area.path
    may_run_reviews(by, district_id=by.district_id, area_path=area_path).require()
    if Hall.objects.filter(district_id=by.district_id, session=session, opened_at__isnull=False).exists():
        raise Conflict("session_opened")
    names = [name.strip() for name in venues if name.strip()]
    if len(place) > LONGEST_PLACE or any(len(name) > LONGEST_PLACE for name in names):
        raise InvalidInput("place_too_long", field="place")
    if len(names) > MOST_VENUES:
        raise InvalidInput("venues_too_many", field="venues", params={"most": MOST_VENUES})
    session.planned_at, session.place, session.venues = planned_at, place.strip(), names
    session.save(update_fields=["planned_at", "place", "venues"])
    record(district_id=by.district_id, kind="review_session.arranged", subject_id=session.id, at=at,
           actor_id=by.person_id, data={"planned_at": planned_at.isoformat(), "venues": len(names)})  # fmt: skip
