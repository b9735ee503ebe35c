"""Writing beside the present transaction: what others have to see while it is still at work, such as how far it is."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

Execute = Callable[[str, Sequence[Any]], None]


@contextmanager
def writing_aside() -> Iterator[Execute]:
    """Give a way to run statements on a connection of its own, each committed at once and kept whatever happens here.

    It must not wait for rows that the present transaction has locked. Opens one connection and closes it.
    """
    other = connection.copy()

    def execute(statement: str, values: Sequence[Any]) -> None:
        with other.cursor() as cursor:
            cursor.execute(statement, values)

    try:
        yield execute
    finally:
        other.close()
