"""Leave of a secretary for one draw: a deputy reports if it is drawn. Approved before the commit, never after."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import Conflict, InvalidInput, NotFound
from linli.kernel.ids import new_id
from linli.oversight.reviews.actions.draw_steps import lock_draw, person_of, save_draw, tell_step
from linli.oversight.reviews.actions.programmes import newest_book
from linli.oversight.reviews.calc.commits import Deputy
from linli.oversight.reviews.calc.programme import read_rules
from linli.oversight.reviews.choices import DrawState, LeaveReason
from linli.oversight.reviews.errors import DrawMovedOn
from linli.oversight.reviews.models import Draw, Leave
from linli.oversight.reviews.models import Member as MemberOf
from linli.oversight.reviews.queries.leaves import list_leaves
from linli.registry.orgs.queries import bodies_below
from linli.registry.people.errors import CannotStandIn
from linli.registry.people.queries import posts_in, presenters_of
from linli.registry.people.rules import Viewer

_Said = tuple[UUID | None, str, str]
_NONE: _Said = (None, "", "")


@dataclass(frozen=True, slots=True)
class Stand:
    """Who reports instead of the secretary, why as a code, and which office approved it, without a name."""

    deputy_id: UUID
    reason: LeaveReason
    approver: str


@transaction.atomic
def approve_leave(
    *, draw_id: UUID, organisation_id: UUID, stand: Stand, by: Viewer, source_ip: str, at: datetime
) -> None:
    """Let a deputy report for an organisation if this draw, not committed yet, draws it; the secretary is away.

    A deputy holds a post in the organisation, or in the body right under it that does its work, on the draw's day.
    Approved anew it is as said last; the same twice is once. 12 queries; a fact and an audit line. Locks the programme.
    Raises NotFound, NotAllowed, DrawMovedOn after the commit, InvalidInput("approver_missing", "no_such_organisation"),
    CannotStandIn("deputy_is_oneself", "deputy_not_of_it").
    """
    draw = _lock(draw_id, by)
    if not stand.approver.strip():
        raise InvalidInput("approver_missing", field="approver")
    members = MemberOf.objects.filter(district_id=draw.district_id, programme=draw.programme, ends_on__isnull=True)
    if not members.filter(organisation_id=organisation_id).exists():
        raise NotFound("no_such_organisation", field="organisation")
    if stand.deputy_id == _presenters(draw, [organisation_id]).get(organisation_id):
        raise CannotStandIn("deputy_is_oneself", field="deputy")
    if stand.deputy_id not in _may_stand_in(draw, [organisation_id])[organisation_id]:
        raise CannotStandIn("deputy_not_of_it", field="deputy")
    said = (stand.deputy_id, stand.reason.value, stand.approver.strip())
    if _say(draw, organisation_id, said, by, at):
        told = {"organisation": str(organisation_id), "deputy": str(stand.deputy_id), "reason": stand.reason.value}
        tell_step(draw, "review_draw.leave_approved", by, source_ip, at, told)


@transaction.atomic
def take_back_leave(*, draw_id: UUID, organisation_id: UUID, by: Viewer, source_ip: str, at: datetime) -> None:
    """Let the secretary report again, until the commit; twice is once. 8 queries; a fact and an audit line.

    Locks the programme. Raises NotFound, NotAllowed, DrawMovedOn after the commit.
    """
    draw = _lock(draw_id, by)
    if _say(draw, organisation_id, _NONE, by, at):
        tell_step(draw, "review_draw.leave_taken_back", by, source_ip, at, {"organisation": str(organisation_id)})


def deputies_of(draw: Draw) -> dict[UUID, Deputy]:
    """Give who is away by organisation, for the list that is frozen. 1 query, 4 where there is any.

    Raises Conflict("deputy_gone") naming an organisation whose deputy may not stand in any more.
    """
    found = {each.organisation_id: each for each in list_leaves(draw)}
    fit = _may_stand_in(draw, list(found)) if found else {}
    for organisation, leave in found.items():
        if leave.deputy_id not in fit[organisation]:
            raise Conflict("deputy_gone", params={"organisation": leave.organisation.name})
    return {organisation: Deputy(leave.reason, leave.approver, str(leave.id)) for organisation, leave in found.items()}


def _say(draw: Draw, organisation_id: UUID, said: _Said, by: Viewer, at: datetime) -> bool:
    """Write down what holds from now on, unless it does already. 1 to 3 queries."""
    ours = Leave.objects.filter(district_id=draw.district_id, draw=draw, organisation_id=organisation_id)
    last = ours.order_by("-take").first()
    if said == ((last.deputy_id, last.reason, last.approver) if last else _NONE):
        return False
    deputy, reason, approver = said
    Leave.objects.create(
        id=new_id(), district_id=draw.district_id, draw=draw, organisation_id=organisation_id,
        take=last.take + 1 if last else 1, deputy_id=deputy, reason=reason, approver=approver,
        approved_by=person_of(by), approved_at=at,
    )  # fmt: skip
    save_draw(draw)
    return True


def _lock(draw_id: UUID, by: Viewer) -> Draw:
    draw = lock_draw(draw_id, by, *DrawState)
    if draw.state != DrawState.PLANNED.value:
        raise DrawMovedOn("leave_after_commit")
    return draw


def _presenters(draw: Draw, organisations: Sequence[UUID]) -> dict[UUID, UUID]:
    roles = read_rules(newest_book(draw.programme).content).presenter_roles
    return presenters_of(district_id=draw.district_id, organisation_ids=organisations, roles=roles, on=draw.planned_on)


def _may_stand_in(draw: Draw, organisations: Sequence[UUID]) -> Mapping[UUID, set[UUID]]:
    """List who holds a post in each organisation or right under it on the draw's day. 2 queries."""
    bodies = bodies_below(district_id=draw.district_id, organisation_ids=organisations, on=draw.planned_on)
    above = {body: organisation for organisation, below in bodies.items() for body in (organisation, *below)}
    fit: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for body, person in posts_in(district_id=draw.district_id, organisation_ids=list(above), on=draw.planned_on):
        fit[above[body]].add(person)
    return fit
