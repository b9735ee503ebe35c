"""Keeping the days of the leaders' board, and taking them away when something is reported for them afterwards."""

from datetime import date, datetime

from django.db import connection, transaction

from linli.cases.models import CaseDay
from linli.cases.queries.days import COLUMNS, count_days, days_to_keep

_BATCH = 2000
# Held until the transaction ends: what is being counted, and what is reported for a day before, wait for each other.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('linli.cases.days'), hashtext(%s))"


@transaction.atomic
def keep_days(*, district_id: str, at: datetime) -> int:
    """Keep each day that is over and was not kept yet, and say how many. At most 11 queries, 1 more each 2,000 rows.

    As the day stood when it was over, if this is done soon after; of older days open, late and the times to close are
    what the cases' dates say now. Locks the district's days; no case waits for that but one of a sheet.
    """
    _wait_for_others(district_id)
    span = days_to_keep(district_id=district_id, at=at)
    if span is None:
        return 0
    first, last = span
    counts = count_days(district_id=district_id, first=first, last=last, at=at)
    rows = [
        CaseDay(district_id=district_id, path=path, day=day, **{name: getattr(count, name) for name in COLUMNS})
        for (path, day), count in sorted(counts.items())
    ]
    CaseDay.objects.bulk_create(rows, batch_size=_BATCH)
    return (last - first).days + 1


def forget_days(*, district_id: str, since: date) -> int:
    """Take away the days from one on, in the transaction that reports something for it; they are kept anew. 2 queries.

    Call it after what is reported, not before: whoever counts meanwhile is waited for, and what they kept goes too.
    """
    _wait_for_others(district_id)
    return CaseDay.objects.filter(district_id=district_id, day__gte=since).delete()[0]


def _wait_for_others(district_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [district_id])
