"""Changing the tree of areas, for who may: the district's administrator; posts of areas that move follow them."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from linli.kernel.ids import new_id
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.ledger.commands.actions import claim
from linli.registry.people.actions.following import Goal, end_with_areas, follow_areas, take_back_posts
from linli.registry.people.queries.areas import stands_of_people
from linli.registry.people.rules import Viewer, may_edit_areas
from linli.registry.territory.actions import reshape_areas, take_back_change
from linli.registry.territory.calc.operations import Operation, digest
from linli.registry.territory.choices import ChangePart
from linli.registry.territory.queries import MadeChange


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """From which day a change counts, why, and whether ground that nobody holds afterwards is meant so.

    ends_posts: whether posts of areas that end do so too, on the day before.
    """

    on: date
    reason: str
    accepts_gaps: bool = False
    ends_posts: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """What was carried out. is_new: now, and not when the same was sent before.

    posts: how many followed their area; ended: how many ended with it.
    """

    change_id: UUID
    is_new: bool
    areas: int = 0
    posts: int = 0
    ended: int = 0


@transaction.atomic
def change_areas(
    *, operation: Operation, terms: ChangeTerms, by: Viewer, key: str, source_ip: str, at: datetime
) -> Changed:
    """Carry out a change of the tree of areas, once for a key. At most 44 queries; line in the audit log.

    Effects, and what is raised: `reshape_areas`, `follow_areas`, `end_with_areas`; besides NotAllowed, Conflict (the
    key was used for something else).
    """
    may_edit_areas(by).require()
    change_id = new_id()
    body = f"{digest(operation)}{terms.on}{terms.reason}{terms.accepts_gaps}{terms.ends_posts}"
    claimed = claim(district_id=by.district_id, caller=f"person:{by.person_id}", key=key,
                    body_hash=sha256(body.encode()).hexdigest(), result_id=change_id, at=at)  # fmt: skip
    if not claimed.is_new:
        return Changed(claimed.result_id, is_new=False)
    plan = reshape_areas(
        district_id=by.district_id, operation=operation, change_id=change_id, on=terms.on, reason=terms.reason,
        accepts_gaps=terms.accepts_gaps, by=by.person_id, at=at,
    )  # fmt: skip
    goals = {each.was.id: Goal(each.node.id, each.node.code, each.node.path) for each in plan.touched if each.was}
    posts = follow_areas(
        district_id=by.district_id, change_id=change_id, goals=goals, on=terms.on, by=by, source_ip=source_ip, at=at
    ) if goals else 0  # fmt: skip
    over = [each.node.id for each in plan.touched if each.part is ChangePart.ENDED]
    over += [each.was.id for each in plan.touched if each.was]
    ended = end_with_areas(
        district_id=by.district_id, change_id=change_id, area_ids=over, on=terms.on, by=by, source_ip=source_ip, at=at
    ) if terms.ends_posts and over else 0  # fmt: skip
    write_line(
        district_id=by.district_id, kind=LineKind.SETTINGS_CHANGED, at=at, actor_id=by.person_id, object_kind="areas",
        object_id=str(change_id), source_ip=source_ip,
        data={"did": plan.kind.value, "areas": len(plan.touched), "on": terms.on.isoformat(), "posts": posts,
              "ended": ended},
    )  # fmt: skip
    return Changed(change_id, is_new=True, areas=len(plan.touched), posts=posts, ended=ended)


@transaction.atomic
def take_back_areas(*, change_id: UUID, reason: str, by: Viewer, source_ip: str, at: datetime) -> MadeChange:
    """Take a change of the tree of areas back, with the posts that it gave or ended. Line in the audit log.

    `cases` calls it, which looks whether cases stand on it. Effects, and what is raised: `take_back_change`,
    `take_back_posts`; besides NotAllowed, Conflict (`stands_of_people`). At most 45 queries and 1 a post.
    """
    may_edit_areas(by).require()
    undo_id = new_id()
    change = take_back_change(district_id=by.district_id, change_id=change_id, undo_id=undo_id, reason=reason,
                              by=by.person_id, at=at)  # fmt: skip
    for stand in stands_of_people(change):
        raise stand.as_error()
    posts = take_back_posts(district_id=by.district_id, change_id=change_id, on=change.on, by=by, source_ip=source_ip,
                            at=at)  # fmt: skip
    write_line(
        district_id=by.district_id, kind=LineKind.SETTINGS_CHANGED, at=at, actor_id=by.person_id, object_kind="areas",
        object_id=str(undo_id), source_ip=source_ip,
        data={"did": "taken_back", "change": str(change_id), "areas": len(change.areas), "posts": posts},
    )  # fmt: skip
    return change
