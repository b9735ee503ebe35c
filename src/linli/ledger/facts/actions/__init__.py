"""Writing facts, and sealing them."""

from linli.ledger.facts.actions.loading import TABLES, PackedFacts, last_seal, load_facts, pack_facts
from linli.ledger.facts.actions.recording import NewFact, record, record_many
from linli.ledger.facts.actions.sealing import seal_new

__all__ = [
    "TABLES",
    "NewFact",
    "PackedFacts",
    "last_seal",
    "load_facts",
    "pack_facts",
    "record",
    "record_many",
    "seal_new",
]
