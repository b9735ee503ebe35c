"""What a notice outside tells of a case: its number, until when, where it is looked at; nothing of what it says."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from linli.cases.models import FIRST, Case, Reporter
from linli.kernel.crypto import decrypt
from linli.support.notices.queries.subjects import Subject


def tell_of_cases(district_id: str, case_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """Tell of cases by number. 1 query. Whoever opens the page that it leads to is asked for their rights there."""
    rows = Case.objects.filter(district_id=district_id, id__in=case_ids).values_list("id", "number", "due_at")
    return {
        case_id: Subject(number, due_at, f"/desk/cases/{case_id}/", f"/follow/?number={number}")
        for case_id, number, due_at in rows
    }


def reporters_wanting_news(*, district_id: str, case_id: UUID) -> list[UUID]:
    """List who asked to be told of a case: its first reporter and those who joined. 1 query."""
    found = Reporter.objects.filter(district_id=district_id, case_id=case_id, wants_news=True)
    return list(found.order_by("joined_at", "id").values_list("id", flat=True))


def wants_news(*, district_id: str, case_id: UUID, reporter_id: UUID | None) -> bool:
    """Tell whether somebody is told of a case: who joined, or its first reporter (None). 1 query."""
    return own_news(district_id=district_id, case_id=case_id, reporter_id=reporter_id).exists()


def own_news(*, district_id: str, case_id: UUID, reporter_id: UUID | None) -> QuerySet[Reporter]:
    """Give the row of who joined, or of the first reporter (None), where they are told."""
    mine = Q(id=reporter_id) if reporter_id else FIRST
    return Reporter.objects.filter(mine, district_id=district_id, case_id=case_id, wants_news=True)


def news_phones(district_id: str, reporter_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Read the numbers of those who asked for news and still want them, with their consent. 1 query."""
    rows = Reporter.objects.filter(district_id=district_id, id__in=reporter_ids, wants_news=True, consent__gt=0)
    phones = {row_id: decrypt(sealed, purpose="reporter.phone") for row_id, sealed in rows.values_list("id", "phone")}
    return {row_id: phone for row_id, phone in phones.items() if phone}
