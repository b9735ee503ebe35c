"""Facts within a reader's reach, page by page."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from linli.ledger.facts.calc.seals import FactRow
from linli.ledger.facts.queries.tallies import FactFilter, reached_facts


def list_reached_facts(
    wanted: FactFilter,
    *,
    kinds: Collection[str] = (),
    subject_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[FactRow]:
    """List the facts that lie within the filter, newest first. 1 query.

    kinds: () for all; after: (at, id) of the last row of the page before. The filter says what the reader may see.
    """
    found = reached_facts(wanted)
    if kinds:
        found = found.filter(kind__in=kinds)
    if subject_id is not None:
        found = found.filter(subject_id=subject_id)
    if after is not None:
        at, fact_id = after
        found = found.filter(Q(at__lte=at) & (Q(at__lt=at) | Q(id__lt=fact_id)))
    return [fact.as_row() for fact in found.order_by("-at", "-id")[:limit]]
