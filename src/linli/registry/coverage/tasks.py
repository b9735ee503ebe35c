"""What the worker does for coverage: holes that appear because a day passed, or a sheet was taken in."""

from django.utils import timezone
from procrastinate.contrib.django import app

from linli.registry.coverage.actions import check_coverage
from linli.registry.territory.queries import served_districts


@app.task
def check_coverage_of(district_id: str) -> None:
    """Look for holes in a whole district."""
    check_coverage(district_id=district_id, at=timezone.now())


@app.periodic(cron="2 * * * *")
@app.task(queueing_lock="check_coverage_of_all")
def check_coverage_of_all(timestamp: int) -> None:
    """Look for holes every hour, district by district: terms end and begin at midnight, whoever's midnight it is."""
    del timestamp
    for district_id in served_districts():
        check_coverage(district_id=district_id, at=timezone.now())
