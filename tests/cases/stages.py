"""The table of stages as people read it, written down a second time: what each test of the default table expects.

A cell says who may and what comes next. H the holder, D who may dispatch there, C who calls back, X who closes,
O who may set a priority by hand, R the reporter, S the system when time is up. A blank is "not possible".
"""

from linli.cases.choices import Action, State

_ACTIONS = "accept reject dispatch handle report-back verify close return reopen transfer suspend resume override note"
_CELLS = {
    "reported": "HD>accepted D>rejected D>dispatched H>handling - - - H>reported - HD>reported - - O>reported HDC>reported",
    "accepted": "- D>rejected D>dispatched H>handling - - - H>reported - HD>accepted HD>suspended - O>accepted HDC>accepted",
    "dispatched": "H>accepted - - H>handling - - - H>reported - HD>dispatched HD>suspended - O>dispatched HDC>dispatched",
    "handling": "- - - - H>reported_back - - H>reported - HD>dispatched HD>suspended - O>handling HDC>handling",
    "suspended": "- - - - - - - - - - - HDS>before O>suspended HDC>suspended",
    "reported_back": "- - - - - CRS>verified - CD>handling - - - - - HDC>reported_back",
    "verified": "- - - - - - XS>closed - CD>dispatched - - - - HDC>verified",
    "closed": "- - - - - - - - CDR>dispatched - - - - -",
    "rejected": "- - - - - CR>rejected - - CDR>reported - - - - -",
}

# The second outcome of a verification: the reporter is not satisfied.
UNHAPPY = {State.REPORTED_BACK: ("CR", "dispatched"), State.REJECTED: ("CR", "reported")}


def _table() -> dict[tuple[State, Action], tuple[str, str]]:
    table = {}
    for state, line in _CELLS.items():
        for action, cell in zip(_ACTIONS.split(), line.split(), strict=True):
            if cell != "-":
                who, _, after = cell.partition(">")
                table[State(state), Action(action)] = (who, after)
    return table


TABLE = _table()

# Who is which of these letters for a case in grid 1 of community 1 that its grid worker holds. Holder: that post and
# colleagues of the same committee whose area holds the place.
PARTIES = {
    "grid_worker": "H", "grid_head": "HD", "building_head": "", "community_steward": "H",
    "community_clerk": "HDCXO", "community_secretary": "HDCXO",
    "subdistrict_dispatcher": "DCXO", "subdistrict_secretary": "DCXO",
    "department_handler": "", "department_head": "", "property_manager": "",
    "call_back_clerk": "CX", "district_dispatcher": "DCXO", "catalogue_keeper": "",
    "leader_in_charge": "", "district_leader": "", "system_admin": "", "security_admin": "", "auditor": "",
}  # fmt: skip

# Who reads that case at all.
READERS = {
    "grid_worker", "grid_head", "building_head", "community_steward", "community_clerk", "community_secretary",
    "subdistrict_dispatcher", "subdistrict_secretary", "call_back_clerk", "district_dispatcher", "catalogue_keeper",
    "leader_in_charge", "district_leader",
}  # fmt: skip
