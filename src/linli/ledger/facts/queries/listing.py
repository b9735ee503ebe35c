"""Facts and seals as lists. Whoever calls has asked the subject's own rules whether the reader may see it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from linli.kernel.ids import id_at
from linli.ledger.facts.calc.seals import FactRow, SealRow
from linli.ledger.facts.models import Fact, Seal, SealedFact

_LOOKED_BACK = timedelta(days=2)  # as far as the job looks that seals each minute


def list_facts(
    *,
    district_id: str,
    kinds: Collection[str] = (),
    subject_ids: Collection[UUID] = (),
    area_path: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    after: tuple[datetime, UUID] | None = None,
    is_newest_first: bool = False,
    limit: int = 100,
) -> list[FactRow]:
    """List facts by the time they happened; an empty filter lets everything through.

    area_path: that area and all below; since <= at < until; after: (at, id) of the last row of the page before.
    1 query.
    """
    facts = _filtered(district_id, kinds=kinds, area_path=area_path, since=since, until=until)
    if subject_ids:
        facts = facts.filter(subject_id__in=subject_ids)
    if after:
        facts = facts.filter(_beyond(*after, is_newest_first=is_newest_first))
    order = ("-at", "-id") if is_newest_first else ("at", "id")
    return [fact.as_row() for fact in facts.order_by(*order)[:limit]]


def count_facts_by_kind(
    *,
    district_id: str,
    kinds: Collection[str] = (),
    area_path: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> dict[str, int]:
    """Count facts of each kind that occurs; the filters are those of `list_facts`. 1 query."""
    facts = _filtered(district_id, kinds=kinds, area_path=area_path, since=since, until=until)
    return dict(facts.values_list("kind").annotate(count=Count("id")).order_by("kind"))


def list_seals(*, district_id: str, before_number: int | None = None, limit: int = 100) -> list[SealRow]:
    """List seals, newest first. before_number: that of the last row of the page before. 1 query."""
    seals = Seal.objects.filter(district_id=district_id)
    if before_number is not None:
        seals = seals.filter(number__lt=before_number)
    return [seal.as_row() for seal in seals.order_by("-number")[:limit]]


def last_seals() -> list[SealRow]:
    """List the last seal of each district that has one, by district. 1 query."""
    last = Seal.objects.order_by("district_id", "-number").distinct("district_id")
    return [seal.as_row() for seal in last]


def list_districts_with_facts(*, made_since: datetime | None = None) -> list[str]:
    """List the codes of districts that have facts, or facts whose ids were made since. 1 query.

    With made_since it reads an index range; without, the whole table: for a nightly job.
    """
    facts = Fact.objects.all()
    if made_since is not None:
        facts = facts.filter(id__gte=first_id_of(made_since))
    return list(facts.order_by("district_id").values_list("district_id", flat=True).distinct())


def unsealed_facts(district_id: str, *, up_to_seal: int | None = None) -> QuerySet[Fact]:
    """Facts that no seal holds, or none up to that number, by id. Never judged by id or time: a late commit counts."""
    sealed = SealedFact.objects.filter(district_id=OuterRef("district_id"), fact_id=OuterRef("id"))
    if up_to_seal is not None:
        sealed = sealed.filter(seal_number__lte=up_to_seal)
    return Fact.objects.filter(~Exists(sealed), district_id=district_id).order_by("id")


def seal_lag_s(*, district_id: str, at: datetime) -> int:
    """Tell for how many seconds the oldest fact of the last two days has waited for a seal; 0 if none does. 1 query."""
    waiting = unsealed_facts(district_id).filter(id__gte=first_id_of(at - _LOOKED_BACK))
    oldest = waiting.values_list("recorded_at", flat=True).first()
    return max(0, int((at - oldest).total_seconds())) if oldest else 0


def first_id_of(at: datetime) -> UUID:
    """Give the lowest UUIDv7 of a millisecond."""
    return id_at(int(at.timestamp() * 1000), 0)


def _filtered(
    district_id: str, *, kinds: Collection[str], area_path: str, since: datetime | None, until: datetime | None
) -> QuerySet[Fact]:
    facts = Fact.objects.filter(district_id=district_id)
    if kinds:
        facts = facts.filter(kind__in=kinds)
    if area_path:
        # Paths are digits and "/", and "0" comes right after "/": this is the area and whatever begins with "path/".
        facts = facts.filter(area_path__gte=area_path, area_path__lt=f"{area_path}0")
    if since:
        facts = facts.filter(at__gte=since)
    if until:
        facts = facts.filter(at__lt=until)
    return facts


def _beyond(at: datetime, fact_id: UUID, *, is_newest_first: bool) -> Q:
    if is_newest_first:
        return Q(at__lte=at) & (Q(at__lt=at) | Q(id__lt=fact_id))
    return Q(at__gte=at) & (Q(at__gt=at) | Q(id__gt=fact_id))
