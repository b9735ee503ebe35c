"""Who may say how things go outside."""

from linli.kernel.decision import Decision
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere


def may_run_ways_out(viewer: Viewer) -> Decision:
    """Say whether a viewer may name robots and systems, change words, and try again: who runs the program's jobs."""
    return may_somewhere(viewer, Verb.RUN_JOBS)
