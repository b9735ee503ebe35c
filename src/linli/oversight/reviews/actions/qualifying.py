"""Saying who may report at a special session; the organisation department says so, no date of birth is kept."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.oversight.reviews.actions.draw_steps import lock_draw, save_draw, tell_step
from linli.oversight.reviews.choices import DrawState
from linli.oversight.reviews.models import Qualification
from linli.oversight.reviews.queries.qualifying import ASKS_WHO_MAY, list_who_may
from linli.registry.people.rules import Viewer


@transaction.atomic
def say_who_may(*, draw_id: UUID, codes: Collection[str], by: Viewer, source_ip: str, at: datetime) -> int:
    """Say for which organisations of a draw, not committed yet, the one who reports may do so; for all others not.

    codes: of organisations; those without anybody in post are passed over. Holds for later sessions of that occasion
    too. Returns for how many. 12 queries; a fact and an audit line, with the count alone. Locks the programme. Raises
    NotFound, NotAllowed, DrawMovedOn, InvalidInput("not_a_special_draw").
    """
    draw = lock_draw(draw_id, by, DrawState.PLANNED)
    if draw.occasion not in ASKS_WHO_MAY:
        raise InvalidInput("not_a_special_draw")
    rows = list_who_may(draw)
    wanted = {row.person for row in rows if row.person and row.code in codes}
    before = {row.person for row in rows if row.person and row.is_qualified}
    ours = Qualification.objects.filter(district_id=draw.district_id, occasion=draw.occasion)
    ours.filter(person_id__in=before - wanted).delete()
    Qualification.objects.bulk_create(
        Qualification(id=new_id(), district_id=draw.district_id, person_id=person, occasion=draw.occasion,
                      made_by=by.person_id, made_at=at)
        for person in wanted - before
    )  # fmt: skip
    if wanted != before:
        save_draw(draw)
        tell_step(draw, "review_draw.who_may_said", by, source_ip, at, {"count": len(wanted)})
    return len(wanted)
