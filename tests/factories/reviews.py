"""A programme of monthly reviews in the made-up district."""

from dataclasses import replace
from uuid import UUID

from tests.factories.district import AT, DemoDistrict

from linli.oversight.reviews.actions.programmes import make_programme, set_members
from linli.oversight.reviews.calc.programme import ProgrammeRules, Stratum, default_rules
from linli.oversight.reviews.choices import ReviewLevel

# Of the district's organisations, who can be drawn.
STREETS = ("office_1", "office_2")
DEPARTMENTS = ("water_repair", "heating_office", "call_centre")
RULES = replace(
    default_rules((Stratum("street", "街道党工委", 1, 1), Stratum("dept", "部门党组", 2, 1))),
    presenter_roles=("subdistrict_secretary", "department_head", "district_leader"),
)


def make_review_programme(district: DemoDistrict, *, rules: ProgrammeRules = RULES, code: str = "district") -> UUID:
    """Begin a programme with five organisations that can be drawn. Returns its id."""
    office = district.viewer("review_office")
    programme_id = make_programme(
        code=code, name="区级月述月评", level=ReviewLevel.DISTRICT,
        organisation_id=district.organisations["call_centre"],
        rules=rules, by=office, source_ip="", at=AT,
    )  # fmt: skip
    strata = dict.fromkeys((district.organisations[each] for each in STREETS), "street")
    strata |= dict.fromkeys((district.organisations[each] for each in DEPARTMENTS), "dept")
    set_members(programme_id=programme_id, strata=strata, by=office, source_ip="", on=AT.date(), at=AT)
    return programme_id
