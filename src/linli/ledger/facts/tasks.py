"""Sealing by the clock."""

from datetime import datetime, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.ledger.facts.actions import seal_new
from linli.ledger.facts.queries import list_districts_with_facts

LOOK_BACK = timedelta(days=2)  # longer than any transaction or stop of the worker that nobody notices
SEAL_SIZE = 10_000  # facts: about half a second of work


@app.periodic(cron="* * * * *")
@app.task(name="ledger.facts.seal_new_facts", queue="ledger", queueing_lock="ledger.facts.seal_new_facts")
def seal_new_facts(timestamp: int) -> None:  # noqa: ARG001 - the minute it was due, which procrastinate hands over
    """Seal each minute what was recorded lately."""
    made_since = timezone.now() - LOOK_BACK
    for district_id in list_districts_with_facts(made_since=made_since):
        _seal_district(district_id, made_since=made_since)


@app.periodic(cron="40 3 * * *")
@app.task(name="ledger.facts.seal_all_facts", queue="ledger", queueing_lock="ledger.facts.seal_all_facts")
def seal_all_facts(timestamp: int) -> None:  # noqa: ARG001
    """Seal each night whatever the minutes' look-back left out: late commits, loads with ids of the past."""
    for district_id in list_districts_with_facts():
        _seal_district(district_id, made_since=None)


def _seal_district(district_id: str, *, made_since: datetime | None) -> None:
    """Make full seals as long as there are facts for one, then the last one; what comes meanwhile can wait."""
    size = SEAL_SIZE
    while size == SEAL_SIZE:
        seal = seal_new(district_id=district_id, at=timezone.now(), limit=SEAL_SIZE, made_since=made_since)
        size = seal.size if seal else 0
