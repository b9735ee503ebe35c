"""What each step of a draw begins and ends with: lock it for who may, keep it, tell of it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from linli.kernel.errors import NotFound
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.facts.actions import record
from linli.oversight.reviews.actions.programmes import May, lock_programme
from linli.oversight.reviews.choices import DrawState
from linli.oversight.reviews.errors import DrawMovedOn
from linli.oversight.reviews.models import Draw
from linli.oversight.reviews.rules import may_run_reviews
from linli.registry.people.rules import Viewer


def lock_draw(draw_id: UUID, by: Viewer, *states: DrawState, may: May = may_run_reviews) -> Draw:
    """Lock programme and draw for who runs it, or may what is asked. 3 queries. Raises as they do."""
    found = Draw.objects.filter(district_id=by.district_id, id=draw_id).values_list("programme_id", flat=True).first()
    if found is None:
        raise NotFound("no_such_draw")
    programme = lock_programme(found, by, may)
    draw = Draw.objects.select_for_update(of=("self",)).get(district_id=by.district_id, id=draw_id)
    draw.programme = programme
    if draw.state not in {state.value for state in states}:
        raise DrawMovedOn("draw_moved_on", params={"state": draw.state})
    return draw


def person_of(by: Viewer) -> UUID:
    """Name the person behind a viewer. Raises NotFound for who is signed in as nobody."""
    if by.person_id is None:
        raise NotFound("no_such_person")
    return by.person_id


def save_draw(draw: Draw) -> None:
    """Keep what a step changed, so that open screens ask for it. 1 query."""
    draw.revision += 1
    draw.save()


def tell_step(draw: Draw, kind: str, by: Viewer, source_ip: str, at: datetime, data: Mapping[str, object]) -> None:
    """Tell of a step: a fact and an audit line."""
    told = {"draw": draw.code, **data}
    record(district_id=draw.district_id, kind=kind, subject_id=draw.id, at=at, actor_id=by.person_id,
           organisation_id=draw.programme.organisation_id, data=told)  # fmt: skip
    write_line(district_id=draw.district_id, kind=LineKind.SETTINGS_CHANGED, at=at, actor_id=by.person_id,
               object_kind="review_draw", object_id=str(draw.id), source_ip=source_ip,
               data={"did": kind.rpartition(".")[2], **told})  # fmt: skip
