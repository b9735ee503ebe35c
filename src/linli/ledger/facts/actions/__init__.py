"""Writing facts, and sealing them."""

from linli.ledger.facts.actions.recording import NewFact, record, record_many
from linli.ledger.facts.actions.sealing import seal_new

__all__ = ["NewFact", "record", "record_many", "seal_new"]
