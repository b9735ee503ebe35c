"""Every declared time, and how to count what is past it. The build fails for a declaration that no term covers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from linli.cases.queries.retention import CONTACT_DAYS, WORDS_DAYS, cases_with_words, contacts_left
from linli.ledger.audit.queries import count_traces
from linli.ledger.commands.queries import count_delivered
from linli.oversight.privacy.queries.requests import count_answered
from linli.programmes.visits.queries.targets import WORDS_DAYS as VISIT_DAYS
from linli.programmes.visits.queries.targets import visits_with_words
from linli.registry.people.queries.leaving import gone_people
from linli.registry.sheets.queries.importing import count_untouched

# Lines of the audit log that are of no district: tries to sign in by a name that is nobody's.
STRANGERS = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One time and the fields it is declared for. count: how much of a district is past it, for the day it begins."""

    code: str
    days: int
    covers: tuple[str, ...]
    count: Callable[[str, datetime], int]

    def before(self, at: datetime) -> datetime:
        """Tell what is past it: whatever ended before this."""
        return at - timedelta(days=self.days)

    def past_due(self, district_id: str, at: datetime) -> int:
        """Count what is past it now. 1 query, 2 for traces."""
        return self.count(district_id, self.before(at))


def _traces(district_id: str, before: datetime) -> int:
    return sum(count_traces(district_id=code, before=before) for code in (district_id, STRANGERS))


TERMS = (
    Term(
        "contacts", CONTACT_DAYS,
        ("cases.Reporter.name", "cases.Reporter.phone", "cases.Reporter.phone_index"),
        lambda district_id, before: contacts_left(district_id=district_id, before=before).count(),
    ),
    Term(
        "words", WORDS_DAYS,
        ("cases.Case.title", "cases.Case.text", "cases.Case.address", "cases.Case.place", "cases.Case.search",
         "cases.Reporter.text", "cases.CaseStep.note", "cases.Verification.comment",
         "cases.Supervision.demand", "cases.Supervision.answer", "cases.Supervision.closing", "cases.Card.appeal",
         "cases.Card.ruling",
         "files.StoredFile.sha256", "files.StoredFile.uploaded_by"),
        lambda district_id, before: cases_with_words(district_id=district_id, before=before).count(),
    ),
    Term(
        "people", 3 * 365,
        ("people.Person.code", "people.Person.name", "people.Person.work_phone", "people.Absence.kind",
         "people.Login.username"),
        lambda district_id, before: gone_people(
            district_id=district_id, before=timezone.localdate(before)
        ).count(),
    ),
    Term(
        "imports", 7,
        ("sheets.SheetImport.contents", "sheets.SheetImport.report", "sheets.SheetImport.file_name",
         "sheets.SheetImport.source_ip"),
        lambda district_id, before: count_untouched(district_id=district_id, before=before),
    ),
    Term(
        "messages", 30, ("commands.OutboxMessage.last_error",),
        lambda district_id, before: count_delivered(district_id=district_id, before=before),
    ),
    Term(
        "requests", 3 * 365, ("privacy.DataRequest.wish", "privacy.DataRequest.answer"),
        lambda district_id, before: count_answered(district_id=district_id, before=before),
    ),
    Term(
        "visits", VISIT_DAYS, ("visits.Visit.note", "visits.Visit.door_index"),
        lambda district_id, before: visits_with_words(district_id=district_id, before=before).count(),
    ),
    Term(
        "traces", 400,
        ("audit.AuditLine.actor_name", "audit.AuditLine.source_ip", "audit.AuditLine.object_id",
         "audit.AuditLine.data"),
        _traces,
    ),
)  # fmt: skip
