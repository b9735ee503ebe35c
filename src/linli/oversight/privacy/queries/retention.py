"""What is past its declared time, and what the last nights wiped: for the auditor and the command."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linli.ledger.facts.queries.listing import list_facts
from linli.oversight.privacy.queries.terms import TERMS
from linli.registry.people.rules import Viewer, may_read_audit

APPLIED, LEFT = "retention.applied", "_left"
_LOOKED_BACK = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class TermRow:
    """A declared time and how much is past it now; days after the row's business has ended."""

    code: str
    days: int
    past_due: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """One night: how much of each kind was wiped, how much was left past its time. is_proven: nothing."""

    fact_id: UUID
    at: datetime
    wiped: Mapping[str, int]
    left: int

    @property
    def is_proven(self) -> bool:
        """Whether the question asked again found nothing."""
        return self.left == 0


def list_terms(*, district_id: str, at: datetime) -> list[TermRow]:
    """Count what of a district is past its time, in the order of the terms. 7 queries.

    Whoever calls has asked whether the reader may know: counts alone, of nobody.
    """
    return [TermRow(term.code, term.days, term.past_due(district_id, at)) for term in TERMS]


def list_runs(*, district_id: str, at: datetime, limit: int = 14) -> list[RunRow]:
    """List the last nights, newest first, from facts. 1 query. As `list_terms`."""
    facts = list_facts(
        district_id=district_id, kinds=[APPLIED], since=at - _LOOKED_BACK, is_newest_first=True, limit=limit
    )
    return [_run(fact.id, fact.at, fact.data) for fact in facts]


def retention_for(*, viewer: Viewer, at: datetime) -> tuple[list[TermRow], list[RunRow]]:
    """Give both for the auditor's page. 8 queries. Raises NotAllowed."""
    may_read_audit(viewer).require()
    return list_terms(district_id=viewer.district_id, at=at), list_runs(district_id=viewer.district_id, at=at)


def _run(fact_id: UUID, at: datetime, data: Mapping[str, object]) -> RunRow:
    counts = {name: count for name, count in data.items() if isinstance(count, int)}
    wiped = {name: count for name, count in counts.items() if not name.endswith(LEFT)}
    return RunRow(fact_id, at, wiped, sum(count for name, count in counts.items() if name.endswith(LEFT)))
