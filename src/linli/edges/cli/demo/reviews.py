"""The demo's monthly reviews: the district's programme of 2 + 13, one of a subdistrict, this year and the next."""

from datetime import datetime
from uuid import UUID

from linli.edges.cli.demo.catalogue import DISTRICTS
from linli.edges.cli.demo.organisations import district_committee, leading_groups, party_of
from linli.oversight.reviews.actions.planning import make_year
from linli.oversight.reviews.actions.programmes import make_programme, set_members
from linli.oversight.reviews.calc.programme import ProgrammeRules, Stratum, default_rules
from linli.oversight.reviews.choices import ReviewLevel
from linli.registry.people.queries import find_login, viewer_of
from linli.registry.people.rules import Viewer

STREETS, DEPARTMENTS, COMMUNITIES = "street", "dept", "community"
DISTRICT_RULES = default_rules((Stratum(STREETS, "街道党工委", 2, 2), Stratum(DEPARTMENTS, "部门党组", 13, 3)))
STREET_RULES = default_rules((Stratum(COMMUNITIES, "社区党组织", 3, 1),))


def load_reviews(district: str, *, office: str, street: str, organisations: dict[str, UUID], at: datetime) -> None:
    """Begin both programmes as the holder of a login would, and plan this year and the next.

    street: code of the subdistrict that reviews its communities; organisations: ids by the demo's codes.
    """
    login = find_login(office)
    if login is None:
        return
    by = viewer_of(login_id=login.id, on=at.date())
    top = organisations[district_committee(district)]
    streets = [code for code in organisations if code.endswith("-party") and len(code) == len("210104001-party")]
    strata = {organisations[code]: STREETS for code in streets}
    strata |= {organisations[code]: DEPARTMENTS for code, _name in leading_groups(district)}
    name = f"{DISTRICTS[district]}月述月评"
    _begin("district", name, ReviewLevel.DISTRICT, top, DISTRICT_RULES, strata, by=by, at=at)
    below = {
        id_: COMMUNITIES for code, id_ in organisations.items()
        if code.endswith("-party") and code.startswith(street) and len(code) > len(party_of(street))
    }  # fmt: skip
    working = organisations[party_of(street)]
    _begin(f"street-{street}", "街道月述月评", ReviewLevel.MIDDLE, working, STREET_RULES, below, by=by, at=at)


def _begin(
    code: str, name: str, level: ReviewLevel, organisation_id: UUID, rules: ProgrammeRules, strata: dict[UUID, str],
    *, by: Viewer, at: datetime,
) -> None:  # fmt: skip
    programme_id = make_programme(code=code, name=name, level=level, organisation_id=organisation_id, rules=rules,
                                  by=by, source_ip="", at=at)  # fmt: skip
    set_members(programme_id=programme_id, strata=strata, by=by, source_ip="", on=at.date(), at=at)
    for year in (at.year, at.year + 1):
        make_year(programme_id=programme_id, year=year, by=by, at=at)
