"""The planner knows of rows that nobody has committed yet."""

from django.db import connection
from tests.factories.district import DemoDistrict

from linli.kernel.db.statistics import count_for_planner
from linli.registry.people.models import Post


def test_rows_of_the_present_transaction_are_counted(district: DemoDistrict) -> None:
    count_for_planner()

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'people_post'::regclass")
        assert cursor.fetchone() == (Post.objects.count(),)
