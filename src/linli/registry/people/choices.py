"""What a role may do, and how far it reaches."""

from enum import StrEnum


class Verb(StrEnum):
    """One thing that rights are asked for. A role is a set of these."""

    SEE_CASES = "see_cases"
    REPORT = "report"
    WORK_CASES = "work_cases"
    DISPATCH = "dispatch"
    CALL_BACK = "call_back"
    CLOSE = "close"
    OVERRIDE_PRIORITY = "override_priority"
    SEE_CONTACTS = "see_contacts"
    EXPORT = "export"
    SEE_COCKPIT = "see_cockpit"
    EDIT_RULEBOOKS = "edit_rulebooks"
    EDIT_AREAS = "edit_areas"
    EDIT_CALENDAR = "edit_calendar"
    MANAGE_POSTS = "manage_posts"
    MANAGE_LOGINS = "manage_logins"
    READ_AUDIT = "read_audit"
    MAKE_TOKENS = "make_tokens"
    RUN_JOBS = "run_jobs"
    RUN_REVIEWS = "run_reviews"
    UNSEAL_BALLOTS = "unseal_ballots"


class Reach(StrEnum):
    """How far a post's rights go: its own area and below, its own organisation's matters wherever they are, or own.

    BRANCH: those of the organisations under it too. The whole district: AREA, with a post for the district.
    CUSTOM: its area and further ones, chosen for each post, each with all below.
    OWN: no area and no organisation, only the cases that its holder opened, holds or took part in.
    """

    AREA = "area"
    CUSTOM = "custom"
    ORGANISATION = "organisation"
    BRANCH = "branch"
    OWN = "own"


BY_AREA = frozenset({Reach.AREA, Reach.CUSTOM})
BY_ORGANISATION = frozenset({Reach.ORGANISATION, Reach.BRANCH})


class AdministratorKind(StrEnum):
    """The three administrators; one person can't hold two. Source: GB/T 22239-2019, B3 of our notes."""

    NONE = ""
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


class AbsenceKind(StrEnum):
    """Why somebody is away, as far as colleagues need to know."""

    LEAVE = "leave"
    TRIP = "trip"
    TRAINING = "training"
