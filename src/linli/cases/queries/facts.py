"""Facts as a viewer may read them: those of the areas and organisations that the viewer's posts reach."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from linli.ledger.facts.calc.seals import FactRow
from linli.ledger.facts.queries.log import START, LogPage, read_log, read_tail
from linli.ledger.facts.queries.reached import list_reached_facts
from linli.ledger.facts.queries.tallies import FactFilter
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.rules import HeldPost, Viewer

_FIRST_DAYS = 31
_NOBODYS = UUID(int=0)
_TAIL = timedelta(minutes=5)
# Facts without an area that who sees all cases of a district reads: what was made known in reviews, what was wiped.
# Those about persons, juries, ballots and draws that are under way are seen by nobody here.
OF_THE_DISTRICT = (
    "retention.applied", "review_draw.amended", "review_draw.drawn", "review_draw.voided",
    "review_programme.year_planned", "review_session.arranged", "review_session.published", "review_turn.scored",
)  # fmt: skip


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

    since <= at < until; left out, the last 31 days, or all time where a subject is named. Of facts without an area
    those OF_THE_DISTRICT are seen, by who sees all of it.
    """  # fmt: skip
    first = _begin(at) if subject_id else at - timedelta(days=_FIRST_DAYS)
    wanted = _reached(viewer, since=since or first, until=until or at + timedelta(seconds=1), within=area_path)
    return list_reached_facts(wanted, kinds=kinds, subject_id=subject_id, after=after, limit=limit)


def read_log_for(
    *, viewer: Viewer, at: datetime, after: tuple[int, int] = START, limit: int = 100, area_path: str = ""
) -> LogPage:
    """Read the log of sealed facts on, as far as the viewer may see: as `list_facts_for`, none left out. 2 queries.

    For programs that come back; a fact is there within a minute or two.
    """
    wanted = _reached(viewer, since=_begin(at), until=at + timedelta(days=1), within=area_path)
    return read_log(wanted, after=after, limit=limit)


def read_tail_for(*, viewer: Viewer, at: datetime) -> list[FactRow]:
    """Read what was recorded in the last minutes and is not in the log yet, as far as the viewer may see. 1 query.

    For who wants to know at once, and reads the log for what this may miss.
    """
    wanted = _reached(viewer, since=_begin(at), until=at + timedelta(days=1), within="")
    return read_tail(wanted, made_since=at - _TAIL)


def viewer_of_scope(*, district_id: str, area_path: str) -> Viewer:
    """Give who sees the cases of an area and below and nothing else: another system that is told of them. No query."""
    post = HeldPost(
        post_id=_NOBODYS, role="", role_name="", verbs=frozenset({Verb.SEE_CASES}), reach=Reach.AREA,
        organisation_id=_NOBODYS, organisation_name="", area_path=area_path, area_name="",
    )  # fmt: skip
    return Viewer(person_id=None, login_id=None, district_id=district_id, name="", posts=(post,))


def _reached(viewer: Viewer, *, since: datetime, until: datetime, within: str) -> FactFilter:
    areas = viewer.areas_with(Verb.SEE_CASES)
    return FactFilter(
        district_id=viewer.district_id, since=since, until=until, area_paths=areas,
        organisation_ids=viewer.organisations_with(Verb.SEE_CASES), within=within,
        placeless=OF_THE_DISTRICT if viewer.district_id in areas and not within else (),
    )  # fmt: skip


def _begin(at: datetime) -> datetime:
    return datetime(2000, 1, 1, tzinfo=at.tzinfo)
