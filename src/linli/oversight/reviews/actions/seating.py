"""Who reports at which session: the drawn by rank, split over the sessions; then who was absent before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from linli.kernel.errors import Conflict
from linli.kernel.ids import new_id
from linli.ledger.facts.actions import record
from linli.oversight.reviews.actions.planning import EARLIEST
from linli.oversight.reviews.actions.programmes import lock_programme, newest_book
from linli.oversight.reviews.calc.programme import ProgrammeRules, read_rules
from linli.oversight.reviews.calc.rota import rota_of
from linli.oversight.reviews.choices import Choosing
from linli.oversight.reviews.models import Draw, Leave, Session, Turn
from linli.oversight.reviews.queries.leaves import frozen_leaves
from linli.oversight.reviews.queries.programmes import list_members
from linli.registry.people.queries import presenters_of
from linli.registry.people.rules import Viewer

MONTHS = 12


def seat_presenters(*, draw: Draw, rules: ProgrammeRules, ranked: Sequence[UUID], at: datetime) -> list[UUID]:
    """Give each drawn organisation its turn, in the transaction of the draw. ranked: organisations in order of rank.

    Presents who holds the first of the rules' roles in it at the commit, or the deputy of a leave that it names.
    Twice is the same as once. Returns the turns' ids in order. 5 queries; a fact for each turn.
    """
    sessions = list(Session.objects.filter(district_id=draw.district_id, draw=draw).order_by("part"))
    return _seat(sessions, rules, ranked, frozen_leaves(draw), on=timezone.localdate(draw.committed_at or at), at=at)


@transaction.atomic
def seat_by_rota(*, programme_id: UUID, year: int, month: int, by: Viewer, at: datetime) -> list[UUID]:
    """Give the organisations whose turn it is by the rota a place in a month's sessions.

    Twice is the same as once. Returns the turns' ids in order. 8 queries; a fact for each turn. Locks the programme.
    Raises NotFound, NotAllowed, Conflict("not_by_rota") where presenters are drawn.
    """
    programme = lock_programme(programme_id, by)
    rules = read_rules(newest_book(programme).content)
    ours = Session.objects.filter(district_id=programme.district_id, programme=programme)
    sessions = list(ours.filter(year=year, month=month, draw__isnull=True).order_by("part"))
    if rules.choosing != Choosing.ROTA or not sessions:
        raise Conflict("not_by_rota")
    members: defaultdict[str, list[UUID]] = defaultdict(list)
    for member in list_members(district_id=programme.district_id, programme_id=programme.id):
        members[member.stratum].append(member.organisation_id)
    months = ours.filter(year=year, month__lt=month, draw__isnull=True).values("month").distinct().count()
    ranked = rota_of(rules.strata, members, turn=(year - EARLIEST) * MONTHS + months)
    return _seat(sessions, rules, ranked, {}, on=timezone.localdate(at), at=at)


def carry_turn(*, session: Session, organisation_id: UUID, presenter_id: UUID | None, at: datetime) -> UUID:
    """Let an organisation that was absent report in addition, after the others. 3 queries; a fact. Twice is once."""
    ours = Turn.objects.filter(district_id=session.district_id, session=session)
    if (found := ours.filter(organisation_id=organisation_id).first()) is not None:
        return found.id
    last = ours.aggregate(last=Max("position"))["last"] or 0
    turn = Turn.objects.create(
        id=new_id(), district_id=session.district_id, session=session, organisation_id=organisation_id,
        position=last + 1, presenter_id=presenter_id, is_carried=True,
    )  # fmt: skip
    _tell(turn, at)
    return turn.id


def _seat(
    sessions: Sequence[Session], rules: ProgrammeRules, ranked: Sequence[UUID], leaves: Mapping[UUID, Leave], *,
    on: date, at: datetime,
) -> list[UUID]:  # fmt: skip
    if not sessions:
        return []
    district_id = sessions[0].district_id
    there = Turn.objects.filter(district_id=district_id, session__in=sessions)
    if there.exists():
        return list(there.order_by("session__part", "position").values_list("id", flat=True))
    presenters = presenters_of(district_id=district_id, organisation_ids=ranked, roles=rules.presenter_roles, on=on)
    turns = []
    for session, organisations in zip(sessions, _split(ranked, len(sessions)), strict=True):
        for position, organisation in enumerate(organisations, start=1):
            leave = leaves.get(organisation)
            turns.append(
                Turn(id=new_id(), district_id=district_id, session=session, organisation_id=organisation,
                     position=position, presenter_id=leave.deputy_id if leave else presenters.get(organisation),
                     deputy_reason=leave.reason if leave else "", approved_by=leave.approved_by if leave else None,
                     approved_at=leave.approved_at if leave else None)
            )  # fmt: skip
    Turn.objects.bulk_create(turns)
    for turn in turns:
        _tell(turn, at)
    return [turn.id for turn in turns]


def _split(ranked: Sequence[UUID], sessions: int) -> list[Sequence[UUID]]:
    """Cut into as many runs as there are sessions, as even as can be, the earlier ones one longer."""
    sizes = [(len(ranked) + sessions - 1 - number) // sessions for number in range(sessions)]
    starts = [sum(sizes[:number]) for number in range(sessions)]
    return [ranked[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def _tell(turn: Turn, at: datetime) -> None:
    told = {"session": str(turn.session_id), "position": turn.position, "is_carried": turn.is_carried}
    record(district_id=turn.district_id, kind="review_turn.given", subject_id=turn.id, at=at,
           organisation_id=turn.organisation_id, data=told)  # fmt: skip
