"""The roles that a new district starts with; afterwards they are rows that the security administrator edits."""

from dataclasses import dataclass

from linli.registry.people.choices import AdministratorKind, Reach, Verb

_FIELD = frozenset({Verb.SEE_CASES, Verb.REPORT, Verb.WORK_CASES, Verb.SEE_CONTACTS})
_OFFICE = _FIELD | {Verb.DISPATCH, Verb.CALL_BACK, Verb.CLOSE, Verb.OVERRIDE_PRIORITY, Verb.EXPORT}
_LOOK = frozenset({Verb.SEE_CASES, Verb.SEE_COCKPIT, Verb.EXPORT})


@dataclass(frozen=True, slots=True)
class DefaultRole:
    """A role: its code, its name on the screen, what it may do, how far; the level whose every area needs a holder."""

    code: str
    name: str
    verbs: frozenset[Verb]
    reach: Reach = Reach.AREA
    administrator: AdministratorKind = AdministratorKind.NONE
    wanted_at: str = ""


DEFAULT_ROLES = (
    DefaultRole("grid_worker", "网格员", _FIELD, wanted_at="grid"),
    DefaultRole("grid_head", "网格长", _FIELD | {Verb.DISPATCH}),
    DefaultRole("building_head", "楼栋长", frozenset({Verb.SEE_CASES, Verb.REPORT})),
    DefaultRole("community_steward", "社区管家", _FIELD),
    DefaultRole("concern_reporter", "党员民情员", frozenset({Verb.REPORT}), Reach.OWN),
    DefaultRole("community_clerk", "社区干部", _OFFICE),
    DefaultRole("community_secretary", "社区书记", _OFFICE | {Verb.SEE_COCKPIT}, wanted_at="community"),
    DefaultRole("subdistrict_dispatcher", "街道值班员", _OFFICE | {Verb.SEE_COCKPIT}, wanted_at="subdistrict"),
    DefaultRole("subdistrict_secretary", "街道书记", _OFFICE | {Verb.SEE_COCKPIT}, wanted_at="subdistrict"),
    DefaultRole("department_handler", "部门经办人", _FIELD, Reach.ORGANISATION),
    DefaultRole("department_head", "部门负责人", _OFFICE | {Verb.SEE_COCKPIT}, Reach.ORGANISATION),
    DefaultRole(
        "property_manager", "物业经理", frozenset({Verb.SEE_CASES, Verb.REPORT, Verb.WORK_CASES}), Reach.ORGANISATION
    ),
    DefaultRole(
        "call_back_clerk", "回访员", frozenset({Verb.SEE_CASES, Verb.CALL_BACK, Verb.CLOSE, Verb.SEE_CONTACTS})
    ),
    DefaultRole("district_dispatcher", "区指挥中心派遣员", _OFFICE | {Verb.SEE_COCKPIT}, wanted_at="district"),
    DefaultRole(
        "catalogue_keeper",
        "派单目录管理员",
        frozenset({Verb.SEE_CASES, Verb.EDIT_RULEBOOKS, Verb.EDIT_CALENDAR, Verb.EDIT_AREAS}),
    ),
    DefaultRole("leader_in_charge", "分管领导", _LOOK),
    DefaultRole("district_leader", "区领导", _LOOK),
    DefaultRole("review_office", "述职评议办", _LOOK | {Verb.RUN_REVIEWS}),
    DefaultRole("review_juror", "评议代表", frozenset()),
    DefaultRole("discipline_inspector", "纪检监察员", frozenset({Verb.UNSEAL_BALLOTS})),
    DefaultRole(
        "system_admin",
        "系统管理员",
        frozenset({Verb.EDIT_AREAS, Verb.EDIT_CALENDAR, Verb.EDIT_RULEBOOKS, Verb.RUN_JOBS}),
        administrator=AdministratorKind.SYSTEM,
    ),
    DefaultRole(
        "security_admin",
        "安全管理员",
        frozenset({Verb.MANAGE_POSTS, Verb.MANAGE_LOGINS, Verb.MAKE_TOKENS}),
        administrator=AdministratorKind.SECURITY,
    ),
    DefaultRole("auditor", "审计员", frozenset({Verb.READ_AUDIT}), administrator=AdministratorKind.AUDIT),
)
