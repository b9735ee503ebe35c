from dataclasses import replace
from itertools import product

import pytest
from tests.cases.stages import TABLE, UNHAPPY

from linli.cases.calc.default_workflow import DEFAULT_WORKFLOW
from linli.cases.calc.workflow import DISSATISFIED, Transition, Workflow, faults
from linli.cases.choices import FINISHED, TABLED, Action, State
from linli.cases.errors import Fault

LETTERS = {"holder": "H", "dispatch": "D", "call_back": "C", "close": "X", "override_priority": "O", "reporter": "R",
           "system": "S"}  # fmt: skip
REJECT = {"statutory_route", "emergency_number", "no_such_thing", "withdrawn", "outside_district"}


def said(row: Transition | None) -> tuple[set[str], str] | None:
    return ({LETTERS[who] for who in row.by}, row.next_state) if row else None


@pytest.mark.parametrize(("state", "action"), [*product(State, Action)], ids=lambda word: word.value)
def test_default_table_cell(state: State, action: Action) -> None:
    expected = TABLE.get((state, action))

    assert said(DEFAULT_WORKFLOW.find(state, action)) == ((set(expected[0]), expected[1]) if expected else None)


@pytest.mark.parametrize(("state", "action"), [*product(State, Action)], ids=lambda word: word.value)
def test_dissatisfied_is_an_outcome_of_verifying_only(state: State, action: Action) -> None:
    expected = UNHAPPY.get(state) if action is Action.VERIFY else None

    found = said(DEFAULT_WORKFLOW.find(state, action, DISSATISFIED))

    assert found == ((set(expected[0]), expected[1]) if expected else None)


def test_default_table_has_no_faults() -> None:
    assert faults(DEFAULT_WORKFLOW, in_use={}) == []


def test_default_waiting_times() -> None:
    waits = (DEFAULT_WORKFLOW.timeout_days, DEFAULT_WORKFLOW.sample_percent, DEFAULT_WORKFLOW.close_after_days)

    assert waits == (7, 10, 1)


@pytest.mark.parametrize("state", [state for state in State if state not in FINISHED])
def test_every_open_state_leads_to_a_close(state: State) -> None:
    reached, wave = set(), {str(state)}
    while wave - reached:
        reached |= wave
        wave = {row.next_state for row in DEFAULT_WORKFLOW.transitions if row.state in reached}
        wave |= {"accepted", "dispatched", "handling"} if "before" in wave else set()

    assert "closed" in reached


@pytest.mark.parametrize("action", [Action.REJECT, Action.RETURN, Action.SUSPEND, Action.REOPEN])
def test_what_takes_a_case_off_its_way_asks_for_a_reason(action: Action) -> None:
    rows = [row for row in DEFAULT_WORKFLOW.transitions if row.action == action]

    assert rows
    assert all(row.needs_reason for row in rows)


def test_rejections_name_their_reasons() -> None:
    rows = [row for row in DEFAULT_WORKFLOW.transitions if row.action == Action.REJECT]

    assert [set(row.reasons) for row in rows] == [REJECT, REJECT]


def test_usual_next_step_comes_first() -> None:
    first = {state: DEFAULT_WORKFLOW.from_state(state)[0].action for state in TABLED}

    assert first == {
        State.REPORTED: "accept", State.ACCEPTED: "handle", State.DISPATCHED: "accept", State.HANDLING: "report-back",
        State.SUSPENDED: "resume", State.REPORTED_BACK: "verify", State.VERIFIED: "close", State.CLOSED: "reopen",
        State.REJECTED: "verify",
    }  # fmt: skip


def with_row(**changes: object) -> list[Fault]:
    row = Transition(State.CLOSED, Action.NOTE, ("holder",), State.CLOSED)
    rows = (*DEFAULT_WORKFLOW.transitions, replace(row, **changes))
    return faults(replace(DEFAULT_WORKFLOW, transitions=rows), in_use={})


