"""The table of stages as people read it, written down a second time: what each test of the default table expects.

A cell says who may and what comes next. H the holder, D who may dispatch there, C who calls back, X who closes,
O who may set a priority by hand, R the reporter, S the system when time is up. What is not named is not possible.
"""

from linli.cases.choices import Action, State

_CELLS = {
    "reported": "accept HD>accepted, reject D>rejected, dispatch D>dispatched, handle H>handling, return H>reported, "
    "transfer HD>reported, override O>reported, note HDC>reported",
    "accepted": "reject D>rejected, dispatch D>dispatched, handle H>handling, return H>reported, transfer HD>accepted, "
    "suspend HD>suspended, override O>accepted, note HDC>accepted",
    "dispatched": "accept H>accepted, handle H>handling, return H>reported, transfer HD>dispatched, "
    "suspend HD>suspended, override O>dispatched, note HDC>dispatched",
    "handling": "report-back H>reported_back, return H>reported, transfer HD>dispatched, suspend HD>suspended, "
    "override O>handling, note HDC>handling",
    "suspended": "resume HDS>before, override O>suspended, note HDC>suspended",
    "reported_back": "verify CRS>verified, return CD>handling, note HDC>reported_back",
    "verified": "close XS>closed, reopen CD>dispatched, note HDC>verified",
    "closed": "reopen CDR>dispatched",
    "rejected": "verify CR>rejected, reopen CDR>reported",
}

# The second outcome of a verification: the reporter is not satisfied.
UNHAPPY = {State.REPORTED_BACK: ("CR", "dispatched"), State.REJECTED: ("CR", "reported")}


def _table() -> dict[tuple[State, Action], tuple[str, str]]:
    table = {}
    for state, line in _CELLS.items():
        for cell in line.split(", "):
            action, what = cell.split(" ")
            who, after = what.split(">")
            table[State(state), Action(action)] = (who, after)
    return table


TABLE = _table()

# Who is which of these letters for a case in grid 1 of community 1 that its grid worker holds. Holder: that post and
# colleagues of the same committee whose area holds the place.
PARTIES = {
    "grid_worker": "H", "grid_head": "HD", "building_head": "", "community_steward": "H", "concern_reporter": "",
    "community_clerk": "HDCXO", "community_secretary": "HDCXO",
    "subdistrict_dispatcher": "DCXO", "subdistrict_secretary": "DCXO",
    "department_handler": "", "department_head": "", "property_manager": "",
    "call_back_clerk": "CX", "district_dispatcher": "DCXO", "catalogue_keeper": "",
    "leader_in_charge": "", "district_leader": "", "system_admin": "", "security_admin": "", "auditor": "",
    "review_office": "", "review_juror": "", "discipline_inspector": "",
}  # fmt: skip

# Who reads that case at all.
READERS = {
    "grid_worker", "grid_head", "building_head", "community_steward", "community_clerk", "community_secretary",
    "subdistrict_dispatcher", "subdistrict_secretary", "call_back_clerk", "district_dispatcher", "catalogue_keeper",
    "leader_in_charge", "district_leader", "review_office",
}  # fmt: skip
