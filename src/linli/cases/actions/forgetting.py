"""Letting go of what was left to reach a reporter by, once its time is over."""

from datetime import datetime, timedelta

from django.db import transaction

from linli.cases.models import Reporter

CONTACT_DAYS = Reporter.personal_data["phone"].retention_days


@transaction.atomic
def forget_contacts(*, district_id: str, at: datetime) -> int:
    """Wipe names and telephone numbers of cases closed longer ago than their retention says. Returns how many. 1 query.

    The words of who joined a case stay with the case. Source: Personal Information Protection Law, art. 19 and 47.
    """
    if CONTACT_DAYS is None:
        return 0
    old = Reporter.objects.filter(district_id=district_id, case__closed_at__lt=at - timedelta(days=CONTACT_DAYS))
    return old.exclude(name=b"", phone=b"").update(name=b"", phone=b"", phone_index=b"")