LAST = len(DEFAULT_WORKFLOW.transitions)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"state": "reported"}, "cell_twice", "action"),
        ({"state": "gone"}, "unknown_state", "state"),
        ({"next_state": "gone"}, "unknown_next_state", "next_state"),
        ({"next_state": "before"}, "unknown_next_state", "next_state"),
        ({"action": "dance"}, "unknown_action", "action"),
        ({"outcome": "dissatisfied"}, "unknown_outcome", "outcome"),
        ({"by": ()}, "nobody_may", "by"),
        ({"by": ("mayor",)}, "unknown_who", "by"),
        ({"effects": ("explode",)}, "unknown_effect", "effects"),
        ({"effects": ("pause",)}, "pause_not_on_hold", "effects"),
        ({"state": "verified", "action": "reject", "next_state": "rejected"}, "ends_unfinished", "effects"),
        ({"state": "verified", "action": "accept", "next_state": "accepted", "effects": ("finished",)},
         "finished_too_soon", "effects"),
        ({"reasons": ("长" * 41,)}, "reason_too_long", "reasons"),
    ],
)  # fmt: skip
def test_broken_row_is_named(changes: dict[str, str], code: str, field: str) -> None:
    about = {"state": changes.get("state", "closed"), "action": changes.get("action", "note")}

    assert Fault(code, LAST, field, about) in with_row(**changes)


def without(*cells: tuple[str, str]) -> Workflow:
    rows = (row for row in DEFAULT_WORKFLOW.transitions if (row.state, row.action) not in cells)
    return replace(DEFAULT_WORKFLOW, transitions=tuple(rows))


def test_state_without_a_way_out_is_named() -> None:
    rows = tuple(row for row in DEFAULT_WORKFLOW.transitions if row.state != State.VERIFIED)

    found = faults(replace(DEFAULT_WORKFLOW, transitions=rows), in_use={})

    assert Fault("no_way_to_close", params={"state": "verified"}) in found


def test_step_that_nobody_may_take_is_no_way() -> None:
    rows = tuple(replace(row, by=()) if row.action == Action.CLOSE else row for row in DEFAULT_WORKFLOW.transitions)

    found = faults(replace(DEFAULT_WORKFLOW, transitions=rows), in_use={})

    assert Fault("no_way_to_close", params={"state": "verified"}) in found


def test_being_taken_off_is_not_a_way_to_a_close() -> None:
    rows = (Transition("reported", "reject", ("dispatch",), "rejected", ("finished",)),)

    assert faults(Workflow(rows, 7, 10, 1), in_use={}) == [Fault("no_way_to_close", params={"state": "reported"})]


@pytest.mark.parametrize(("in_use", "code"), [({}, None), ({"suspended": 3}, "no_way_for_open_cases")])
def test_state_that_open_cases_stand_in_keeps_a_way_even_if_no_new_case_comes_there(
    in_use: dict[str, int], code: str | None
) -> None:
    hold = [(state, "suspend") for state in ("accepted", "dispatched", "handling")]
    table = without(*hold, *(("suspended", action) for action in ("resume", "override", "note")))

    expected = [Fault(code, params={"state": "suspended", "cases": 3})] if code else []

    assert faults(table, in_use=in_use) == expected


def test_case_on_hold_goes_on_from_where_it_was() -> None:
    hold = [(state, "suspend") for state in ("accepted", "dispatched", "handling")]

    assert faults(without(*hold), in_use={"suspended": 3}, held_from={"handling"}) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"sample_percent": 101}, Fault("sample_share", field="sample_percent")),
        ({"timeout_days": 0}, Fault("wait_out_of_range", field="timeout_days", params={"least": 1, "most": 366})),
        ({"close_after_days": -1},
         Fault("wait_out_of_range", field="close_after_days", params={"least": 0, "most": 366})),
    ],
)  # fmt: skip
def test_waiting_times_out_of_range_are_named(changes: dict[str, int], fault: Fault) -> None:
    assert faults(replace(DEFAULT_WORKFLOW, **changes), in_use={}) == [fault]
