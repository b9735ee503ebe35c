"""Rows found by how a name of theirs sounds."""

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q, QuerySet, TextField, Value

from linli.kernel.db.standing import StandingQuery
from linli.kernel.pinyin import BETWEEN, is_sound, names_like

# One long text comes faster than thousands of rows.
_ALL_NAMES = StringAgg("name", BETWEEN, default=Value(""))


class StandingNames:
    """The names of a district's rows, as a standing query."""

    def __init__(self, build: Callable[[], QuerySet[Any]]) -> None:
        """Take what builds the queryset of the rows, of one district at a time."""
        self._query = StandingQuery(
            lambda: build().order_by().values("district_id").annotate(names=_ALL_NAMES).values_list("names")
        )

    def like(self, typed: str, **given: object) -> list[str]:
        """Give the names that hold what was typed or sound like it, for `name__among_texts`. 1 query."""
        rows = self._query.rows(**given)
        return names_like(typed, rows[0][0]) if rows else []


def sounding(found: QuerySet[Any], typed: str) -> Q:
    """Give the filter for those of the rows found whose name sounds as typed. 1 query; none for what can't be pinyin.

    found: what may be told at all, for it is from there that names are read.
    """
    if not is_sound(typed):
        return Q(pk__in=[])
    names = found.order_by().aggregate(all=_ALL_NAMES)["all"]
    return Q(name__among=Value(names_like(typed, names), ArrayField(TextField())))
