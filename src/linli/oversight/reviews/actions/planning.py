"""A programme's year by one click: what is there already stays."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.errors import InvalidInput
from linli.kernel.ids import new_id
from linli.ledger.facts.actions import record
from linli.oversight.reviews.actions.programmes import lock_programme, newest_book
from linli.oversight.reviews.calc.programme import ProgrammeRules, read_rules
from linli.oversight.reviews.calc.year import PlannedMonth, plan_year
from linli.oversight.reviews.models import Draw, Programme, Session
from linli.registry.people.rules import Viewer
from linli.support.calendar.queries import current_calendar

EARLIEST, LATEST = 2020, 2100


@transaction.atomic
def make_year(*, programme_id: UUID, year: int, by: Viewer, at: datetime) -> tuple[int, int]:
    """Write a year's draws and sessions that are not there yet. Returns how many of each were written.

    Twice is the same as once; months that are over by `at` are left out, unless the whole year is. 8 queries; one
    fact. Locks the programme. Raises NotFound, NotAllowed, InvalidInput("year_out_of_range"), NoCalendar.
    """
    if not EARLIEST <= year <= LATEST:
        raise InvalidInput("year_out_of_range", field="year", params={"year": year})
    programme = lock_programme(programme_id, by)
    rules = read_rules(newest_book(programme).content)
    months = plan_year(rules, year=year, is_workday=current_calendar().is_workday)
    coming = [month for month in months if month.sessions[-1].at > at] or months
    draws = _draws(programme, rules, year, coming)
    sessions = _sessions(programme, rules, year, coming)
    if draws or sessions:
        record(district_id=programme.district_id, kind="review_programme.year_planned", subject_id=programme.id, at=at,
               actor_id=by.person_id, organisation_id=programme.organisation_id,
               data={"year": year, "draws": draws, "sessions": sessions})  # fmt: skip
    return draws, sessions


def _draws(programme: Programme, rules: ProgrammeRules, year: int, months: list[PlannedMonth]) -> int:
    there = set(
        Draw.objects.filter(district_id=programme.district_id, programme=programme, year=year).values_list(
            "month", flat=True
        )
    )
    new = [
        Draw(id=new_id(), district_id=programme.district_id, programme=programme, year=year, month=month.month,
             number=1, code=f"{programme.code}/{year}-{month.month:02d}/1", occasion=month.occasion,
             choosing=rules.choosing, planned_on=month.draw_at.date())
        for month in months if month.draw_at and month.month not in there
    ]  # fmt: skip
    Draw.objects.bulk_create(new)
    return len(new)


def _sessions(programme: Programme, rules: ProgrammeRules, year: int, months: list[PlannedMonth]) -> int:
    ours = {"district_id": programme.district_id, "programme": programme, "year": year}
    draws = dict(Draw.objects.filter(**ours, number=1).values_list("month", "id"))
    there = set(Session.objects.filter(**ours).values_list("month", "part"))
    new = [
        Session(id=new_id(), **ours, draw_id=draws.get(month.month), month=month.month, part=each.part,
                occasion=month.occasion, title=f"{programme.name} {year}年{month.month}月第{each.part}场",
                focus=month.focus, planned_at=each.at, ballot_mode=rules.ballot_mode)
        for month in months for each in month.sessions if (month.month, each.part) not in there
    ]  # fmt: skip
    Session.objects.bulk_create(new)
    return len(new)
