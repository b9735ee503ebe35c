"""The demo's monthly reviews: the district's programme of 2 + 13, one of a subdistrict, this year and the next."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from linli.edges.cli.demo.catalogue import DISTRICTS
from linli.edges.cli.demo.organisations import party_of
from linli.edges.cli.demo.people import JURORS_A_GROUP
from linli.edges.cli.demo.reviews_month import Office, play_month
from linli.kernel.errors import NotFound
from linli.oversight.reviews.actions.planning import make_year
from linli.oversight.reviews.actions.programmes import begin_programme
from linli.oversight.reviews.calc.programme import ProgrammeRules, Stratum, default_rules
from linli.oversight.reviews.choices import ReviewLevel
from linli.registry.orgs.choices import OrganisationKind
from linli.registry.orgs.queries import list_organisation_entries
from linli.registry.people.queries import find_login, list_all_holders, viewer_of, viewer_of_person
from linli.registry.people.rules import Viewer

STREETS, DEPARTMENTS, COMMUNITIES = "street", "dept", "community"
DISTRICT_RULES = default_rules((Stratum(STREETS, "街道党工委", 2, 2), Stratum(DEPARTMENTS, "部门党组", 13, 3)))
_STRATA = {OrganisationKind.WORKING_COMMITTEE.value: STREETS, OrganisationKind.LEADING_GROUP.value: DEPARTMENTS}
STREET_RULES = default_rules((Stratum(COMMUNITIES, "社区党组织", 3, 1),))


def load_reviews(district: str, *, office: str, street: str, at: datetime, seed: int) -> None:
    """Begin both programmes as the holder of a login would, plan their years, and play the last month of the first.

    street: code of the subdistrict that reviews its communities. Raises NotFound where the demo has no such login.
    """
    login = find_login(office)
    if login is None:
        raise NotFound("unknown_login")
    by = viewer_of(login_id=login.id, on=at.date())
    bodies = list_organisation_entries(district)
    top = next(body.id for body in bodies if not body.parent_code and body.kind == OrganisationKind.PARTY_COMMITTEE)
    strata = {body.id: _STRATA[body.kind] for body in bodies if body.kind in _STRATA}
    name = f"{DISTRICTS[district]}月述月评"
    programme_id = _begin("district", name, ReviewLevel.DISTRICT, top, DISTRICT_RULES, strata, by=by, at=at)
    working = next(body for body in bodies if body.code == party_of(street))
    below = {body.id: COMMUNITIES for body in bodies if body.parent_code == working.code
             and body.kind == OrganisationKind.PARTY_COMMITTEE}  # fmt: skip
    _begin(f"street-{street}", "街道月述月评", ReviewLevel.MIDDLE, working.id, STREET_RULES, below, by=by, at=at)
    last = _month_before(at)
    typist = next(person for person in _holders(district, top, "review_office", at) if person != by.person_id)
    second = viewer_of_person(district_id=district, person_id=typist, on=at.date())
    jurors = iter(_holders(district, top, "review_juror", at))
    jury = {group: list(islice(jurors, count)) for group, count in JURORS_A_GROUP.items()}
    play_month(programme_id=programme_id, year=last.year, month=last.month, office=Office(by, second), jury=jury,
               seed=seed)  # fmt: skip


def _holders(district: str, organisation_id: UUID, role: str, at: datetime) -> list[UUID]:
    """List who holds a role in an organisation, the longest-serving first."""
    held = list_all_holders(district_id=district, on=at.date())
    return [each.person_id for each in held if each.organisation_id == organisation_id and each.role == role]


def _month_before(at: datetime) -> datetime:
    """Give a moment of the month before."""
    return at.replace(day=1) - timedelta(days=1)


def _begin(
    code: str, name: str, level: ReviewLevel, organisation_id: UUID, rules: ProgrammeRules, strata: Mapping[UUID, str],
    *, by: Viewer, at: datetime,
) -> UUID:  # fmt: skip
    """Begin a programme the month before, so that the month that is played is planned, with this year and the next."""
    begun = _month_before(at).replace(day=1)
    programme_id = begin_programme(code=code, name=name, level=level, organisation_id=organisation_id, rules=rules,
                                   strata=strata, by=by, source_ip="", on=begun.date(), at=begun)  # fmt: skip
    for year in range(begun.year, at.year + 2):
        make_year(programme_id=programme_id, year=year, by=by, at=begun)
    return programme_id
