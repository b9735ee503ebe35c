"""Facts in the order in which they were sealed: a reader that comes back goes on where it stopped and misses none.

By time or id a late commit would slip past a reader. A sealed fact stays where it is, and what is sealed next comes
after it; the price is the minute until the next seal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from linli.ledger.facts.calc.seals import FactRow
from linli.ledger.facts.models import Fact, Seal, SealedFact
from linli.ledger.facts.queries.listing import first_id_of, unsealed_facts
from linli.ledger.facts.queries.tallies import FactFilter, reached_facts

START = (0, -1)
_SCANNED = 500


@dataclass(frozen=True, slots=True)
class LogPage:
    """A stretch of the log. rows: place (seal, position) and fact, in order; after: where it ended; is_end: for now."""

    rows: tuple[tuple[tuple[int, int], FactRow], ...]
    after: tuple[int, int]
    is_end: bool


def read_log(wanted: FactFilter, *, after: tuple[int, int] = START, limit: int = 100) -> LogPage:
    """Read on after a place. 2 queries. after: seal number and position of the last one read.

    At most 500 sealed facts are looked at, so a page may hold fewer than limit, or none, and not be the end.
    """
    seal, position = after
    beyond = Q(seal_number__gte=seal) & (Q(seal_number__gt=seal) | Q(position__gt=position))
    sealed = SealedFact.objects.filter(beyond, district_id=wanted.district_id).order_by("seal_number", "position")
    places = list(sealed.values_list("fact_id", "seal_number", "position")[:_SCANNED])
    reached = reached_facts(wanted).filter(id__in=[place[0] for place in places])
    facts = {fact.id: fact.as_row() for fact in reached.order_by()}
    rows = [((place[1], place[2]), facts[place[0]]) for place in places if place[0] in facts]
    if len(rows) > limit:
        return LogPage(tuple(rows[:limit]), rows[limit - 1][0], is_end=False)
    last = (places[-1][1], places[-1][2]) if places else after
    return LogPage(tuple(rows), last, is_end=len(places) < _SCANNED)


def read_tail(wanted: FactFilter, *, made_since: datetime, limit: int = 100) -> list[FactRow]:
    """Read what was recorded since and no seal holds yet, in the order of ids, at most so many. 1 query.

    What is read here stands in the log later, and a late commit may stand there alone: who may miss nothing reads both.
    """
    waiting = unsealed_facts(wanted.district_id).filter(id__gte=first_id_of(made_since)).values("id")
    return [fact.as_row() for fact in reached_facts(wanted).filter(id__in=waiting).order_by("id")[:limit]]


def end_of_log(district_id: str) -> tuple[int, int]:
    """Tell the place after all that is sealed now. 1 query."""
    last = Seal.objects.filter(district_id=district_id).order_by("-number").values_list("number", "size").first()
    return (last[0], last[1] - 1) if last else START


def facts_by_id(*, district_id: str, ids: Sequence[UUID]) -> dict[UUID, FactRow]:
    """Read facts by id. Whoever calls has asked whether the reader may see them. 1 query."""
    return {fact.id: fact.as_row() for fact in Fact.objects.filter(district_id=district_id, id__in=ids).order_by()}
