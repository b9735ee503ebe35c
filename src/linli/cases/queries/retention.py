"""What of cases is past its declared time: to be wiped, and counted afterwards to prove that nothing is left."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.cases.models import Card, Case, CaseFile, CaseStep, Reporter, Supervision, Verification
from linli.kernel.db.models import Table


def _days(model: type[Table], field: str) -> int:
    days = model.personal_data[field].retention_days
    if days is None:
        message = f"{model.__name__}.{field} is kept without end"
        raise TypeError(message)
    return days


CONTACT_DAYS, WORDS_DAYS = _days(Reporter, "phone"), _days(Case, "text")


def contacts_left(*, district_id: str, before: datetime) -> QuerySet[Reporter, UUID]:
    """Give the ids of reporters with name or number of cases closed before then, oldest first."""
    found = Reporter.objects.filter(district_id=district_id, case__closed_at__lt=before)
    return found.exclude(name=b"", phone=b"", phone_index=b"").order_by("id").values_list("id", flat=True)


def cases_with_words(*, district_id: str, before: datetime) -> QuerySet[Case, UUID]:
    """Give the ids of cases closed before then that have words, notes, comments or photos left, oldest first."""
    mine = {"district_id": district_id, "case_id": OuterRef("id")}
    has_more = (
        Exists(Reporter.objects.filter(**mine).exclude(text=""))
        | Exists(CaseStep.objects.filter(**mine).exclude(note=""))
        | Exists(Verification.objects.filter(**mine).exclude(comment=""))
        | Exists(Supervision.objects.filter(**mine).exclude(demand="", answer="", closing=""))
        | Exists(Card.objects.filter(**mine).exclude(appeal="", ruling=""))
        | Exists(CaseFile.objects.filter(**mine))
    )
    found = Case.objects.filter(district_id=district_id, closed_at__lt=before)
    has_words = ~Q(text="", address=b"", place="") | Q(search__isnull=False)
    return found.filter(has_words | Q(has_more)).order_by("id").values_list("id", flat=True)
