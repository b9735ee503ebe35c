from dataclasses import replace
from itertools import product

import pytest
from tests.cases.stages import TABLE, UNHAPPY

from linli.cases.calc.default_workflow import DEFAULT_WORKFLOW
from linli.cases.calc.workflow import DISSATISFIED, Transition, faults
from linli.cases.choices import Action, State

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
    assert faults(DEFAULT_WORKFLOW) == []


def test_default_waiting_times() -> None:
    waits = (DEFAULT_WORKFLOW.timeout_days, DEFAULT_WORKFLOW.sample_percent, DEFAULT_WORKFLOW.close_after_days)

    assert waits == (7, 10, 1)


@pytest.mark.parametrize("state", [state for state in State if state not in {State.CLOSED, State.REJECTED}])
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
    first = {state: DEFAULT_WORKFLOW.from_state(state)[0].action for state in State}

    assert first == {
        State.REPORTED: "accept", State.ACCEPTED: "handle", State.DISPATCHED: "accept", State.HANDLING: "report-back",
        State.SUSPENDED: "resume", State.REPORTED_BACK: "verify", State.VERIFIED: "close", State.CLOSED: "reopen",
        State.REJECTED: "verify",
    }  # fmt: skip


def with_row(**changes: object) -> list[str]:
    row = Transition(State.CLOSED, Action.NOTE, ("holder",), State.CLOSED)
    return faults(replace(DEFAULT_WORKFLOW, transitions=(*DEFAULT_WORKFLOW.transitions, replace(row, **changes))))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"state": "reported"}, "doubled: reported note "),
        ({"next_state": "gone"}, "unknown word: closed note gone"),
        ({"action": "dance"}, "unknown word: closed dance closed"),
        ({"by": ()}, "nobody may: closed note"),
        ({"by": ("mayor",)}, "unknown word: closed note mayor"),
        ({"effects": ("explode",)}, "unknown word: closed note explode"),
        (
            {"state": "verified", "action": "reject", "next_state": "rejected"},
            "ends without being finished: verified reject",
        ),
    ],
)  # fmt: skip
def test_broken_row_is_named(changes: dict[str, object], fault: str) -> None:
    assert fault in with_row(**changes)


def test_state_without_a_way_out_is_named() -> None:
    rows = tuple(row for row in DEFAULT_WORKFLOW.transitions if row.state != State.VERIFIED)

    assert faults(replace(DEFAULT_WORKFLOW, transitions=rows)) == ["no way to a close from: verified"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"sample_percent": 101}, "sample_percent is no share"),
        ({"timeout_days": 0}, "waiting times are too short"),
        ({"close_after_days": -1}, "waiting times are too short"),
    ],
)
def test_waiting_times_out_of_range_are_named(changes: dict[str, int], fault: str) -> None:
    assert faults(replace(DEFAULT_WORKFLOW, **changes)) == [fault]
