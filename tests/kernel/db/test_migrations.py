import pytest
from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, StateApps
from tests.kernel.db.catalogue import constraints

from linli.kernel.db.models import DistrictForeignKey
from linli.kernel.db.schema import SchemaEditor
from linli.kernel.ids import new_id

pytestmark = pytest.mark.django_db

BOTH = "PRIMARY KEY (id, district_id)"
TO_DISTRICT = "FOREIGN KEY (district_id) REFERENCES old_district(code) DEFERRABLE"


def to_row(column: str, table: str) -> str:
    return f"FOREIGN KEY ({column}, district_id) REFERENCES old_{table}(id, district_id) DEFERRABLE"


def district() -> models.ForeignKey:
    return models.ForeignKey("old.district", models.PROTECT, related_name="+", db_index=False)


def row(name: str, **fields: models.Field) -> migrations.CreateModel:
    key = models.UUIDField(primary_key=True, default=new_id, editable=False)
    return migrations.CreateModel(name, [("id", key), ("district", district()), *fields.items()])


def migrated(*operations: Operation, since: ProjectState | None = None) -> ProjectState:
    """Run the operations as one migration does: one editor, a state before and after each."""
    state = since or ProjectState()
    with connection.schema_editor(atomic=True) as editor:
        for operation in operations:
            after = state.clone()
            operation.state_forwards("old", after)
            operation.database_forwards("old", editor, state, after)
            state = after
    return state


@pytest.fixture
def state() -> ProjectState:
    code = models.CharField(max_length=6, primary_key=True)
    key = DistrictForeignKey("old.street", models.CASCADE, related_name="+")
    return migrated(migrations.CreateModel("district", [("code", code)]), row("street"), row("house", street=key))


def test_tables_made_with_both_keys(state: ProjectState) -> None:
    assert constraints("old_street", "p") == [BOTH]
    assert constraints("old_house", "p") == [BOTH]
    assert constraints("old_house", "f") == [TO_DISTRICT, to_row("street_id", "street")]


def test_district_added_later_joins_the_key() -> None:
    code = models.CharField(max_length=6, primary_key=True)
    key = models.UUIDField(primary_key=True, default=new_id)
    migrated(
        migrations.CreateModel("street", [("id", key)]),
        migrations.CreateModel("district", [("code", code)]),
        migrations.AddField("street", "district", district()),
        row("house", street=DistrictForeignKey("old.street", related_name="+")),
    )

    assert constraints("old_street", "p") == [BOTH]
    assert constraints("old_house", "f") == [TO_DISTRICT, to_row("street_id", "street")]


def test_key_added_and_removed(state: ProjectState) -> None:
    corner = DistrictForeignKey("old.street", null=True, related_name="+")
    after = migrated(migrations.AddField("house", "corner", corner), since=state)
    added = constraints("old_house", "f")
    migrated(migrations.RemoveField("house", "corner"), since=after)

    assert added == [to_row("corner_id", "street"), TO_DISTRICT, to_row("street_id", "street")]
    assert constraints("old_house", "f") == [TO_DISTRICT, to_row("street_id", "street")]


def test_key_renamed_keeps_both_columns(state: ProjectState) -> None:
    after = migrated(migrations.RenameField("house", "street", "road"), since=state)
    renamed = constraints("old_house", "f")
    nullable = DistrictForeignKey("old.street", null=True, related_name="+")
    migrated(migrations.AlterField("house", "road", nullable), since=after)

    assert renamed == [TO_DISTRICT, to_row("road_id", "street")]
    assert constraints("old_house", "f") == [TO_DISTRICT, to_row("road_id", "street")]


def test_key_retargeted_points_to_the_other_table(state: ProjectState) -> None:
    elsewhere = DistrictForeignKey("old.yard", related_name="+")
    migrated(row("yard"), migrations.AlterField("house", "street", elsewhere), since=state)

    assert constraints("old_house", "f") == [TO_DISTRICT, to_row("street_id", "yard")]


def test_key_turned_into_plain_column_and_back(state: ProjectState) -> None:
    plain = migrations.AlterField("house", "street", models.UUIDField(db_column="street_id"))
    back = migrations.AlterField("house", "street", DistrictForeignKey("old.street", related_name="+"))
    after = migrated(plain, since=state)
    without = constraints("old_house", "f")
    migrated(back, since=after)

    assert without == [TO_DISTRICT]
    assert constraints("old_house", "f") == [TO_DISTRICT, to_row("street_id", "street")]


def test_type_of_primary_key_altered_takes_along_those_that_point_to_it(state: ProjectState) -> None:
    wider = models.CharField(max_length=36, primary_key=True)
    migrated(migrations.AlterField("street", "id", wider), since=state)

    assert constraints("old_street", "p") == [BOTH]
    assert constraints("old_house", "f") == [TO_DISTRICT, to_row("street_id", "street")]


def test_table_renamed_and_its_target_too(state: ProjectState) -> None:
    migrated(
        migrations.RenameModel("street", "road"),
        migrations.AddField("house", "corner", DistrictForeignKey("old.road", null=True, related_name="+")),
        since=state,
    )

    assert constraints("old_road", "p") == [BOTH]
    assert constraints("old_house", "f") == [
        to_row("corner_id", "road"),
        TO_DISTRICT,
        to_row("street_id", "road"),
    ]


def test_table_deleted_with_what_pointed_to_it(state: ProjectState) -> None:
    migrated(migrations.RemoveField("house", "street"), migrations.DeleteModel("street"), since=state)

    assert constraints("old_house", "f") == [TO_DISTRICT]
    assert "old_street" not in connection.introspection.table_names()


def test_rows_written_and_table_altered_in_one_transaction(state: ProjectState) -> None:
    def write(apps: StateApps, editor: SchemaEditor) -> None:
        apps.get_model("old", "district").objects.create(code="210106")
        apps.get_model("old", "street").objects.create(district_id="210106")

    note = models.TextField(default="")
    migrated(migrations.RunPython(write), migrations.AddField("street", "note", note), since=state)

    assert constraints("old_street", "p") == [BOTH]


def test_unique_constraint_and_index_added_and_removed(state: ProjectState) -> None:
    once = models.UniqueConstraint(fields=["district", "street"], name="one_house_a_street")
    after = migrated(migrations.AddConstraint("house", once), since=state)
    added = constraints("old_house", "u")
    migrated(migrations.RemoveConstraint("house", "one_house_a_street"), since=after)

    assert added == ["UNIQUE (district_id, street_id)"]
    assert constraints("old_house", "u") == []


def test_relations_read_back_by_introspection(state: ProjectState) -> None:
    with connection.cursor() as cursor:
        relations = connection.introspection.get_relations(cursor, "old_house")
        key = connection.introspection.get_primary_key_columns(cursor, "old_house")

    assert relations == {"district_id": ("code", "old_district"), "street_id": ("id", "old_street")}
    assert key == ["id", "district_id"]
