import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from tests.kernel.db.sample.rows import House, Street

from linli.kernel.db.models import DistrictForeignKey
from linli.kernel.errors import Conflict
from linli.kernel.ids import new_id

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def street() -> Street:
    return Street.objects.create(district_id="210106", name="北二路")


@pytest.fixture
def house(street: Street) -> House:
    return House.objects.create(district_id="210106", street=street, number=1)


def test_join_to_parent_names_district(house: House) -> None:
    query = House.objects.select_related("street").filter(street__name="北二路")

    assert 'AND ("sample_street"."district_id" = ("sample_house"."district_id"))' in str(query.query)
    assert [found.street.name for found in query] == ["北二路"]


def test_join_to_children_names_district(house: House) -> None:
    query = Street.objects.filter(houses__number=1)

    assert 'AND ("sample_street"."district_id" = ("sample_house"."district_id"))' in str(query.query)
    assert [found.id for found in query] == [house.street_id]


def test_join_of_table_with_itself_names_district(house: House) -> None:
    beside = House.objects.create(district_id="210106", street_id=house.street_id, number=2, beside=house)
    query = House.objects.filter(beside__number=1)

    assert '"sample_house"."beside_id" = T2."id" AND (T2."district_id" = ("sample_house"."district_id"))' in str(
        query.query
    )
    assert list(query) == [beside]


def test_outer_join_keeps_rows_without_parent(house: House) -> None:
    assert list(House.objects.select_related("beside").values_list("number", "beside__number")) == [(1, None)]


def test_rows_counted_with_their_children(street: Street, house: House) -> None:
    empty = Street.objects.create(district_id="210106", name="云峰街")

    counted = Street.objects.annotate(n=models.Count("houses")).order_by("n")

    assert [(row, row.n) for row in counted] == [(empty, 0), (street, 1)]


def test_exclude_over_children_leaves_those_without(street: Street, house: House) -> None:
    empty = Street.objects.create(district_id="210106", name="云峰街")

    assert list(Street.objects.exclude(houses__number=1)) == [empty]


def test_parent_fetched_by_its_district(house: House) -> None:
    fresh = House.objects.get()

    with CaptureQueriesContext(connection) as queries:
        name = fresh.street.name

    assert name == "北二路"
    assert """"sample_street"."district_id" = '210106'""" in queries[0]["sql"]


def test_children_through_manager_and_prefetch(street: Street, house: House) -> None:
    added = street.houses.create(district_id="210106", number=2)

    [fetched] = Street.objects.prefetch_related("houses")

    assert set(street.houses.all()) == {house, added}
    assert set(fetched.houses.all()) == {house, added}


def test_saved_row_is_updated_by_its_district(street: Street) -> None:
    street.name = "兴华街"
    with CaptureQueriesContext(connection) as queries:
        street.save()

    assert """"district_id" = '210106'""" in queries[0]["sql"].split("WHERE")[1]
    assert Street.objects.get().name == "兴华街"


def test_saving_deleted_row_is_refused(street: Street) -> None:
    Street.objects.filter(id=street.id).delete()

    with pytest.raises(Conflict, match="row_gone"), transaction.atomic():
        street.save()

    assert Street.objects.count() == 0


def test_saving_row_with_another_district_is_refused(street: Street) -> None:
    street.district_id = "210105"

    with pytest.raises(Conflict, match="row_gone"), transaction.atomic():
        street.save()

    assert list(Street.objects.values_list("district_id", flat=True)) == ["210106"]


def test_deleting_takes_children_along(street: Street, house: House) -> None:
    deleted = street.delete()

    assert deleted == (2, {"sample.House": 1, "sample.Street": 1})


def test_deleting_is_refused_while_protected(house: House) -> None:
    House.objects.create(district_id="210106", street_id=house.street_id, number=2, beside=house)

    with pytest.raises(ProtectedError):
        house.delete()


def test_bulk_create_updates_rows_that_are_there(street: Street) -> None:
    again = Street(id=street.id, district_id="210106", name="兴华街")
    new = Street(district_id="210106", name="云峰街")

    Street.objects.bulk_create(
        [again, new], update_conflicts=True, unique_fields=["id", "district"], update_fields=["name"]
    )

    assert set(Street.objects.values_list("name", flat=True)) == {"兴华街", "云峰街"}


def test_bulk_create_by_unique_constraint_updates(street: Street) -> None:
    again = Street(district_id="210106", name="北二路")

    Street.objects.bulk_create(
        [again], update_conflicts=True, unique_fields=["district", "name"], update_fields=["name"]
    )

    assert list(Street.objects.values_list("id", flat=True)) == [street.id]


def test_bulk_update_update_or_create_and_get_or_create(street: Street) -> None:
    street.name = "兴华街"
    Street.objects.bulk_update([street], ["name"])
    same, is_new = Street.objects.update_or_create(district_id="210106", name="兴华街", defaults={"name": "云峰街"})
    got, is_made = Street.objects.get_or_create(district_id="210106", name="云峰街")

    assert (same, is_new, got, is_made) == (street, False, street, False)


def test_fixture_with_child_before_parent_loads() -> None:
    parent = Street(id=new_id(), district_id="210106", name="北二路")
    child = House(id=new_id(), district_id="210106", street_id=parent.id, number=1)

    with connection.constraint_checks_disabled():
        child.save_base(raw=True)
        parent.save_base(raw=True)
    connection.check_constraints()

    assert House.objects.get().street == parent


def test_fixture_without_parent_is_refused() -> None:
    child = House(id=new_id(), district_id="210106", street_id=new_id(), number=1)
    with connection.constraint_checks_disabled():
        child.save_base(raw=True)

    with pytest.raises(IntegrityError):
        connection.check_constraints()


def test_set_null_is_refused() -> None:
    with pytest.raises(ValueError, match="PROTECT"):
        DistrictForeignKey("sample.Street", models.SET_NULL, null=True)


def test_key_deconstructs_with_its_default() -> None:
    _, path, args, kwargs = House._meta.get_field("beside").deconstruct()

    assert (path, args) == ("linli.kernel.db.models.DistrictForeignKey", [])
    assert kwargs["on_delete"] is models.PROTECT
