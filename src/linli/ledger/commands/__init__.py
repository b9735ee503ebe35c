"""Idempotency keys, the outbox, numbers, and the way to ask for a job."""
