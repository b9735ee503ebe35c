"""A session for whoever serves in the district: its plan, its turns, where it stands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.errors import NotFound
from linli.oversight.reviews.models import Hall, Juror, Session, Turn
from linli.oversight.reviews.rules import may_run_reviews, may_see_reviews
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A turn in the order of appearance; times in milliseconds, None before."""

    id: UUID
    position: int
    organisation_id: UUID
    organisation: str
    presenter: str
    is_deputy: bool
    is_carried: bool
    is_absent: bool
    talk_ms: int | None
    talk_overrun_ms: int
    comment_ms: int | None


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A session. phase: "" before it is opened; jurors: seats, and how many of them came."""

    id: UUID
    programme_id: UUID
    programme: str
    title: str
    occasion: str
    focus: str
    planned_at: datetime
    place: str
    venues: tuple[str, ...]
    ballot_mode: str
    draw_id: UUID | None
    phase: str
    turns: tuple[TurnRow, ...]
    jurors: int
    came: int
    may_run: bool


def get_session(*, viewer: Viewer, session_id: UUID) -> SessionPage:
    """Read a session with its turns. 4 queries. Raises NotFound, NotAllowed."""
    may_see_reviews(viewer, district_id=viewer.district_id).require()
    found = Session.objects.filter(district_id=viewer.district_id, id=session_id)
    session = found.select_related("programme__organisation__area").first()
    if session is None:
        raise NotFound("no_such_review_session")
    ours = {"district_id": viewer.district_id, "session_id": session_id}
    phase = Hall.objects.filter(**ours).values_list("phase", flat=True).first()
    turns = Turn.objects.filter(**ours).select_related("organisation", "presenter").order_by("position")
    came = list(Juror.objects.filter(**ours).values_list("checked_in_at", flat=True))
    area_path = session.programme.organisation.area.path
    return SessionPage(
        session.id, session.programme_id, session.programme.name, session.title, session.occasion, session.focus,
        session.planned_at, session.place, tuple(session.venues), session.ballot_mode, session.draw_id, phase or "",
        tuple(_turn(turn) for turn in turns), len(came), sum(at is not None for at in came),
        bool(may_run_reviews(viewer, district_id=viewer.district_id, area_path=area_path)),
    )  # fmt: skip


def _turn(turn: Turn) -> TurnRow:
    return TurnRow(
        turn.id, turn.position, turn.organisation_id, turn.organisation.name,
        turn.presenter.name if turn.presenter else "", bool(turn.deputy_reason), turn.is_carried, turn.is_absent,
        turn.talk_ms, turn.talk_overrun_ms, turn.comment_ms,
    )  # fmt: skip
