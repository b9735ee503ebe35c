"""What PostgreSQL plans by."""

from django.db import connection


def count_for_planner() -> None:
    """Count all tables anew, those filled in the present transaction too. 1 statement, seconds a million rows.

    PostgreSQL does so by itself some time after a commit. Within the transaction that fills empty tables it plans as if
    they were empty still: a join of thousands of rows then takes minutes instead of milliseconds.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
