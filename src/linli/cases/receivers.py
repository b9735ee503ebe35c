"""What the room does when lower rooms change something."""

from linli.cases.actions.beside import recount_dues
from linli.cases.actions.clocks import recount_deadlines
from linli.cases.actions.holes import open_case_of_hole, settle_cases_of_hole
from linli.cases.queries.telling import news_phones, tell_of_cases
from linli.kernel import bus
from linli.registry.coverage.events import HoleFilled, HoleStands
from linli.registry.territory.queries import served_districts
from linli.support.calendar.events import CalendarPublished
from linli.support.notices.choices import Whom
from linli.support.notices.queries.subjects import find_phones, tell_subjects


def on_calendar_published(event: CalendarPublished) -> None:
    """Count open deadlines anew; each that moves is a fact."""
    for district_id in served_districts():
        recount_deadlines(district_id=district_id, at=event.at)
        recount_dues(district_id=district_id)


def on_hole_stands(event: HoleStands) -> None:
    """See to it that somebody has a case of it."""
    open_case_of_hole(hole=event, at=event.at)


def on_hole_filled(event: HoleFilled) -> None:
    """Close what was open about it."""
    settle_cases_of_hole(district_id=event.district_id, hole_id=event.hole_id, at=event.at)


def subscribe() -> None:
    """Join the bus; called once the app is ready."""
    bus.subscribe(HoleStands, on_hole_stands)
    bus.subscribe(HoleFilled, on_hole_filled)
    bus.subscribe(CalendarPublished, on_calendar_published)
    tell_subjects("case.", tell_of_cases)
    tell_subjects("told.", tell_of_cases)
    find_phones(Whom.REPORTER, news_phones)
