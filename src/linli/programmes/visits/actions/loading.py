"""Loading visits that were made, many at once, with a fact each: for what came before, and for the demo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.crypto import blind_index
from linli.ledger.facts.actions import NewFact, record_many
from linli.programmes.visits.actions.visiting import DOOR_PURPOSE
from linli.programmes.visits.calc import plain_door
from linli.programmes.visits.choices import TargetKind
from linli.programmes.visits.models import Target, Visit


@dataclass(frozen=True, slots=True)
class Made:
    """A visit that was made; door "" for an organisation."""

    target_id: UUID
    door: str
    done_at: datetime
    by_person: UUID


@transaction.atomic
def load_visits(*, district_id: str, rows: Sequence[Made]) -> int:
    """Write visits down as they were made. Returns how many. 3 queries, however many; whoever calls asked who may."""
    found = Target.objects.filter(district_id=district_id, id__in={row.target_id for row in rows})
    targets = {target.id: target for target in found.select_related("target_set")}
    Visit.objects.bulk_create([_visit(district_id, targets[row.target_id], row) for row in rows], batch_size=2000)
    record_many(
        NewFact(district_id=district_id, kind="visits.visited", subject_id=row.target_id, at=row.done_at,
                recorded_at=row.done_at, actor_id=row.by_person, area_path=targets[row.target_id].area_path,
                data={"campaign": str(targets[row.target_id].target_set.campaign_id)})
        for row in rows
    )  # fmt: skip
    return len(rows)


def _visit(district_id: str, target: Target, row: Made) -> Visit:
    is_door = target.target_set.kind == TargetKind.DOORS
    said = f"{target.subject_id}/{plain_door(row.door)}"
    return Visit(
        district_id=district_id, target=target, at=row.done_at, done_at=row.done_at, by_person=row.by_person,
        door_index=blind_index(said, purpose=DOOR_PURPOSE) if is_door else b"",
    )  # fmt: skip
