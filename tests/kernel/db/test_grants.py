from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection, transaction
from tests.kernel.db.sample.rows import Line, Street

from linli.kernel.db.grants import grant_application_role
from linli.kernel.ids import new_id

ROLE = "linli_test_application"


@pytest.fixture
def granted(tables: None) -> Iterator[None]:
    """Become a role with the application's rights, in this test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        grant_application_role(connection, ROLE, append_only=["sample_line"])
        grant_application_role(connection, ROLE, append_only=["sample_line"])
        cursor.execute(f"SET ROLE {ROLE}")
        yield
        cursor.execute("RESET ROLE")


def test_append_only_table_takes_new_rows_and_shows_them(granted: None) -> None:
    line = Line.objects.create(district_id="210106", text="一")

    assert list(Line.objects.all()) == [line]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sample_line SET text = ''",
        "DELETE FROM sample_line",
        "TRUNCATE sample_line",
        "SELECT * FROM sample_line FOR UPDATE",
        "DROP TABLE sample_line",
        "ALTER TABLE sample_line DISABLE TRIGGER ALL",
    ],
)
def test_append_only_table_is_not_changed(granted: None, change: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(change)


def test_append_only_table_takes_no_upsert(granted: None) -> None:
    line = Line.objects.create(district_id="210106", text="一")
    again = [Line(id=line.id, district_id="210106", text="二")]
    keys = ["id", "district_id"]

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Line.objects.bulk_create(again, update_conflicts=True, unique_fields=keys, update_fields=["text"])


def test_other_tables_are_written_and_deleted(granted: None) -> None:
    street = Street.objects.create(district_id="210106", name="北二路")
    street.name = "兴华街"
    street.save()

    assert street.delete() == (1, {"sample.Street": 1})


def test_later_table_is_open_to_the_role(granted: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("CREATE TABLE sample_later (id uuid, n serial)")
        cursor.execute(f"SET ROLE {ROLE}")
        cursor.execute("INSERT INTO sample_later (id) VALUES (%s)", [new_id()])
        cursor.execute("SELECT count(*) FROM sample_later")

        assert cursor.fetchone() == (1,)


def test_owner_as_application_role_is_refused(db: None) -> None:
    with pytest.raises(ImproperlyConfigured, match="superuser or owns"):
        grant_application_role(connection, connection.settings_dict["USER"])


def test_unknown_role_is_refused(db: None) -> None:
    with pytest.raises(ImproperlyConfigured, match="no role nobody_here"):
        grant_application_role(connection, "nobody_here")
