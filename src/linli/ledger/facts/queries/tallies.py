"""Counting facts: by kind, by area, and how many say what; each count can be turned into the subjects behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Count, F, Func, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncDate
from django.db.models.lookups import Exact, IsNull

from linli.ledger.facts.models import Fact

Group = Combinable


@dataclass(frozen=True, slots=True)
class FactFilter:
    """Which facts are counted: [since, until), in the areas or of the organisations given.

    area_paths: each with everything below; organisation_ids: besides the areas, not within them; both empty: none.
    but_subjects: a query of ids whose facts do not count, few of them; but_data: nor do facts that say any of these;
    only: one condition more, that of a cell of a table; placeless: kinds of facts of the whole district, without an
    area, which are read with them.
    """

    district_id: str
    since: datetime
    until: datetime
    area_paths: tuple[str, ...] = ()
    organisation_ids: tuple[UUID, ...] = ()
    within: str = ""
    but_subjects: QuerySet[Any, UUID] | None = None
    but_data: tuple[Mapping[str, Any], ...] = ()
    only: Q | None = None
    placeless: tuple[str, ...] = ()


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
    if wanted.placeless:
        reached |= Q(area_path="", kind__in=wanted.placeless)
    found = Fact.objects.filter(reached, district_id=wanted.district_id, at__gte=wanted.since, at__lt=wanted.until)
    if wanted.but_subjects is not None:
        found = found.exclude(subject_id__in=wanted.but_subjects)
    for values in wanted.but_data:
        found = found.exclude(data__contains=dict(values))
    if wanted.only is not None:
        found = found.filter(wanted.only)
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


def count_subjects_by(wanted: FactFilter, kinds: Sequence[str], group: Group) -> dict[tuple[str, Any], int]:
    """Count the different subjects of each kind by an expression of the facts: {(kind, key): count}. 1 query."""
    found = reached_facts(wanted).filter(kind__in=kinds).order_by().annotate(key=group).values("kind", "key")
    rows = found.annotate(n=Count("subject_id", distinct=True)).values_list("kind", "key", "n")
    return {(kind, key): n for kind, key, n in rows}


def count_said(
    wanted: FactFilter,
    kind: str,
    said: Mapping[str, Mapping[str, Any]],
    *,
    base: Mapping[str, Any],
    group: Group | None = None,
) -> dict[Any, dict[str, int]]:
    """Count facts that say `base`, and of those, how many say each of several things more.

    Returns {key: {name: count, "all": count}} by an expression of the facts; without one, a group "" of all. 1 query.
    """
    found = facts_of(wanted, kind).filter(data__contains=dict(base)).order_by()
    counts = {name: Count(Value(1), filter=Q(data__contains=dict(values))) for name, values in said.items()}
    rows = found.annotate(key=group or Value("")).values("key").annotate(all=Count("*"), **counts)
    return {row.pop("key"): row for row in rows}


def organisation_of() -> Group:
    """Give the organisation whose work a fact counts for as an expression; None for nobody's."""
    return F("organisation_id")


def said_at(name: str) -> Group:
    """Give what a fact says under a name as an expression, as text."""
    return KeyTextTransform(name, "data")


def stretch_of(stretches: Sequence[tuple[str, datetime, datetime]], moment: str = "at") -> Group:
    """Give the key of the stretch [since, until) in which a row's moment lies as an expression; "" for none of them."""
    cases = [
        When(**{f"{moment}__gte": since, f"{moment}__lt": until}, then=Value(key)) for key, since, until in stretches
    ]
    return Case(*cases, default=Value(""), output_field=CharField())


def has_key(group: Group, key: Any) -> Q:
    """Give the condition that a fact lies in the group with a key."""
    return Q(IsNull(group, True)) if key is None else Q(Exact(group, key))


def area_code_at(depth: int) -> Func:
    """Give the n-th code of an area path as a database expression, 1 the district."""
    return Func(F("area_path"), Value("/"), Value(depth), function="split_part", output_field=CharField())
