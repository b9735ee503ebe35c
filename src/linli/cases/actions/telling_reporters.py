"""Reporters are told by text message how far it is, if they asked for it, and no more when they say so."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.cases.queries.telling import own_news, reporters_wanting_news
from linli.support.notices.actions import queue_deliveries
from linli.support.notices.calc.timing import due_at
from linli.support.notices.choices import Channel, Pace, Whom
from linli.support.notices.queries.deliveries import was_told
from linli.support.notices.queries.preferences import FIRST

# Taken over, handled and asked how it went, closed: what the reporter can see on the page, said once each.
_NEWS = {
    "case.accepted": "told.accepted",
    "case.handled": "told.accepted",
    "case.reported_back": "told.reported_back",
    "case.closed": "told.closed",
}
# What is said once a case, whichever step came first; the others again when it was opened again.
_ONCE = frozenset({"told.accepted"})


def tell_reporters(*, district_id: str, kind: str, case_id: UUID, message_id: UUID, at: datetime) -> None:
    """Queue the text message that belongs to a step, if any, for all who reported it. At most 3 queries.

    Not at night. Of cases that are merged into this one there is a message each.
    """
    news = _NEWS.get(kind)
    if news is None:
        return
    reporters = reporters_wanting_news(district_id=district_id, case_id=case_id)
    if not reporters or (news in _ONCE and was_told(district_id=district_id, kind=news, subject_id=case_id)):
        return
    due = due_at(timezone.localtime(at), pace=Pace.AT_ONCE, quiet_from=FIRST.quiet_from, quiet_to=FIRST.quiet_to)
    to = [(Whom.REPORTER, reporter_id, Channel.SMS.value, due) for reporter_id in reporters]
    queue_deliveries(district_id=district_id, to=to, message_id=message_id, kind=news, subject_id=case_id, at=at)


@transaction.atomic
def stop_news(*, district_id: str, case_id: UUID, reporter_id: UUID | None = None) -> None:
    """Tell somebody no more by text message, nor what is on its way: who joined, or the first reporter (None).

    1 query. Whoever calls checked the code.
    """
    own_news(district_id=district_id, case_id=case_id, reporter_id=reporter_id).update(wants_news=False)
