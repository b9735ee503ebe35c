"""Counting facts: by kind, by area, and how many say what; each count can be turned into the subjects behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value
from django.db.models.functions import TruncDate

from linli.ledger.facts.models import Fact


@dataclass(frozen=True, slots=True)
class FactFilter:
    """Which facts are counted: [since, until), in the areas or of the organisations given.

    area_paths: each with everything below; organisation_ids: besides the areas, not within them; both empty: none.
    but_subjects: a query of ids whose facts do not count, few of them.
    """

    district_id: str
    since: datetime
    until: datetime
    area_paths: tuple[str, ...] = ()
    organisation_ids: tuple[UUID, ...] = ()
    within: str = ""
    but_subjects: QuerySet[Any, UUID] | None = None


def facts_of(wanted: FactFilter, kind: str) -> QuerySet[Fact]:
    """Give the query of the facts of one kind; every tally and every drill-down starts here."""
    return reached_facts(wanted).filter(kind=kind)


def reached_facts(wanted: FactFilter) -> QuerySet[Fact]:
    """Give the query of all facts that lie within the filter."""
    reached = Q(pk__in=[])
    for path in wanted.area_paths:
        reached |= _inside(path)
    if wanted.organisation_ids:
        reached |= Q(organisation_id__in=wanted.organisation_ids)
    found = Fact.objects.filter(reached, district_id=wanted.district_id, at__gte=wanted.since, at__lt=wanted.until)
    if wanted.but_subjects is not None:
        found = found.exclude(subject_id__in=wanted.but_subjects)
    return found.filter(_inside(wanted.within)) if wanted.within else found


def _inside(area_path: str) -> Q:
    """Give the filter for an area and below: "0" comes right after "/", so 210106/10 is not within 210106/1."""
    return Q(area_path__gte=area_path, area_path__lt=f"{area_path}0")


def subject_ids(wanted: FactFilter, kind: str, data: Mapping[str, Any] | None = None) -> QuerySet[Fact, UUID]:
    """Give the subjects behind a count, as a query to be used inside another."""
    found = facts_of(wanted, kind)
    if data:
        found = found.filter(data__contains=dict(data))
    return found.values_list("subject_id", flat=True)


def count_subjects(wanted: FactFilter, kinds: Sequence[str]) -> dict[str, int]:
    """Count the different subjects of each kind. 1 query."""
    found = facts_of(wanted, kinds[0])
    for kind in kinds[1:]:
        found |= facts_of(wanted, kind)
    rows = found.order_by().values("kind").annotate(n=Count("subject_id", distinct=True))
    counted = dict(rows.values_list("kind", "n"))
    return {kind: counted.get(kind, 0) for kind in kinds}


def count_repeated(wanted: FactFilter, kind: str, between: str, *, zone: ZoneInfo) -> int:
    """Count on how many days more than one of theirs subjects have a fact of a kind: what a sum over days has too much.

    between: a kind that comes between two of them, and far more seldom; zone: whose days. 1 query.
    """
    again = facts_of(wanted, kind).filter(subject_id__in=subject_ids(wanted, between)).order_by()
    days = again.annotate(day=TruncDate("at", tzinfo=zone)).values("subject_id").annotate(n=Count("day", distinct=True))
    return sum(n - 1 for n in days.values_list("n", flat=True))


def count_said(
    wanted: FactFilter, kind: str, said: Mapping[str, Mapping[str, Any]], *, base: Mapping[str, Any], depth: int = 0
) -> dict[str, dict[str, int]]:
    """Count facts that say `base`, and of those, how many say each of several things more.

    Returns {area code: {name: count, "all": count}}; depth 0: one group "" for all; depth n: by the n-th code of the
    path, 1 the district. 1 query.
    """
    found = facts_of(wanted, kind).filter(data__contains=dict(base)).order_by()
    group = area_code_at(depth) if depth else Value("")
    counts = {name: Count(Value(1), filter=Q(data__contains=dict(values))) for name, values in said.items()}
    rows = found.annotate(code=group).values("code").annotate(all=Count("*"), **counts)
    return {row.pop("code"): row for row in rows}


def area_code_at(depth: int) -> Func:
    """Give the n-th code of an area path as a database expression, 1 the district."""
    return Func(F("area_path"), Value("/"), Value(depth), function="split_part", output_field=CharField())
