"""Facts as a viewer may read them: those of the areas and organisations that the viewer's posts reach."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from linli.ledger.facts.calc.seals import FactRow
from linli.ledger.facts.queries.reached import list_reached_facts
from linli.ledger.facts.queries.tallies import FactFilter
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer

_FIRST_DAYS = 31


def list_facts_for(
    *,
    viewer: Viewer,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    area_path: str = "",
    kinds: Collection[str] = (),
    subject_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[FactRow]:
    """List facts that the viewer may see, newest first. 1 query.

    since <= at < until; left out, the last 31 days, or all time where a subject is named. Facts without an area are
    seen by nobody here.
    """  # fmt: skip
    first = datetime(2000, 1, 1, tzinfo=at.tzinfo) if subject_id else at - timedelta(days=_FIRST_DAYS)
    wanted = FactFilter(
        district_id=viewer.district_id, since=since or first, until=until or at + timedelta(seconds=1),
        area_paths=viewer.areas_with(Verb.SEE_CASES),
        organisation_ids=viewer.organisations_with(Verb.SEE_CASES),
        within=area_path,
    )  # fmt: skip
    return list_reached_facts(wanted, kinds=kinds, subject_id=subject_id, after=after, limit=limit)
