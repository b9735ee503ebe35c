"""Keeping the days of the leaders' board, and taking them away when something is reported for them afterwards."""

from datetime import date, datetime

from django.db import transaction

from linli.cases.models import CaseDay
from linli.cases.queries.days import COLUMNS, count_days, days_to_keep

_BATCH = 2000


@transaction.atomic
def keep_days(*, district_id: str, at: datetime) -> int:
    """Keep each day that is over and was not kept yet, and say how many. At most 9 queries, 1 more each 2,000 rows.

    As the day stood when it was over, if this is done soon after; of older days open, late and the times to close are
    what the cases' dates say now. Two at once do no harm: the second finds the rows there.
    """
    span = days_to_keep(district_id=district_id, at=at)
    if span is None:
        return 0
    first, last = span
    counts = count_days(district_id=district_id, first=first, last=last, at=at)
    rows = [
        CaseDay(district_id=district_id, path=path, day=day, **{name: getattr(count, name) for name in COLUMNS})
        for (path, day), count in sorted(counts.items())
    ]
    CaseDay.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    return (last - first).days + 1


def forget_days(*, district_id: str, since: date) -> int:
    """Take away the days from one on, in the transaction that reports something for it; they are kept anew. 1 query."""
    return CaseDay.objects.filter(district_id=district_id, day__gte=since).delete()[0]
