"""An organisation in a programme of reviews: its turns with what was published, absences, and what followed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from linli.kernel.errors import NotFound
from linli.oversight.reviews.models import Turn
from linli.oversight.reviews.queries.follow_ups import FollowUp, list_follow_ups
from linli.oversight.reviews.queries.results import Result, results_of
from linli.oversight.reviews.rules import may_see_reviews
from linli.registry.orgs.queries import get_organisation
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A turn of an organisation, past or to come. presented: how it went, None where it has not been published."""

    id: UUID
    session_id: UUID
    session: str
    programme: str
    planned_at: datetime
    position: int
    is_carried: bool
    is_absent: bool
    talk_ms: int | None
    talk_overrun_ms: int
    result: Result | None


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """Turns newest first; follow-ups open ones first. owes: absent, and no later turn in that programme yet."""

    id: UUID
    name: str
    turns: tuple[PastTurn, ...]
    follow_ups: tuple[FollowUp, ...]
    owes: int

    @property
    def absences(self) -> int:
        """Count the turns at which nobody came."""
        return sum(1 for turn in self.turns if turn.is_absent)

    @property
    def carried(self) -> int:
        """Count the turns that made up for an absence."""
        return sum(1 for turn in self.turns if turn.is_carried)

    @property
    def closed_on_time(self) -> int:
        """Count the follow-ups closed by their day."""
        return sum(1 for row in self.follow_ups if not row.is_open and row.is_on_time)

    @property
    def open(self) -> int:
        """Count the follow-ups that are still to be closed."""
        return sum(1 for row in self.follow_ups if row.is_open)


_COLUMNS = (
    "id", "session_id", "session__title", "session__programme__name", "session__planned_at", "position", "is_carried",
    "is_absent", "talk_ms", "talk_overrun_ms",
)  # fmt: skip


def get_reviewed_organisation(*, viewer: Viewer, organisation_id: UUID, at: datetime) -> OrganisationPage:
    """Read an organisation's turns, results and follow-ups. 5 queries. Raises NotFound, NotAllowed."""
    may_see_reviews(viewer, district_id=viewer.district_id).require()
    on = timezone.localdate(at)
    row = get_organisation(district_id=viewer.district_id, organisation_id=organisation_id, on=on)
    if row is None:
        raise NotFound("no_such_organisation")
    turns = list(
        Turn.objects.filter(district_id=viewer.district_id, organisation_id=organisation_id)
        .order_by("-session__planned_at", "-position").values_list(*_COLUMNS)[:200]
    )  # fmt: skip
    results = results_of(district_id=viewer.district_id, session_ids=[turn[1] for turn in turns])
    past = tuple(PastTurn(*(*turn, results.get(turn[0]))) for turn in turns)
    asked = list_follow_ups(viewer=viewer, organisation_id=organisation_id, at=at)
    return OrganisationPage(row.id, row.name, past, tuple(asked), _owed(past))


def _owed(turns: tuple[PastTurn, ...]) -> int:
    """Count the absences that no later turn of the same programme makes up for."""
    absent = [turn for turn in turns if turn.is_absent]
    return sum(
        1 for turn in absent
        if not any(each.programme == turn.programme and each.planned_at > turn.planned_at for each in turns)
    )  # fmt: skip
