"""Kinds of organisations; the words for them stand in the glossary."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation is."""

    PARTY_COMMITTEE = "party_committee"
    WORKING_COMMITTEE = "working_committee"
    LEADING_GROUP = "leading_group"
    GENERAL_BRANCH = "general_branch"
    PARTY_BRANCH = "party_branch"
    PARTY_GROUP = "party_group"
    INDUSTRY_PARTY = "industry_party"
    DEPARTMENT = "department"
    SUBDISTRICT_OFFICE = "subdistrict_office"
    RESIDENTS_COMMITTEE = "residents_committee"
    VILLAGE_COMMITTEE = "village_committee"
    OWNERS_COMMITTEE = "owners_committee"
    PROPERTY_COMPANY = "property_company"
    NON_PUBLIC = "non_public"
    ASSOCIATION = "association"
    UNIT = "unit"
    TEAM = "team"
