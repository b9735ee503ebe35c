"""What the worker does by the clock: wipe what is past its time, every night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.oversight.privacy.actions.retention import apply_retention
from linli.registry.territory.queries import served_districts


@app.periodic(cron="41 2 * * *")
@app.task(queueing_lock="apply_retention_everywhere")
def apply_retention_everywhere(timestamp: int) -> None:
    """Wipe what is past its time, district by district, each with a fact that says how much and what is left."""
    del timestamp
    for code in served_districts():
        apply_retention(district_id=code, at=timezone.now())
