"""What the worker does for imports."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.registry.sheets.actions.importing import forget_imports, work_off
from linli.registry.sheets.queries.importing import list_waiting
from linli.registry.territory.queries import served_districts

# Longer than any step takes: what waits longer was left behind by a worker that was stopped.
_LEFT_BEHIND = timedelta(minutes=3)


@app.task
def work_off_import(district_id: str, import_id: str) -> None:
    """Take the next step of one import."""
    work_off(district_id=district_id, import_id=UUID(import_id), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="work_off_left_behind")
def work_off_left_behind(timestamp: int) -> None:
    """Go on each minute with imports that a stopped worker left behind."""
    del timestamp
    at = timezone.now()
    for district_id in served_districts():
        for import_id in list_waiting(district_id=district_id, moved_before=at - _LEFT_BEHIND):
            work_off(district_id=district_id, import_id=import_id, at=at)


@app.periodic(cron="23 3 * * *")
@app.task(queueing_lock="forget_old_imports")
def forget_old_imports(timestamp: int) -> None:
    """Wipe imports a week old, every night."""
    del timestamp
    for district_id in served_districts():
        forget_imports(district_id=district_id, at=timezone.now())
