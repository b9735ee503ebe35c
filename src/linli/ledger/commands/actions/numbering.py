"""Numbers for people, by district, name and year."""

from django.db import connection

from linli.kernel.ids import new_id

_NEXT = """
INSERT INTO commands_counter (id, district_id, name, year, last) VALUES (%s, %s, %s, %s, 1)
ON CONFLICT (district_id, name, year) DO UPDATE SET last = commands_counter.last + 1
RETURNING last
"""

_RAISE = """
INSERT INTO commands_counter (id, district_id, name, year, last) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (district_id, name, year) DO UPDATE SET last = greatest(commands_counter.last, excluded.last)
"""


def next_number(*, district_id: str, name: str, year: int) -> int:
    """Give the next number from 1; gaps are allowed, doubles are not. 1 query.

    Within a transaction it locks the counter's row until the end: ask late, so that others wait briefly; a rollback
    gives the number back.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [new_id(), district_id, name, year])
        return int(cursor.fetchone()[0])


def raise_counter(*, district_id: str, name: str, year: int, to: int) -> None:
    """Let numbers go on after those that a load has given out itself. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [new_id(), district_id, name, year, to])
