"""Telling people, here and outside."""

from linli.support.notices.actions.telling import forget_notices, mark_read, notify, queue_deliveries

__all__ = ["forget_notices", "mark_read", "notify", "queue_deliveries"]
