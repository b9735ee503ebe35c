"""Who may change the calendar."""

from linli.kernel.decision import Decision
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_somewhere


def may_publish_calendar(viewer: Viewer) -> Decision:
    """Say whether the viewer may publish a calendar; it counts for every district of the installation."""
    return may_somewhere(viewer, Verb.EDIT_CALENDAR)
