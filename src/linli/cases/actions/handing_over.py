"""Handing over all open work of some posts to another one, in one step, when somebody leaves or two change places."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from linli.cases.actions.recording import FACTS, fact_data
from linli.cases.actions.stepping import lapse_disputes
from linli.cases.choices import Action
from linli.cases.models import Case, CaseStep
from linli.cases.rules import may_hand_over
from linli.kernel.errors import InvalidInput, NotFound
from linli.ledger.commands.actions import queue_message
from linli.ledger.facts.actions import NewFact, record_many
from linli.registry.people.choices import Verb
from linli.registry.people.queries import Holder, find_holder, posts_by_id
from linli.registry.people.rules import Viewer

BATCH = 1000


@transaction.atomic
def hand_over(*, from_posts: Sequence[UUID], to_post: UUID, by: Viewer, at: datetime) -> int:
    """Give every open case of some posts, ended ones too, to a post that is held today. Returns how many.

    Deadlines and stages stay as they are. Locks these cases; 8 queries and 4 per 1,000 cases: a line of history and a
    fact each, one message. Once more, there is nothing left to hand over. Raises NotFound, InvalidInput naming to,
    NotAllowed.
    """
    known = posts_by_id(district_id=by.district_id, post_ids=[*from_posts])
    if not from_posts or set(known) != set(from_posts):
        raise NotFound("no_such_post_here")
    to = find_holder(district_id=by.district_id, post_id=to_post, verb=Verb.WORK_CASES, on=timezone.localdate(at))
    if to is None or to_post in known:
        raise InvalidInput("no_such_post", field="to")
    for post in known.values():
        may_hand_over(by, area_path=post.area_path, organisation_id=post.organisation_id, to=to).require()
    open_cases = Case.objects.filter(district_id=by.district_id, post_id__in=known, closed_at=None)
    cases = list(open_cases.select_for_update().order_by("id"))
    for start in range(0, len(cases), BATCH):
        _give(cases[start : start + BATCH], to, by, at)
    if cases:
        queue_message(
            district_id=by.district_id, kind=FACTS[Action.HAND_OVER], subject_id=cases[0].id, at=at,
            data={"area_path": "", "organisation": str(to.organisation_id), "post": str(to.post_id),
                  "cases": len(cases)},
        )  # fmt: skip
    return len(cases)


def _give(cases: Sequence[Case], to: Holder, by: Viewer, at: datetime) -> None:
    steps, facts = [], []
    for case in cases:
        said = {"gave_from": str(case.post_id), "gave_to": str(to.post_id), "level": to.level}
        steps.append(
            CaseStep(district_id=case.district_id, case=case, at=at, action=Action.HAND_OVER, from_state=case.state,
                     to_state=case.state, by_kind="staff", by_person=by.person_id, data=said)
        )  # fmt: skip
        facts.append(
            NewFact(district_id=case.district_id, kind=FACTS[Action.HAND_OVER], subject_id=case.id, at=at,
                    recorded_at=at, actor_id=by.person_id, area_path=case.area_path,
                    organisation_id=to.organisation_id, post_id=to.post_id,
                    data=fact_data(case, from_state=case.state, reason="", values=said))
        )  # fmt: skip
    Case.objects.filter(district_id=by.district_id, id__in=[case.id for case in cases]).update(
        post_id=to.post_id, organisation_id=to.organisation_id, level=to.level, is_hole=False, version=F("version") + 1
    )
    lapse_disputes(by.district_id, [case.id for case in cases], at, but_of=to.organisation_id)
    CaseStep.objects.bulk_create(steps)
    record_many(facts)
