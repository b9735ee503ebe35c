"""Standing queries: of a shape that never changes, turned into SQL once a process and asked with new values each time.

Building a queryset and its SQL takes Django several times as long as PostgreSQL takes to answer it. Worth it on the way
of every report or page, and nowhere else. What is kept is the statement alone: it changes with the schema, that is with
a new process, so it can't be stale.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, ForeignKey, Lookup, QuerySet

from linli.kernel.db.prepared import prepared_cursor

Build = Callable[[], "QuerySet[Any, Any]"]


class Given(Expression):
    """A place in a standing query that takes a value under this name when it is asked; never None."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, *_: Any) -> tuple[str, list[Any]]:
        """Stand for the value."""
        return "%s", [self]


@ForeignKey.register_lookup  # which looks no further than itself for lookups
@Field.register_lookup
class Among(Lookup):  # type: ignore[type-arg]  # takes no argument when it runs
    """`column__among=Given(…)`: like `in`, for a list given at asking, an empty one too."""

    lookup_name = "among"
    template = "{} = ANY({})"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Compare with any of an array, so that the statement is the same however long the list is."""
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return self.template.format(left, right), [*left_values, *right_values]


@Field.register_lookup
class AmongTexts(Among):
    """`column__among_texts=Given(…)`: among many texts, which a plan for any list would compare one by one."""

    lookup_name = "among_texts"
    template = "{} IN (SELECT unnest({}::text[]))"


@Field.register_lookup
class LikeAny(Among):
    """`column__like_any=Given(…)`: like one of several patterns."""

    lookup_name = "like_any"
    template = "{} LIKE ANY({})"


class StandingQuery:
    """A query by `values_list`, with the rows as it gives them."""

    def __init__(self, build: Build) -> None:
        """Take what builds the queryset, called at the first question: models have to be ready by then."""
        self._build = build
        self._prepared: tuple[str, tuple[Any, ...], list[tuple[int, list[Any], Any]]] | None = None

    def rows(self, **given: object) -> list[tuple[Any, ...]]:
        """Ask with a value for each name. 1 query. Raises KeyError for a name without a value."""
        statement, places, converters = self._prepared or self._prepare()
        values: list[Any] = [given[place.name] if isinstance(place, Given) else place for place in places]
        with prepared_cursor() as cursor:
            cursor.execute(statement, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [_converted(row, converters) for row in rows] if converters else rows

    def _prepare(self) -> tuple[str, tuple[Any, ...], list[tuple[int, list[Any], Any]]]:
        """Turn it into SQL. Two threads may both do so: the outcome is the same."""
        compiler = self._build().query.get_compiler(connection=connection)
        statement, values = compiler.as_sql()
        first, *others = statement.split("%s")
        numbered = first + "".join(f"${number}{text}" for number, text in enumerate(others, start=1))
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        found = compiler.get_converters(columns)
        self._prepared = (
            numbered.replace("%%", "%"),
            tuple(values),
            [(at, functions, expression) for at, (functions, expression) in found.items()],
        )
        return self._prepared


def _converted(row: tuple[Any, ...], converters: list[tuple[int, list[Any], Any]]) -> tuple[Any, ...]:
    values = list(row)
    for at, functions, expression in converters:
        for function in functions:
            values[at] = function(values[at], expression, connection)
    return tuple(values)
