"""The check code of a frozen list is sent to those who watch over draws: nobody can say later that it was another."""

from datetime import datetime

from django.utils import timezone

from linli.kernel.ids import new_id
from linli.oversight.reviews.models import Draw, Juror
from linli.registry.people.choices import Verb
from linli.registry.people.queries import list_role_posts, role_codes
from linli.support.notices.actions import notify

COMMITTED = "review_draw.committed"
_WATCHERS = (Verb.UNSEAL_BALLOTS, Verb.READ_AUDIT)


def tell_observers(draw: Draw, at: datetime) -> None:
    """Tell discipline, auditors and seated jurors, here and outside as each chose, in the commit's own transaction.

    At most 10 queries. The message holds the whole check code; it stays in their mail whatever is done here later.
    """
    roles = sorted({role for verb in _WATCHERS for role in role_codes(verb)})
    posts = list_role_posts(district_id=draw.district_id, roles=roles, area_path=draw.district_id,
                            on=timezone.localdate(at))  # fmt: skip
    jurors = Juror.objects.filter(district_id=draw.district_id, session__draw=draw).order_by("id")
    people = {post.person_id for post in posts} | set(jurors.values_list("person_id", flat=True))
    notify(district_id=draw.district_id, people=sorted(people), message_id=new_id(), kind=COMMITTED, subject_id=draw.id,
           at=at)  # fmt: skip
