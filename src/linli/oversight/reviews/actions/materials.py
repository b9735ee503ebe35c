"""Material of a session: frozen when it opens; until then the secretary may add words of their own."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.calc.words import plain
from linli.kernel.errors import Conflict, NotFound
from linli.ledger.facts.actions import record
from linli.oversight.reviews.errors import CannotWriteRemark
from linli.oversight.reviews.models import Hall, Turn
from linli.oversight.reviews.queries.materials import LONGEST_WORDS, frozen, material_of
from linli.oversight.reviews.rules import may_write_turn
from linli.registry.people.rules import Viewer


def freeze_materials(*, district_id: str, meeting_id: UUID, by: Viewer, at: datetime) -> int:
    """Write down each turn's figures as they are now, in the transaction that opens the session. Twice is once.

    Some 10 queries a turn, and a fact. Returns how many were frozen.
    """
    waiting = Turn.objects.filter(district_id=district_id, session_id=meeting_id, material={})
    turns = list(waiting.select_related("session__book", "organisation__area").order_by("position"))
    for turn in turns:
        turn.material = frozen(material_of(viewer=by, turn=turn, at=at))
        turn.save(update_fields=["material"])
        kept = turn.material
        record(
            district_id=turn.district_id, kind="review_turn.material_frozen", subject_id=turn.id, at=at,
            actor_id=by.person_id, area_path=turn.organisation.area.path, organisation_id=turn.organisation_id,
            data={"session": str(turn.session_id), "closed": kept["closed"], "open": kept["open"],
                  "late": len(kept["late_ids"]), "follow_ups": len(kept["follow_ups"])},
        )  # fmt: skip
    return len(turns)


@transaction.atomic
def write_words(*, by: Viewer, turn_id: UUID, words: str, at: datetime) -> None:
    """Keep what the secretary adds to the figures, at most 500 characters, until the session opens.

    Locks the turn; a fact without words. Raises NotFound (also for another organisation's people), CannotWriteRemark,
    Conflict (turn_is_frozen).
    """
    found = Turn.objects.select_for_update(of=("self",)).select_related("organisation__area")
    turn = found.filter(district_id=by.district_id, id=turn_id).first()
    if turn is None:
        raise NotFound("no_such_turn")
    may_write_turn(by, organisation_id=turn.organisation_id, presenter_id=turn.presenter_id).require()
    text = plain(words.strip().replace("\r\n", "\n"))
    if len(text) > LONGEST_WORDS:
        raise CannotWriteRemark("remark_too_long", field="words", params={"most": LONGEST_WORDS})
    halls = Hall.objects.filter(district_id=by.district_id, session_id=turn.session_id, opened_at__isnull=False)
    if halls.exists():
        raise Conflict("turn_is_frozen")
    turn.remarks = text
    turn.save(update_fields=["remarks"])
    record(
        district_id=turn.district_id, kind="review_turn.words_written", subject_id=turn.id, at=at,
        actor_id=by.person_id, area_path=turn.organisation.area.path, organisation_id=turn.organisation_id,
        data={"session": str(turn.session_id), "length": len(text)},
    )  # fmt: skip
