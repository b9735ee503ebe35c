"""Reading facts, checking seals, and writing the ledger out so that others can check it."""

from linli.ledger.facts.queries.exporting import export_ledger, verify_export
from linli.ledger.facts.queries.listing import (
    count_facts_by_kind,
    last_seals,
    list_districts_with_facts,
    list_facts,
    list_seals,
    seal_lag_s,
    unsealed_facts,
)
from linli.ledger.facts.queries.proving import inclusion_proof
from linli.ledger.facts.queries.verifying import verify_ledger

__all__ = [
    "count_facts_by_kind",
    "export_ledger",
    "inclusion_proof",
    "last_seals",
    "list_districts_with_facts",
    "list_facts",
    "list_seals",
    "seal_lag_s",
    "unsealed_facts",
    "verify_export",
    "verify_ledger",
]
