"""Cases that somebody gives to an organisation with a last day, instead of the rulebooks finding owner and time."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from linli.cases.actions.opening import Report, check_sizes, new_case, write_case
from linli.cases.actions.routing import Assigned, Promise, first_rung, promise, rank
from linli.cases.calc.categories import OTHER, suggest
from linli.cases.calc.deadlines import Allowance
from linli.cases.calc.dispatch import Chosen
from linli.cases.calc.rates import LOCAL
from linli.cases.calc.words import plain
from linli.cases.choices import Source
from linli.cases.errors import CannotOpenCase
from linli.cases.events import CaseOpened
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks
from linli.kernel import bus
from linli.kernel.ids import new_id
from linli.registry.orgs.queries import OrganisationRow, list_bodies_of
from linli.registry.people.choices import Verb
from linli.registry.people.queries import list_colleagues
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import LocatedArea, place_by_code
from linli.support.calendar.calc import Budget, Segment, WorkingCalendar, amber_at, deadline, is_provisional
from linli.support.calendar.choices import Timer
from linli.support.calendar.queries import current_calendar

_HOUR = timedelta(hours=1)
_MOST_STAFF = 500


@dataclass(frozen=True, slots=True)
class Task:
    """What an organisation has to do. area_code: where it lies; due_on: its last day, Shanghai."""

    text: str
    organisation: OrganisationRow
    area_code: str
    due_on: date


@transaction.atomic
def open_assigned_case(*, task: Task, source: Source, by: Viewer, at: datetime) -> UUID:
    """Open a case in an organisation's hands, to be solved by the end of a day. Returns its id.

    The text suggests the category, the rulebooks the priority and the time for an answer; the solution's clock is of
    whole hours, round the clock, that end in the last hour of that day, so that no correction of the calendar moves
    it. A committee's case goes to the body under it that does its work; where nobody works on cases there either, it
    is a hole, which dispatchers see.
    Writes the case, its clocks, first step, fact and message; publishes CaseOpened. Whoever calls has asked who may.
    14 queries. Raises CannotOpenCase (text_missing, text_too_long, due_day_past), InvalidInput (area_unknown).
    """
    report = Report(plain(task.text.strip()))
    check_sizes(report)
    if not report.text:
        raise CannotOpenCase("text_missing", field="text")
    if task.due_on < timezone.localdate(at):
        raise CannotOpenCase("due_day_past", field="due_on")
    located = place_by_code(code=task.area_code, at=at)
    books, calendar = current_rulebooks(located.district_id), current_calendar()
    category = suggest(report.text, books.categories.values()) or books.categories[OTHER]
    priority = rank(text=report.text, category=category.code, households=0, repeats=0, books=books)
    promised = promise(category=category.code, level=priority.level, books=books, calendar=calendar, at=at)
    promised = _by_the_day(promised, task.due_on, calendar, books, at)
    assigned = _given_to(task.organisation, located, timezone.localdate(at))
    case = new_case(
        case_id=new_id(), number="", report=report, category=category.code, located=located, assigned=assigned,
        priority=priority, promised=promised, books=books, at=at,
    )  # fmt: skip
    case.source, case.opened_by, case.is_category_suggested = source, by.person_id, True
    case.why = [line for line in case.why if line["code"] != "deadline_rule"]
    case.why += [{"about": "deadline", "code": "day_named", "day": task.due_on.isoformat()}]
    write_case(case, promised, by=by, at=at)
    bus.publish(CaseOpened(case.id, case.district_id, case.area_path, at))
    return case.id


def _by_the_day(
    promised: Promise, due_on: date, calendar: WorkingCalendar, books: Rulebooks, at: datetime
) -> Promise:  # fmt: skip
    """Count the solution's clock to the end of the day, and the answer's, where it would end later, with it."""
    end = datetime.combine(due_on, time.max, tzinfo=LOCAL)
    given = Allowance(Timer.URGENT_HOUR.value, max(1, int((end - at) // _HOUR)))
    running = (Segment(at, None, ""),)
    solution = deadline(calendar, Budget(Timer.URGENT_HOUR, given.amount), running)
    if solution is None:
        message = "a clock that runs always has an end"
        raise AssertionError(message)
    is_earlier = promised.response_due_at <= solution
    response = promised.rule.response if is_earlier else given
    asked, wanted = Budget(Timer(response.timer), response.amount), Budget(Timer.URGENT_HOUR, given.amount)
    amber = amber_at(calendar, asked, running, books.deadlines.amber_percent)
    return Promise(
        rule=replace(promised.rule, response=response, solution=given),
        response_due_at=promised.response_due_at if is_earlier else solution,
        solution_due_at=solution,
        amber_at=amber or solution,
        rung_at=first_rung(asked, wanted, books=books, calendar=calendar, at=at),
        calendar_number=calendar.version,
        is_provisional=is_provisional(calendar, promised.response_due_at),
    )


def _given_to(organisation: OrganisationRow, located: LocatedArea, on: date) -> Assigned:
    """Name the organisation itself, or the body that does its work where nobody works on cases in it. 2 queries."""
    bodies = list_bodies_of(
        district_id=located.district_id, organisation_id=organisation.id, area_path=organisation.area_path, on=on
    )  # fmt: skip
    working = {
        holder.organisation_id
        for holder in list_colleagues(
            district_id=located.district_id, area_paths=[], organisation_ids=[organisation.id, *bodies],
            verb=Verb.WORK_CASES, on=on, limit=_MOST_STAFF,
        )
    }  # fmt: skip
    named = next((body for body in (organisation.id, *bodies) if body in working), None)
    chosen = Chosen(None, named or organisation.id, "named_by_leaders" if named else "named_without_staff")
    return Assigned(None, chosen, located.level or "district", None)
