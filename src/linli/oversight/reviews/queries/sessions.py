"""A session for whoever serves in the district: its plan, its turns, where it stands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.kernel.errors import NotFound
from linli.oversight.reviews.choices import BallotMode, Phase
from linli.oversight.reviews.models import Hall, Juror, Publication, Session, Turn
from linli.oversight.reviews.rules import may_run_reviews, may_see_reviews, may_unseal_ballots
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
    comment_overrun_ms: int


@dataclass(frozen=True, slots=True)
class SessionPage:
    """A session. phase: "" before it is opened; jurors: seats, and how many of them came.

    may_unseal: whether there is a sealed list that this viewer may be one of the two to open.
    """

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
    may_unseal: bool


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
    is_sealed = phase == Phase.CLOSED and session.ballot_mode == BallotMode.SEALED
    return SessionPage(
        session.id, session.programme_id, session.programme.name, session.title, session.occasion, session.focus,
        session.planned_at, session.place, tuple(session.venues), session.ballot_mode, session.draw_id, phase or "",
        tuple(_turn(turn) for turn in turns), len(came), sum(at is not None for at in came),
        bool(may_run_reviews(viewer, district_id=viewer.district_id, area_path=area_path)),
        is_sealed and bool(may_unseal_ballots(viewer, district_id=viewer.district_id)),
    )  # fmt: skip


def _turn(turn: Turn) -> TurnRow:
    return TurnRow(
        turn.id, turn.position, turn.organisation_id, turn.organisation.name,
        turn.presenter.name if turn.presenter else "", bool(turn.deputy_reason), turn.is_carried, turn.is_absent,
        turn.talk_ms, turn.talk_overrun_ms, turn.comment_ms, turn.comment_overrun_ms,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublishedSession:
    """A session whose ballots are published. row_id: of the publication; root: of the tree over its rows."""

    id: UUID
    row_id: UUID
    title: str
    programme: str
    level: str
    occasion: str
    planned_at: datetime
    made_at: datetime
    root: str
    digest: str


def list_published_sessions(
    *, viewer: Viewer, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[PublishedSession]:
    """List sessions that are published, newest first, that this viewer may see. 1 query.

    before: where the page before ended. Those of public programmes are everybody's; others are seen by whoever serves
    in their district.
    """
    found = _published(viewer).select_related("session__programme")
    if before:
        made_at, row_id = before
        found = found.filter(Q(made_at__lt=made_at) | Q(made_at=made_at, id__lt=row_id))
    return [
        PublishedSession(
            row.session_id, row.id, row.session.title, row.session.programme.name, row.session.programme.level,
            row.session.occasion, row.session.planned_at, row.made_at, row.root, row.digest,
        )
        for row in found.order_by("-made_at", "-id")[:limit]
    ]  # fmt: skip


def get_publication_bytes(*, viewer: Viewer, session_id: UUID) -> bytes:
    """Give a session's publication byte for byte as it was hashed. 1 query. Raises NotFound."""
    body = _published(viewer).filter(session_id=session_id).order_by("id").values_list("body", flat=True).first()
    if body is None:
        raise NotFound("no_such_review_session")
    return body.encode()


def publication_in_hall(*, district_id: str, session_id: UUID) -> bytes:
    """Give the same to whoever was let into the hall, a juror's telephone among them. 1 query. Raises NotFound."""
    found = Publication.objects.filter(district_id=district_id, session_id=session_id).order_by("id")
    body = found.values_list("body", flat=True).first()
    if body is None:
        raise NotFound("no_such_review_session")
    return body.encode()


def _published(viewer: Viewer) -> "QuerySet[Publication]":
    seen = Q(session__programme__is_public=True)
    if viewer.is_known and may_see_reviews(viewer, district_id=viewer.district_id):
        seen |= Q(district_id=viewer.district_id)
    return Publication.objects.filter(seen)
