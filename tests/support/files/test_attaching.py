"""Files attached, once and by their sender."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.support.files.conftest import AT

from linli.kernel.errors import InvalidInput, NotFound
from linli.kernel.ids import new_id
from linli.support.files.actions import attach_files, remove_files
from linli.support.files.models import StoredFile
from linli.support.files.queries import StoredFileRow, list_files, open_file

Store = Callable[..., StoredFileRow]
LATER = AT + timedelta(minutes=5)


def refused(district: str, *file_ids: UUID) -> str:
    with pytest.raises(InvalidInput) as caught:
        attach_files(district_id=district, file_ids=file_ids, by="person:a", at=LATER)
    assert (caught.value.code, caught.value.field) == ("file_not_attachable", "file_ids")
    return str(caught.value.params["file_ids"])


def test_attached_files_come_back_in_order(store: Store, district: str) -> None:
    one, two = store(), store()
    attached = attach_files(district_id=district, file_ids=[two.id, one.id], by="person:a", at=LATER)
    assert attached == [replace(two, attached_at=LATER), replace(one, attached_at=LATER)]
    assert list_files(district_id=district, file_ids=[two.id, one.id]) == attached


@pytest.mark.parametrize("count", [1, 3])
def test_attaching_takes_two_queries(
    store: Store, district: str, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = [store().id for _ in range(count)]
    with django_assert_num_queries(4):  # two, and the savepoint of the test's own transaction
        attach_files(district_id=district, file_ids=ids, by="person:a", at=LATER)


def test_attaching_nothing_is_nothing(district: str) -> None:
    assert attach_files(district_id=district, file_ids=[], by="person:a", at=LATER) == []


def test_file_of_somebody_else_cannot_be_attached(store: Store, district: str) -> None:
    mine, theirs = store(), store(by="person:b")
    assert refused(district, mine.id, theirs.id) == str(theirs.id)
    assert StoredFile.objects.filter(attached_at__isnull=False).count() == 0


def test_file_cannot_be_attached_twice(store: Store, district: str) -> None:
    row = store()
    attach_files(district_id=district, file_ids=[row.id], by="person:a", at=LATER)
    assert refused(district, row.id) == str(row.id)


def test_unknown_file_and_one_of_another_in_another_district_cannot_be_attached(store: Store, district: str) -> None:
    unknown, elsewhere = new_id(), store(district_id="990102", by="person:b").id
    assert refused(district, unknown, elsewhere) == f"{unknown}, {elsewhere}"
    assert StoredFile.objects.get(id=elsewhere).district_id == "990102"


def test_file_that_waits_in_another_district_is_taken_along(
    store: Store, district: str, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    row = store(district_id="990102")
    with django_capture_on_commit_callbacks(execute=True):
        attached = attach_files(district_id=district, file_ids=[row.id], by="person:a", at=LATER)
    assert [(each.id, each.district_id) for each in attached] == [(row.id, district)]
    assert open_file(attached[0]).is_file()
    assert StoredFile.objects.filter(id=row.id).values_list("district_id", "attached_at").get() == (district, LATER)
    with pytest.raises(NotFound):
        open_file(row)


def test_removed_file_cannot_be_attached(store: Store, district: str) -> None:
    row = store()
    remove_files(district_id=district, file_ids=[row.id], at=AT)
    assert refused(district, row.id) == str(row.id)
