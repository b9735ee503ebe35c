"""What a notice outside tells of a case: its number, until when, where it is looked at; nothing of what it says."""

from collections.abc import Sequence
from uuid import UUID

from linli.cases.models import Case, Reporter
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
    """List who asked to be told of a case: its first reporter alone, whose code can also end it. 1 query."""
    first = Reporter.objects.filter(district_id=district_id, case_id=case_id, text="").order_by("joined_at", "id")
    rows = list(first.values_list("id", "wants_news")[:1])
    return [reporter_id for reporter_id, wants in rows if wants]


def news_phones(district_id: str, reporter_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Read the numbers of those who asked for news and still want them, with their consent. 1 query."""
    rows = Reporter.objects.filter(district_id=district_id, id__in=reporter_ids, wants_news=True, consent__gt=0)
    phones = {row_id: decrypt(sealed, purpose="reporter.phone") for row_id, sealed in rows.values_list("id", "phone")}
    return {row_id: phone for row_id, phone in phones.items() if phone}
