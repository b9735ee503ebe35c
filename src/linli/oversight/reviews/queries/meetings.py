"""The head of a session and its turns, for the pages around it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.decision import Decision
from linli.kernel.errors import NotFound
from linli.oversight.reviews.choices import Phase
from linli.oversight.reviews.models import Hall, Session, Turn
from linli.oversight.reviews.rules import may_run_reviews, may_see_reviews
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session as its pages head it. area_path: of who convenes; convener: its name; part: 1 or 2 of that month."""

    id: UUID
    district_id: str
    programme_id: UUID
    programme: str
    convener: str
    area_path: str
    year: int
    month: int
    part: int
    title: str
    focus: str
    planned_at: datetime
    place: str
    venues: list[str]

    def may_run(self, viewer: Viewer) -> Decision:
        """Say whether a viewer runs it."""
        return may_run_reviews(viewer, district_id=self.district_id, area_path=self.area_path)


@dataclass(frozen=True, slots=True)
class TurnLine:
    """Somebody's turn in a session's order."""

    id: UUID
    position: int
    organisation_id: UUID
    organisation: str
    is_carried: bool
    is_absent: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a session stands. phase: ready before it is opened; turn_id: whose it is, None between them."""

    phase: str
    turn_id: UUID | None


_COLUMNS = (
    "id", "district_id", "programme_id", "programme__name", "programme__organisation__name",
    "programme__organisation__area__path", "year", "month", "part", "title", "focus", "planned_at", "place", "venues",
)  # fmt: skip


def get_meeting(*, viewer: Viewer, meeting_id: UUID) -> Meeting:
    """Read a session's head. 1 query. Raises NotFound for another district's, NotAllowed for who is not signed in."""
    may_see_reviews(viewer, district_id=viewer.district_id).require()
    found = Session.objects.filter(district_id=viewer.district_id, id=meeting_id).values_list(*_COLUMNS).first()
    if found is None:
        raise NotFound("no_such_meeting")
    return Meeting(*found)


def list_turns(*, meeting: Meeting) -> list[TurnLine]:
    """List a session's turns in their order. 1 query."""
    turns = Turn.objects.filter(district_id=meeting.district_id, session_id=meeting.id).order_by("position")
    columns = ("id", "position", "organisation_id", "organisation__name", "is_carried", "is_absent")
    return [TurnLine(*row) for row in turns.values_list(*columns)]


def standing_of(*, meeting: Meeting) -> Standing:
    """Tell where a session stands. 1 query."""
    halls = Hall.objects.filter(district_id=meeting.district_id, session_id=meeting.id)
    found = halls.values_list("phase", "turn_id").first()
    return Standing(*found) if found else Standing(Phase.READY.value, None)
