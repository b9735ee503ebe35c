"""Who left so long ago that nobody needs to reach them any more."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.registry.people.models import Person, Post

GONE = "gone"  # and the id: as much as fits into a roster's number


def gone_people(*, district_id: str, before: date) -> QuerySet[Person, UUID]:
    """Give the ids of people whose last post ended before a day and who are still named, oldest first.

    Who never held a post is not told by it: they may be waiting for their first.
    """
    posts = Post.objects.filter(district_id=district_id, person_id=OuterRef("id"))
    lasting = posts.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=before))
    people = Person.objects.filter(district_id=district_id).exclude(code__startswith=GONE)
    return people.filter(Exists(posts), ~Exists(lasting)).order_by("id").values_list("id", flat=True)
