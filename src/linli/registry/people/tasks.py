"""What the worker does here by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.registry.people.actions.sessions import forget_old_sessions


@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="registry.people.forget_ended_sessions")
def forget_ended_sessions(timestamp: int) -> int:
    """Forget sessions that are over, every hour."""
    del timestamp
    return forget_old_sessions(at=timezone.now())
