"""Files let go."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from procrastinate.contrib.django import app
from pytest_django import DjangoCaptureOnCommitCallbacks
from tests.support.files.conftest import AT, files_in

from linli.kernel.errors import NotFound
from linli.support.files.actions import attach_files, remove_files, remove_orphans, remove_strays
from linli.support.files.models import StoredFile
from linli.support.files.queries import StoredFileRow, get_file, open_file
from linli.support.files.tasks import remove_orphan_files, remove_stray_files

Store = Callable[..., StoredFileRow]
DAY = timedelta(hours=24)


def make_old(root: Path, at: datetime) -> None:
    for path in files_in(root):
        os.utime(path, (at.timestamp(), at.timestamp()))


def test_orphans_die_after_a_day_and_attached_files_do_not(
    store: Store, root: Path, district: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    kept, young, elsewhere = store(), store(at=AT + timedelta(hours=1)), store(district_id="990102")
    store()
    attach_files(district_id=district, file_ids=[kept.id], by="person:a", at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_orphans(at=AT + DAY + timedelta(seconds=1)) == 2
    assert {row.id for row in StoredFile.objects.order_by("id")} == {kept.id, young.id}
    assert {path.name[:36] for path in files_in(root)} == {str(kept.id), str(young.id)}
    assert get_file(district_id="990102", file_id=elsewhere.id) is None


def test_orphans_live_for_a_day(store: Store) -> None:
    row = store()
    assert remove_orphans(at=AT + DAY) == 0
    assert open_file(row).is_file()


def test_pictures_of_orphans_stay_until_their_rows_are_gone_for_good(store: Store) -> None:
    row = store()
    assert remove_orphans(at=AT + 2 * DAY) == 1  # the test's transaction never commits
    assert open_file(row).is_file()


def test_removed_file_keeps_its_row_only(
    store: Store, root: Path, district: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    row, other = store(), store()
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_files(district_id=district, file_ids=[row.id], at=AT) == 1
    left = get_file(district_id=district, file_id=row.id)
    assert left is not None
    assert left.removed_at == AT
    assert {path.name[:36] for path in files_in(root)} == {str(other.id)}
    with pytest.raises(NotFound, match="file_removed"):
        open_file(left)


def test_removing_twice_removes_once(store: Store, district: str) -> None:
    row = store()
    counts = [remove_files(district_id=district, file_ids=[row.id], at=AT) for _ in range(2)]
    assert counts == [1, 0]


def test_strays_die_after_a_day(store: Store, root: Path) -> None:
    kept, lost = store(), store()
    StoredFile.objects.filter(id=lost.id).delete()
    unfinished = open_file(kept).with_name(f".{kept.id}.jpg.part")
    unfinished.write_bytes(b"half")
    make_old(root, AT)
    assert remove_strays(at=AT + DAY) == 0
    assert remove_strays(at=AT + DAY + timedelta(seconds=1)) == 3
    assert files_in(root) == sorted([open_file(kept), open_file(kept, "thumbnail")])


def test_strays_are_left_where_the_database_knows_no_file_at_all(store: Store, root: Path) -> None:
    store()
    StoredFile.objects.all().delete()
    make_old(root, AT)
    assert remove_strays(at=AT + 9 * DAY) == 0
    assert len(files_in(root)) == 2


def test_tasks_do_it_at_the_time_they_were_due(store: Store, root: Path) -> None:
    store()
    assert remove_orphan_files(timestamp=int((AT + DAY).timestamp())) == 0
    assert remove_orphan_files(timestamp=int((AT + DAY).timestamp()) + 1) == 1
    assert remove_stray_files(timestamp=int(AT.timestamp())) == 0


def test_tasks_are_due_every_hour_and_every_night() -> None:
    due = {task.task.name.rsplit(".", 1)[1]: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    ours = {name: cron for name, cron in due.items() if name in {"remove_orphan_files", "remove_stray_files"}}
    assert ours == {"remove_orphan_files": "17 * * * *", "remove_stray_files": "41 3 * * *"}
