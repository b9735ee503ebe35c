"""The arithmetic of the ledger: canonical JSON, Merkle trees, seals, the check, the export's lines."""
