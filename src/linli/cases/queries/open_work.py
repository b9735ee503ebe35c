"""How much open work posts hold, as a number, for who manages posts: of the cases themselves nothing is told."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count

from linli.cases.models import Case
from linli.cases.rules import may_count_work
from linli.registry.people.queries import posts_by_id
from linli.registry.people.rules import Viewer


def count_open_work(*, viewer: Viewer, post_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Count the open cases of each post within the viewer's reach over posts; others are left out. 2 queries."""
    reached = [
        post.post_id
        for post in posts_by_id(district_id=viewer.district_id, post_ids=post_ids).values()
        if may_count_work(viewer, area_path=post.area_path, organisation_id=post.organisation_id)
    ]
    held = Case.objects.filter(district_id=viewer.district_id, post_id__in=reached, closed_at=None)
    counts = dict(held.order_by("post_id").values_list("post_id").annotate(n=Count("id")))
    return {post_id: counts.get(post_id, 0) for post_id in reached}
