"""The stages of a case as a table: state, action, by whom, next state, and what it does to the clocks."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from linli.cases.choices import TABLED, Action, State
from linli.cases.errors import Fault
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
_LONGEST_REASON = 40  # as wide as the column of a step's reason
_LONGEST_WAIT_DAYS = 366
# Settings that a table from before there were disputes and whistles does not hold.
LATER_NUMBERS = ("most_returns", "dispute_hours", "whistle_hours", "opinion_hours")
LATER_LISTS = ("catalogue_reasons", "speeds", "results")
_MOST_RETURNS = 20
_MOST_HOURS = 400

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
    close_after_days: natural days after which a verified case is closed by itself. most_returns: how often a case may
    be sent back, afterwards only a dispute is left; catalogue_reasons: sent back for one of these it goes to whom the
    dispatch catalogue names; dispute_hours, whistle_hours, opinion_hours: working hours in which a dispute has to be
    decided, in which who was whistled for has to report in, and in which who leads them has to say what came of it
    afterwards; speeds, results: marks by which the caller evaluates them.
    """

    transitions: tuple[Transition, ...]
    timeout_days: int
    sample_percent: int
    close_after_days: int
    most_returns: int = 2
    dispute_hours: int = 8
    whistle_hours: int = 16
    opinion_hours: int = 24
    catalogue_reasons: tuple[str, ...] = ("beyond_power",)
    speeds: tuple[str, ...] = ("quick", "in_time", "late")
    results: tuple[str, ...] = ("solved", "partly", "unsolved")

    def find(self, state: str, action: str, outcome: str = "") -> Transition | None:
        """Read one cell; None where the table says nothing, that is: not possible."""
        wanted = (state, action, outcome)
        return next((row for row in self.transitions if (row.state, row.action, row.outcome) == wanted), None)

    def dispute_reasons(self, state: str) -> tuple[str, ...]:
        """List for which reasons a case may be sent one level up from a state, so disputed too; none: it may not."""
        rows = (row for row in self.transitions if row.state == state and is_return(row))
        return next((row.reasons for row in rows), ())

    def from_state(self, state: str) -> tuple[Transition, ...]:
        """List what can follow a state, in the table's order: the first is the usual next step."""
        return tuple(row for row in self.transitions if row.state == state and not row.outcome)


def later_settings() -> dict[str, int | tuple[str, ...]]:
    """Give the program's own settings for what an older table does not hold."""
    usual = Workflow((), timeout_days=1, sample_percent=0, close_after_days=0)
    return {name: getattr(usual, name) for name in (*LATER_NUMBERS, *LATER_LISTS)}


def is_return(row: Transition) -> bool:
    """Whether a step sends a case back to where it came from, not only into rework."""
    return row.action == Action.RETURN and LEVEL_UP in row.effects


def takes_over(row: Transition) -> bool:
    """Whether who has the case goes on with it by that step: the stage changes and nobody else is given the case."""
    return row.state != row.next_state and not {MOVE, LEVEL_UP} & set(row.effects)


def faults(workflow: Workflow, *, in_use: Mapping[str, int], held_from: Collection[str] = ()) -> list[Fault]:
    """List what makes a table unusable: doubled cells, unknown words, nobody who may, states without a way to a close.

    in_use: the states in which open cases stand, with their number, and held_from: those that cases on hold go
    back to; they are asked for a way, too.
    """
    found: list[Fault] = []
    cells = [(row.state, row.action, row.outcome) for row in workflow.transitions]
    for place, row in enumerate(workflow.transitions):
        if cells[place] in cells[:place]:
            found.append(Fault("cell_twice", place, "action", _about(row)))
        found += [Fault(code, place, field, _about(row)) for code, field in _faults_of(row)]
    if not 0 <= workflow.sample_percent <= _WHOLE:
        found.append(Fault("sample_share", field="sample_percent"))
    for name, least in (("timeout_days", 1), ("close_after_days", 0)):
        if not least <= getattr(workflow, name) <= _LONGEST_WAIT_DAYS:
            found.append(Fault("wait_out_of_range", field=name, params={"least": least, "most": _LONGEST_WAIT_DAYS}))
    for name, least, most in (
        ("most_returns", 0, _MOST_RETURNS), ("dispute_hours", 1, _MOST_HOURS), ("whistle_hours", 1, _MOST_HOURS),
        ("opinion_hours", 1, _MOST_HOURS),
    ):  # fmt: skip
        if not least <= getattr(workflow, name) <= most:
            found.append(Fault(f"{name}_out_of_range", field=name, params={"least": least, "most": most}))
    for name in ("speeds", "results"):
        if not getattr(workflow, name) or any(not 0 < len(mark) <= _LONGEST_REASON for mark in getattr(workflow, name)):
            found.append(Fault("marks_missing", field=name))
    return [*found, *_dead_ends(workflow, in_use, held_from)]


def _about(row: Transition) -> dict[str, str | int]:
    return {"state": row.state, "action": row.action}


def _faults_of(row: Transition) -> Iterator[tuple[str, str]]:
    """Tell what is wrong with one row: (code, field)."""
    is_end, is_from_end = row.next_state in ENDS, row.state in ENDS
    checks = (
        ("unknown_state", "state", row.state not in TABLED),
        ("unknown_action", "action", row.action not in set(Action)),
        ("unknown_next_state", "next_state", row.next_state not in _nexts(row.state)),
        ("unknown_outcome", "outcome", row.outcome not in _outcomes(row.action)),
        ("nobody_may", "by", not row.by),
        ("unknown_who", "by", not {*row.by} <= {HOLDER, REPORTER, SYSTEM, *Verb}),
        ("unknown_effect", "effects", not {*row.effects} <= EFFECTS),
        ("ends_unfinished", "effects", is_end and not is_from_end and FINISHED not in row.effects),
        ("finished_too_soon", "effects", not is_end and FINISHED in row.effects),
        ("pause_not_on_hold", "effects", PAUSE in row.effects and row.next_state != State.SUSPENDED),
        ("reason_too_long", "reasons", any(not 0 < len(reason) <= _LONGEST_REASON for reason in row.reasons)),
    )
    yield from ((code, field) for code, field, is_wrong in checks if is_wrong)


def _nexts(state: str) -> set[str]:
    return {*TABLED, BEFORE} if state == State.SUSPENDED else {*TABLED}


def _outcomes(action: str) -> set[str]:
    return {"", DISSATISFIED} if action == Action.VERIFY else {""}


def _dead_ends(workflow: Workflow, in_use: Mapping[str, int], held_from: Collection[str]) -> Iterator[Fault]:
    """Name the states, reached or stood in, from which no chain of steps leads to a close."""
    before = {row.state for row in workflow.transitions if row.next_state == State.SUSPENDED} | {*held_from}
    before -= {State.SUSPENDED}
    ways: dict[str, set[str]] = {}
    for row in workflow.transitions:
        if row.by and row.state not in ENDS:
            ways.setdefault(row.state, set()).update(before if row.next_state == BEFORE else {row.next_state})
    arriving: set[str] = {State.CLOSED}
    while more := {state for state, after in ways.items() if after & arriving} - arriving:
        arriving |= more
    reached: set[str] = {State.REPORTED, *in_use, *held_from}
    while more := {state for start in reached for state in ways.get(start, ())} - reached:
        reached |= more
    for state in sorted({*reached, *ways} - arriving - ENDS):
        if state in in_use:
            yield Fault("no_way_for_open_cases", params={"state": state, "cases": in_use[state]})
        else:
            yield Fault("no_way_to_close", params={"state": state})
