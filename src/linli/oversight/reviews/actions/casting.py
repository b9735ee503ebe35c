"""A juror's ballot: kept as a draft at every touch, cast once and for all that follows, twice the same as once."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from linli.kernel.errors import Conflict, InvalidInput, NotAllowed
from linli.kernel.ids import new_id
from linli.kernel.live import hint
from linli.oversight.reviews.actions.halls import TOPIC
from linli.oversight.reviews.calc.ballots import receipt_of, require_points
from linli.oversight.reviews.calc.programme import ProgrammeRules, read_rules
from linli.oversight.reviews.choices import Phase
from linli.oversight.reviews.models import Ballot, Hall, Juror, Recusal
from linli.oversight.reviews.queries.halls import JurorSeat

_NONCE = re.compile(r"[0-9a-f]{32}")
MOST_SEQ = 2**31 - 1
_OPEN = frozenset({Phase.TALK.value, Phase.COMMENT.value, Phase.SCORE.value})
# A later touch wins, whatever order they arrive in; a draft never undoes what was cast. What was typed from paper in
# the juror's stead is theirs again.
_PUT = """
INSERT INTO reviews_ballot AS b (id, district_id, session_id, turn_id, juror_id, "group", points, nonce, client_seq,
  receipt, is_draft, received_at)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s)
ON CONFLICT (district_id, turn_id, juror_id) WHERE juror_id IS NOT NULL DO UPDATE SET
  points = excluded.points, nonce = excluded.nonce, client_seq = excluded.client_seq, receipt = excluded.receipt,
  is_draft = excluded.is_draft, received_at = excluded.received_at, by_clerk = NULL, confirmed_by = NULL
WHERE excluded.client_seq > b.client_seq AND (b.is_draft OR NOT excluded.is_draft)
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a telephone sends. points: None where nothing is given yet; nonce: 32 hexadecimal digits of its own."""

    points: Sequence[int | None]
    nonce: str
    client_seq: int
    is_draft: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What the server holds of a juror's ballot now. receipt: "" of a draft."""

    client_seq: int
    receipt: str
    is_draft: bool
    points: tuple[int | None, ...]
    received_at: datetime


@transaction.atomic
def put_ballot(*, seat: JurorSeat, turn_id: UUID, sheet: Sheet, at: datetime) -> Kept:
    """Keep a draft or cast a ballot; the highest client_seq counts, the same again gives the same answer. 6 queries.

    Cast while scoring runs, or within the rules' seconds after it if a draft was there before; drafts from the report
    on. Raises InvalidInput, NotAllowed("juror_recused"), Conflict("scoring_closed").
    """
    juror = Juror.objects.get(district_id=seat.district_id, session_id=seat.session_id, id=seat.juror_id)
    hall = Hall.objects.select_related("session__book").get(district_id=juror.district_id, session_id=juror.session_id)
    book = hall.session.book
    if book is None:
        raise Conflict("scoring_closed")
    rules = read_rules(book.content)
    points = checked_points(sheet, rules)
    if Recusal.objects.filter(district_id=juror.district_id, juror=juror, turn_id=turn_id).exists():
        raise NotAllowed("juror_recused")
    if not is_taken(hall, juror, turn_id, sheet, rules, at):
        before = _kept(juror, turn_id)
        if before is None or before.client_seq < sheet.client_seq or before.is_draft != sheet.is_draft:
            raise Conflict("scoring_closed")
        return before
    whole = [each or 0 for each in points]
    receipt = "" if sheet.is_draft else receipt_of(bytes.fromhex(sheet.nonce), str(turn_id), whole)
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [
            new_id(), juror.district_id, juror.session_id, turn_id, juror.id, juror.group, json.dumps(points),
            sheet.nonce, sheet.client_seq, receipt, sheet.is_draft, at,
        ])  # fmt: skip
    hint(TOPIC, district=juror.district_id, session=str(juror.session_id))
    kept = _kept(juror, turn_id)
    if kept is None:
        raise Conflict("scoring_closed")
    return kept


def checked_points(sheet: Sheet, rules: ProgrammeRules) -> list[int | None]:
    """Check a ballot whole against the rules; gives its points. Raises InvalidInput."""
    most = [part.points for part in rules.parts]
    if not _NONCE.fullmatch(sheet.nonce):
        raise InvalidInput("ballot_nonce", field="nonce")
    if type(sheet.client_seq) is not int or not 0 < sheet.client_seq <= MOST_SEQ:
        raise InvalidInput("ballot_seq", field="client_seq")
    if not sheet.is_draft and None in sheet.points:
        raise InvalidInput("ballot_points", field="points")
    require_points([0 if each is None else each for each in sheet.points], most)
    return list(sheet.points)


def is_taken(hall: Hall, juror: Juror, turn_id: UUID, sheet: Sheet, rules: ProgrammeRules, at: datetime) -> bool:
    """Say whether a ballot is taken as the hall stands: now, or late by the rules. At most 1 query."""
    if hall.turn_id != turn_id:
        return False
    if hall.phase in _OPEN:
        return sheet.is_draft or hall.phase == Phase.SCORE.value
    late = timedelta(seconds=rules.times.late_ballot_s)
    if hall.phase != Phase.RESULT.value or hall.started_at is None or at - hall.started_at > late or sheet.is_draft:
        return False
    drafts = Ballot.objects.filter(district_id=juror.district_id, turn_id=turn_id, juror=juror)
    return drafts.filter(received_at__lte=hall.started_at).exists()


def _kept(juror: Juror, turn_id: UUID) -> Kept | None:
    row = Ballot.objects.filter(district_id=juror.district_id, turn_id=turn_id, juror=juror).first()
    if row is None or row.received_at is None:
        return None
    return Kept(row.client_seq, row.receipt, row.is_draft, tuple(row.points), row.received_at)
