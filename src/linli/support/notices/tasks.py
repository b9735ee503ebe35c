"""What the worker does here by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.registry.territory.queries import served_districts
from linli.support.notices.actions.choosing import forget_choices
from linli.support.notices.actions.sending import send_due
from linli.support.notices.actions.systems import call_systems


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="send_deliveries")
def send_deliveries(timestamp: int) -> int:
    """Send what is due outside, every ten seconds, district by district."""
    del timestamp
    return sum(send_due(district_id=code, at=timezone.now()) for code in served_districts())


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="call_systems")
def call_systems_everywhere(timestamp: int) -> int:
    """Call other systems with what is due for them, every ten seconds."""
    del timestamp
    return sum(call_systems(district_id=code, at=timezone.now()) for code in served_districts())


@app.periodic(cron="27 3 * * *")
@app.task(queueing_lock="forget_choices_of_notices")
def forget_choices_everywhere(timestamp: int) -> int:
    """Wipe addresses and choices of people who serve no more, every night."""
    del timestamp
    return sum(forget_choices(district_id=code, at=timezone.now()) for code in served_districts())
