"""What the room does when lower rooms change something."""

from linli.cases.actions.clocks import recount_deadlines
from linli.kernel import bus
from linli.registry.territory.queries import served_districts
from linli.support.calendar.events import CalendarPublished


def on_calendar_published(event: CalendarPublished) -> None:
    """Count open deadlines anew; each that moves is a fact."""
    for district_id in served_districts():
        recount_deadlines(district_id=district_id, at=event.at)


def subscribe() -> None:
    """Join the bus; called once the app is ready."""
    bus.subscribe(CalendarPublished, on_calendar_published)
