"""What the worker does with files by itself."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from linli.support.files.actions import look_at_files, remove_orphans, remove_strays


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="remove_orphan_files")
def remove_orphan_files(timestamp: int) -> int:
    """Remove what nobody attached, every hour. timestamp: when it was due, in seconds since 1970 UTC."""
    return remove_orphans(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="remove_stray_files")
def remove_stray_files(timestamp: int) -> int:
    """Remove pictures that no row knows, every night. timestamp: when it was due, in seconds since 1970 UTC."""
    return remove_strays(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="look_at_photos", lock="look_at_photos")
def look_at_photos(timestamp: int) -> int:
    """Look at photos for numbers of people, every minute, a few at a time. timestamp: when it was due, in seconds."""
    return look_at_files(at=datetime.fromtimestamp(timestamp, UTC))
