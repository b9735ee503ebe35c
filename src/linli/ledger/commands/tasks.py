"""What the worker does here by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.ledger.commands.actions.limiting import forget_tries


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="ledger.commands.forget_old_tries")
def forget_old_tries(timestamp: int) -> int:
    """Forget tries that count no more, every hour."""
    del timestamp
    return forget_tries(at=timezone.now())
