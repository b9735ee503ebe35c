"""The stages of a case as a table: state, action, by whom, next state, and what it does to the clocks."""

from dataclasses import dataclass

from linli.cases.choices import Action, State
from linli.registry.people.choices import Verb

# Who may take a step: a relation to the case, or a verb of the people room held over its area.
HOLDER = "holder"
REPORTER = "reporter"
SYSTEM = "system"

# What a step does besides changing the state.
RESPONDED = "responded"  # stops the response clock
PAUSE = "pause"  # pauses the solution clock
RUN = "run"  # lets the solution clock run again
SOLVED = "solved"  # stops the solution clock
FINISHED = "finished"  # the case leaves every open list
MOVE = "move"  # gives the case to somebody else
LEVEL_UP = "level_up"  # gives the case to the next level up
EFFECTS = frozenset({RESPONDED, PAUSE, RUN, SOLVED, FINISHED, MOVE, LEVEL_UP})
ENDS = frozenset({State.CLOSED, State.REJECTED})

DISSATISFIED = "dissatisfied"  # the outcome of a verification that sends the case one level up
_WHOLE = 100

BEFORE = "before"  # as next state: the one before it was suspended


@dataclass(frozen=True, slots=True)
class Transition:
    """One cell of the table.

    reasons: codes to choose from; empty: no reason asked. outcome: the same step can end in two ways; "" is the usual.
    """

    state: str
    action: str
    by: tuple[str, ...]
    next_state: str
    effects: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    outcome: str = ""

    @property
    def needs_reason(self) -> bool:
        """Whether one of the reasons has to be named."""
        return bool(self.reasons)


@dataclass(frozen=True, slots=True)
class Workflow:
    """The whole table, and how long verification waits.

    timeout_days: natural days after which an unanswered report-back counts as verified; sample_percent: share of
    cases, drawn when they are opened, that somebody must call or visit because they never time out;
    close_after_days: natural days after which a verified case is closed by itself.
    """

    transitions: tuple[Transition, ...]
    timeout_days: int
    sample_percent: int
    close_after_days: int

    def find(self, state: str, action: str, outcome: str = "") -> Transition | None:
        """Read one cell; None where the table says nothing, that is: not possible."""
        wanted = (state, action, outcome)
        return next((row for row in self.transitions if (row.state, row.action, row.outcome) == wanted), None)

    def from_state(self, state: str) -> tuple[Transition, ...]:
        """List what can follow a state, in the table's order: the first is the usual next step."""
        return tuple(row for row in self.transitions if row.state == state and not row.outcome)


def faults(workflow: Workflow) -> list[str]:
    """List what makes a table unusable: doubled cells, unknown words, states without a way out or in."""
    found: list[str] = []
    cells = [(row.state, row.action, row.outcome) for row in workflow.transitions]
    found += [f"doubled: {' '.join(cell)}" for cell in sorted(set(cells)) if cells.count(cell) > 1]
    known = {*State, BEFORE}
    for row in workflow.transitions:
        if row.state not in known or row.next_state not in known or row.action not in set(Action):
            found.append(f"unknown word: {row.state} {row.action} {row.next_state}")
        if not row.by:
            found.append(f"nobody may: {row.state} {row.action}")
        unknown = {*row.by} - {HOLDER, REPORTER, SYSTEM, *Verb} | {*row.effects} - EFFECTS
        found += [f"unknown word: {row.state} {row.action} {word}" for word in sorted(unknown)]
        if row.next_state in ENDS and row.state not in ENDS and FINISHED not in row.effects:
            found.append(f"ends without being finished: {row.state} {row.action}")
    return found + _dead_ends(workflow)


def _dead_ends(workflow: Workflow) -> list[str]:
    """Name states from which no chain of steps leads to a close."""
    arrives: set[str] = {*ENDS}
    while True:
        more = {row.state for row in workflow.transitions if row.next_state in arrives} - arrives
        if not more:
            break
        arrives |= more
    used = {row.state for row in workflow.transitions} | {row.next_state for row in workflow.transitions} - {BEFORE}
    found = [f"no way to a close from: {state}" for state in sorted(used - arrives) if state != State.SUSPENDED]
    if not 0 <= workflow.sample_percent <= _WHOLE:
        found.append("sample_percent is no share")
    if workflow.timeout_days < 1 or workflow.close_after_days < 0:
        found.append("waiting times are too short")
    return found
