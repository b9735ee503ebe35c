"""The table of stages that a new district starts with."""

from linli.cases.calc.workflow import (
    BEFORE,
    DISSATISFIED,
    FINISHED,
    HOLDER,
    LEVEL_UP,
    MOVE,
    PAUSE,
    REPORTER,
    RESPONDED,
    RUN,
    SOLVED,
    SYSTEM,
    Transition,
    Workflow,
)
from linli.cases.choices import Action, State

DISPATCH, CALL_BACK, CLOSE, OVERRIDE = "dispatch", "call_back", "close", "override_priority"

REJECT_REASONS = ("statutory_route", "emergency_number", "no_such_thing", "withdrawn", "outside_district")
RETURN_REASONS = ("beyond_power", "wrong_place", "wrong_category", "needs_others")
REWORK_REASONS = ("not_done", "evidence_unclear")
SUSPEND_REASONS = ("waits_for_owners_vote", "waits_for_season", "waits_for_project", "waits_for_reporter")
REOPEN_REASONS = ("dissatisfied", "came_back", "closed_by_mistake")

_IN_WORK = (State.ACCEPTED, State.DISPATCHED, State.HANDLING)

DEFAULT_WORKFLOW = Workflow(
    timeout_days=7,
    sample_percent=10,
    close_after_days=1,
    transitions=(
        Transition(State.REPORTED, Action.ACCEPT, (HOLDER, DISPATCH), State.ACCEPTED, (RESPONDED,)),
        Transition(State.REPORTED, Action.DISPATCH, (DISPATCH,), State.DISPATCHED, (MOVE,)),
        Transition(State.REPORTED, Action.HANDLE, (HOLDER,), State.HANDLING, (RESPONDED,)),
        Transition(State.REPORTED, Action.TRANSFER, (HOLDER, DISPATCH), State.REPORTED, (MOVE,)),
        Transition(State.REPORTED, Action.RETURN, (HOLDER,), State.REPORTED, (LEVEL_UP,), RETURN_REASONS),
        Transition(
            State.REPORTED, Action.REJECT, (DISPATCH,), State.REJECTED, (RESPONDED, SOLVED, FINISHED), REJECT_REASONS
        ),
        Transition(State.ACCEPTED, Action.HANDLE, (HOLDER,), State.HANDLING),
        Transition(State.ACCEPTED, Action.DISPATCH, (DISPATCH,), State.DISPATCHED, (MOVE,)),
        Transition(State.ACCEPTED, Action.TRANSFER, (HOLDER, DISPATCH), State.ACCEPTED, (MOVE,)),
        Transition(State.ACCEPTED, Action.RETURN, (HOLDER,), State.REPORTED, (LEVEL_UP,), RETURN_REASONS),
        Transition(State.ACCEPTED, Action.REJECT, (DISPATCH,), State.REJECTED, (SOLVED, FINISHED), REJECT_REASONS),
        Transition(State.DISPATCHED, Action.ACCEPT, (HOLDER,), State.ACCEPTED, (RESPONDED,)),
        Transition(State.DISPATCHED, Action.HANDLE, (HOLDER,), State.HANDLING, (RESPONDED,)),
        Transition(State.DISPATCHED, Action.TRANSFER, (HOLDER, DISPATCH), State.DISPATCHED, (MOVE,)),
        Transition(State.DISPATCHED, Action.RETURN, (HOLDER,), State.REPORTED, (LEVEL_UP,), RETURN_REASONS),
        Transition(State.HANDLING, Action.REPORT_BACK, (HOLDER,), State.REPORTED_BACK, (SOLVED,)),
        Transition(State.HANDLING, Action.TRANSFER, (HOLDER, DISPATCH), State.DISPATCHED, (MOVE,)),
        Transition(State.HANDLING, Action.RETURN, (HOLDER,), State.REPORTED, (LEVEL_UP,), RETURN_REASONS),
        *(
            Transition(state, Action.SUSPEND, (HOLDER, DISPATCH), State.SUSPENDED, (RESPONDED, PAUSE), SUSPEND_REASONS)
            for state in _IN_WORK
        ),
        Transition(State.SUSPENDED, Action.RESUME, (HOLDER, DISPATCH, SYSTEM), BEFORE, (RUN,)),
        Transition(State.REPORTED_BACK, Action.VERIFY, (CALL_BACK, REPORTER, SYSTEM), State.VERIFIED),
        Transition(
            State.REPORTED_BACK,
            Action.VERIFY,
            (CALL_BACK, REPORTER),
            State.DISPATCHED,
            (RUN, LEVEL_UP),
            outcome=DISSATISFIED,
        ),
        Transition(State.REPORTED_BACK, Action.RETURN, (CALL_BACK, DISPATCH), State.HANDLING, (RUN,), REWORK_REASONS),
        Transition(State.VERIFIED, Action.CLOSE, (CLOSE, SYSTEM), State.CLOSED, (FINISHED,)),
        Transition(
            State.VERIFIED, Action.REOPEN, (CALL_BACK, DISPATCH), State.DISPATCHED, (RUN, LEVEL_UP), REOPEN_REASONS
        ),
        Transition(
            State.CLOSED,
            Action.REOPEN,
            (CALL_BACK, DISPATCH, REPORTER),
            State.DISPATCHED,
            (RUN, LEVEL_UP),
            REOPEN_REASONS,
        ),
        Transition(State.REJECTED, Action.VERIFY, (REPORTER, CALL_BACK), State.REJECTED),
        Transition(
            State.REJECTED, Action.VERIFY, (REPORTER, CALL_BACK), State.REPORTED, (RUN, LEVEL_UP), outcome=DISSATISFIED
        ),
        Transition(
            State.REJECTED,
            Action.REOPEN,
            (CALL_BACK, DISPATCH, REPORTER),
            State.REPORTED,
            (RUN, LEVEL_UP),
            REOPEN_REASONS,
        ),
        *(
            Transition(state, Action.OVERRIDE, (OVERRIDE,), state)
            for state in (State.REPORTED, *_IN_WORK, State.SUSPENDED)
        ),
        *(
            Transition(state, Action.NOTE, (HOLDER, DISPATCH, CALL_BACK), state)
            for state in (State.REPORTED, *_IN_WORK, State.SUSPENDED, State.REPORTED_BACK, State.VERIFIED)
        ),
    ),
)
