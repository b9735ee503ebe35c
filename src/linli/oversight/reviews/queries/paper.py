"""What the clerks need to type paper ballots: whose is missing in the turn that is scored; never what was given."""

from dataclasses import dataclass
from uuid import UUID

from linli.oversight.reviews.choices import BallotMode, Phase
from linli.oversight.reviews.models import Ballot, Hall
from linli.oversight.reviews.queries.halls import JurorLine, PartLine, require_host, rules_of, seats_of, session_of
from linli.registry.people.queries import names_of
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class PaperSeat:
    """A seat whose ballot may come on paper. typist: who typed it once, "" for nobody; is_mine: that was the viewer."""

    seat: JurorLine
    typist: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class PaperPage:
    """The page of paper ballots. turn_id, organisation: whose turn is scored, None and "" while none is.

    is_closed: none will be any more.
    """

    title: str
    is_secret: bool
    turn_id: UUID | None
    position: int
    organisation: str
    parts: tuple[PartLine, ...]
    missing: tuple[PaperSeat, ...]
    typed: tuple[JurorLine, ...]
    is_closed: bool = False


def get_paper(*, viewer: Viewer, session_id: UUID) -> PaperPage:
    """Read who has not cast yet in the turn that is scored, and who typed whose once. 9 queries at most.

    typed: seats whose ballot came from paper and counts. Raises NotFound, NotAllowed.
    """
    require_host(viewer=viewer, session_id=session_id)
    session = session_of(viewer.district_id, session_id)
    hall = Hall.objects.filter(district_id=session.district_id, session=session).select_related("turn__organisation")
    now = hall.filter(phase=Phase.SCORE.value).first()
    turn = now.turn if now else None
    parts = tuple(PartLine(part.id, part.title, part.points) for part in rules_of(session).parts)
    is_secret = session.ballot_mode == BallotMode.SECRET
    if turn is None or is_secret:
        is_closed = hall.filter(phase=Phase.CLOSED.value, opened_at__isnull=False).exists()
        return PaperPage(session.title, is_secret, None, 0, "", parts, (), (), is_closed)
    seats = seats_of(session, turn.id)
    begun = Ballot.objects.filter(district_id=session.district_id, turn=turn, is_draft=True, by_clerk__isnull=False)
    typists = {juror: clerk for juror, clerk in begun.values_list("juror_id", "by_clerk") if juror and clerk}
    names = names_of(district_id=session.district_id, person_ids=list(set(typists.values())))
    return PaperPage(
        session.title, is_secret, turn.id, turn.position, turn.organisation.name, parts,
        tuple(
            PaperSeat(seat, names.get(typists[seat.id], "") if seat.id in typists else "",
                      typists.get(seat.id) == viewer.person_id)
            for seat in seats if seat.state not in {"cast", "paper", "recused"}
        ),
        tuple(seat for seat in seats if seat.state == "paper"),
    )  # fmt: skip
