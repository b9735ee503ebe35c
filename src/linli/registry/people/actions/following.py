"""Posts that follow their area when it goes on under another parent: the same person, role and ground; and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import ProtectedError

from linli.kernel.db.amending import amend
from linli.kernel.errors import Conflict
from linli.kernel.ids import new_id
from linli.ledger.facts.actions import NewFact, record_many
from linli.registry.people.actions.posts import write_rights_line
from linli.registry.people.models import Absence, AreaChangePost, Post
from linli.registry.people.queries.areas import following_posts
from linli.registry.people.rules import Viewer

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Goal:
    """The area that another one goes on as."""

    area_id: UUID
    code: str
    path: str


def follow_areas(
    *, district_id: str, change_id: UUID, goals: Mapping[UUID, Goal], on: date, by: Viewer, source_ip: str,
    at: datetime,
) -> int:  # fmt: skip
    """Give the posts of areas that moved for the new ones too, from a day on. Returns how many. 4 queries.

    goals: by the old area's id. The old posts stay: their open cases are theirs to finish. An administrator's post
    does not follow, nor one of whoever moves the area: nobody changes their own rights. A fact post.made for each, one
    audit line. In the transaction that moves the areas.
    """
    held = following_posts(district_id=district_id, area_ids=list(goals), on=on, by=by)
    old = list(held.order_by("id"))
    new = [
        Post(id=new_id(), district_id=district_id, person_id=post.person_id, role_id=post.role_id,
             organisation_id=post.organisation_id, area_id=goals[post.area_id].area_id,
             starts_on=max(on, post.starts_on), ends_on=post.ends_on, is_on_duty=post.is_on_duty)
        for post in old
    ]  # fmt: skip
    Post.objects.bulk_create(new, batch_size=_BATCH)
    AreaChangePost.objects.bulk_create(
        [AreaChangePost(district_id=district_id, change=change_id, post=post, is_new=True) for post in new],
        batch_size=_BATCH,
    )
    record_many(
        NewFact(district_id=district_id, kind="post.made", subject_id=post.id, at=at, recorded_at=at,
                actor_id=by.person_id, area_path=goals[before.area_id].path, organisation_id=post.organisation_id,
                post_id=post.id, data={"role": post.role_id, "area": goals[before.area_id].code,
                                       "starts_on": post.starts_on.isoformat(), "follows": str(before.id)})
        for before, post in zip(old, new, strict=True)
    )  # fmt: skip
    if new:
        write_rights_line(by=by, kind="post", object_id=new[0].id, source_ip=source_ip, at=at, did="followed_area",
                          data={"posts": len(new)})  # fmt: skip
    return len(new)


def end_with_areas(
    *, district_id: str, change_id: UUID, area_ids: Sequence[UUID], on: date, by: Viewer, source_ip: str,
    at: datetime,
) -> int:  # fmt: skip
    """End the posts of areas that end, on the day before. Returns how many. 5 queries.

    The same posts as would follow; those that begin later have nothing to end yet and stay. Open cases stay with the
    post, and are listed among those whose holder has left. A fact post.last_day_set for each, one audit line.
    """
    last = on - timedelta(days=1)
    held = following_posts(district_id=district_id, area_ids=area_ids, on=on, by=by).filter(starts_on__lte=last)
    posts = list(held.select_related("area").order_by("id"))
    AreaChangePost.objects.bulk_create(
        [AreaChangePost(district_id=district_id, change=change_id, post=post, is_new=False, before=post.ends_on)
         for post in posts],
        batch_size=_BATCH,
    )  # fmt: skip
    Post.objects.filter(district_id=district_id, id__in=[post.id for post in posts]).update(ends_on=last)
    record_many(
        NewFact(district_id=district_id, kind="post.last_day_set", subject_id=post.id, at=at, recorded_at=at,
                actor_id=by.person_id, area_path=post.area.path, organisation_id=post.organisation_id,
                post_id=post.id, data={"role": post.role_id, "area": post.area.code, "ends_on": last.isoformat()})
        for post in posts
    )  # fmt: skip
    if posts:
        write_rights_line(by=by, kind="post", object_id=posts[0].id, source_ip=source_ip, at=at, did="ended_with_area",
                          data={"posts": len(posts)})  # fmt: skip
    return len(posts)


def take_back_posts(
    *, district_id: str, change_id: UUID, on: date, by: Viewer, source_ip: str, at: datetime
) -> int:  # fmt: skip
    """Let posts that a change of areas ended go on as they were, and those that it gave never begin. Returns how many.

    on: the day that the change counts from. Facts post.last_day_set and post.withdrawn, one audit line. In the
    transaction that takes the change back. Raises Conflict (change_posts_changed): somebody changed one of them since,
    or something is in the hands of one.
    """
    rows = list(
        AreaChangePost.objects.filter(district_id=district_id, change=change_id)
        .select_related("post__area").order_by("id")
    )  # fmt: skip
    ended, given = [row for row in rows if not row.is_new], [row for row in rows if row.is_new]
    last = on - timedelta(days=1)
    lent = Absence.objects.filter(district_id=district_id, post_id__in=[row.post_id for row in given])
    if any(row.post.ends_on != last for row in ended) or lent.exists():
        raise Conflict("change_posts_changed", field="change")
    amend(Post, district_id=district_id, fields=("ends_on",), rows=[(row.post_id, row.before) for row in ended])
    record_many([
        NewFact(district_id=district_id, kind="post.withdrawn" if row.is_new else "post.last_day_set",
                subject_id=row.post_id, at=at, recorded_at=at, actor_id=by.person_id, area_path=row.post.area.path,
                organisation_id=row.post.organisation_id, post_id=row.post_id,
                data={"role": row.post.role_id, "area": row.post.area.code,
                      **({"starts_on": row.post.starts_on.isoformat()} if row.is_new
                         else {"ends_on": row.before.isoformat() if row.before else ""})})
        for row in rows
    ])  # fmt: skip
    try:
        Post.objects.filter(district_id=district_id, id__in=[row.post_id for row in given]).delete()
    except ProtectedError as error:
        raise Conflict("change_posts_changed", field="change") from error
    if rows:
        write_rights_line(by=by, kind="post", object_id=rows[0].post_id, source_ip=source_ip, at=at,
                          did="area_taken_back", data={"posts": len(rows)})  # fmt: skip
    return len(rows)
