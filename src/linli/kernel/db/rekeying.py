"""Sealing values anew with the newest key, batch by batch, while everything runs. See docs/operations/keys.md."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from linli.kernel.crypto import blind_index, blind_words, blind_words_of_each_key, decrypt, encrypt
from linli.kernel.db.amending import amend
from linli.kernel.db.declarations import Declared, list_declared
from linli.kernel.db.district import DISTRICT_COLUMN
from linli.kernel.phones import plain_phone

BATCH = 500
_BEGIN = UUID(int=0)
# The number of the key that a value is under, as `crypto.key_of` tells it; -1 for what no key of ours made.
_KEY = (
    "CASE get_byte({field}, 0) WHEN 1 THEN 0 WHEN 2 THEN get_byte({field}, 1) * 256 + get_byte({field}, 2) ELSE -1 END"
)
_COUNT = f"SELECT {_KEY} AS key, count(*) FROM {{table}} WHERE length({{field}}) > 3 GROUP BY key"  # noqa: S608 - our own words
_NEXT = (
    "SELECT id, {district}, {field} FROM {table}"  # noqa: S608 - our own words
    f" WHERE id > %(after)s AND length({{field}}) > 3 AND {_KEY} <> %(key)s"
    " ORDER BY id LIMIT %(limit)s FOR UPDATE"
)
# Words of a sealed value stand behind all others, so the places of these stay as they are.
_WORDS = (
    "UPDATE {table} SET {field} = ts_delete({field}, %s::text[]) || %s::tsvector"
    " WHERE id = %s AND district_id = %s AND {field} IS NOT NULL"
)


def sealed_fields() -> list[Declared]:
    """List the fields whose values are sealed. No query."""
    return [each for each in list_declared() if each.data.sealed_for]


def count_by_key() -> dict[int, int]:
    """Count the sealed values under each key; -1: under none of ours. 1 query a field, which reads its table."""
    counts: dict[int, int] = {}
    with connection.cursor() as cursor:
        for field in sealed_fields():
            cursor.execute(_said(_COUNT, field))
            for key, count in cursor.fetchall():
                counts[key] = counts.get(key, 0) + count
    return counts


def reseal_all(*, key: int, advance: Callable[[int], None]) -> int:
    """Seal every value anew that is not under this key, the newest, and say how many that were.

    Batch by batch, each a transaction of its own: a stop at any moment loses nothing, and the next call goes on with
    what is left. Locks the rows of a batch alone. Goes round until a round finds nothing, for others write meanwhile.
    advance: told the number of each batch. 2 queries and the transaction's own for each batch.
    """
    done = 0
    for field in sealed_fields():
        while round_of := _round(field, key, advance):
            done += round_of
    return done


def _round(field: Declared, key: int, advance: Callable[[int], None]) -> int:
    done, after = 0, _BEGIN
    while True:
        resealed, after = _batch(field, key, after)
        if not resealed:
            return done
        done += resealed
        advance(resealed)


@transaction.atomic
def _batch(field: Declared, key: int, after: UUID) -> tuple[int, UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_said(_NEXT, field), {"after": after, "key": key, "limit": BATCH})
        rows = cursor.fetchall()
    if not rows:
        return 0, after
    changed = [field.field, *([field.data.indexed_in] if field.data.indexed_in else [])]
    for district_id, mine in groupby(sorted(rows, key=lambda row: row[1]), key=lambda row: row[1]):
        mine_rows = list(mine)
        amend(
            field.model, district_id=district_id, fields=changed,
            rows=[(row[0], *_anew(field, row[2])) for row in mine_rows],
        )  # fmt: skip
        if field.data.searched_in:
            _name_words_anew(field, district_id, mine_rows)
    return len(rows), rows[-1][0]


def _name_words_anew(field: Declared, district_id: str, rows: Iterable[Sequence[Any]]) -> None:
    """Take a value's blind words out of the search vector, under whichever key they were, and put the new ones in."""
    values = []
    for row_id, _district, value in rows:
        words = field.data.search_words(decrypt(value, purpose=field.data.sealed_for))
        old = [word for each in blind_words_of_each_key(words, purpose=field.data.sealed_for) for word in each]
        new = blind_words(words, purpose=field.data.sealed_for)
        values.append((old, " ".join(f"'{word}':{at}" for at, word in enumerate(new, start=1)), row_id, district_id))
    statement = sql.SQL(_WORDS).format(
        table=sql.Identifier(field.model._meta.db_table), field=sql.Identifier(field.data.searched_in)
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _anew(field: Declared, value: bytes) -> list[bytes]:
    purpose = field.data.sealed_for
    text = decrypt(value, purpose=purpose)
    index = [blind_index(plain_phone(text), purpose=purpose)] if field.data.indexed_in else []
    return [encrypt(text, purpose=purpose), *index]


def _said(statement: str, field: Declared) -> sql.Composed:
    column = next(each.column for each in field.model._meta.concrete_fields if each.name == field.field)
    has_district = DISTRICT_COLUMN in {each.attname for each in field.model._meta.concrete_fields}
    return sql.SQL(statement).format(
        table=sql.Identifier(field.model._meta.db_table), field=sql.Identifier(str(column)),
        district=sql.Identifier(DISTRICT_COLUMN) if has_district else sql.Literal(""),
    )  # fmt: skip
