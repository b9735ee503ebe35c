"""The ledger: what happened, who looked, and what was asked for. Ids only, so it lies lowest."""
