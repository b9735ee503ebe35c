"""A reporter is told by text message how far it is, if they asked for it, and no more when they say so."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.cases.models import Reporter
from linli.cases.queries.telling import reporters_wanting_news
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


def tell_reporter(*, district_id: str, kind: str, case_id: UUID, message_id: UUID, at: datetime) -> None:
    """Queue the text message that belongs to a step, if any, and not at night. At most 3 queries."""
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
def stop_news(*, district_id: str, case_id: UUID) -> None:
    """Tell the reporter no more by text message, nor what is on its way. 1 query. Whoever calls checked the code."""
    Reporter.objects.filter(district_id=district_id, case_id=case_id, wants_news=True).update(wants_news=False)
