"""Opening cases before anybody complains: of the cause of what recurs, and of what a season lets expect (未诉先办)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from linli.cases.actions.opening import Caller, Point, Report, open_case
from linli.cases.calc.series import SeriesRule
from linli.cases.choices import Source
from linli.cases.errors import CannotOpenCase
from linli.cases.models import Case
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.queries.series import get_series, root_case_of
from linli.cases.rules import inside, may_report
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import area_chain

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('linli.cases.prevention'), hashtext(%s))"


@dataclass(frozen=True, slots=True)
class Prevention:
    """What to look after in a community. text: the task, which says why; it holds no word of any reporter."""

    category: str
    area_path: str
    text: str


@transaction.atomic
def open_root_case(*, case_id: UUID, text: str, by: Viewer, at: datetime) -> UUID:
    """Open one case of the cause of what recurs around a case, at its place; a second time the first one is named.

    Locks the cases that recur, so that two at once open one. 12 queries besides what open_case asks. Raises NoSuchCase,
    CannotOpenCase (fewer than the rule asks for, no text), NotAllowed.
    """
    may_report(by, district_id=by.district_id).require()
    series = get_series(viewer=by, case_id=case_id, at=at)
    ids = [each.row.id for each in series.times]
    list(Case.objects.select_for_update().filter(district_id=by.district_id, id__in=ids).order_by("id").values("id"))
    there = root_case_of(series.anchor, series.rule, since=series.since)
    if there is not None:
        return there
    if len(series.times) < series.rule.series_least:
        raise CannotOpenCase("not_recurring", params={"least": series.rule.series_least})
    anchor = series.anchor
    report = Report(text, category=anchor.category, point=Point(anchor.lng or 0.0, anchor.lat or 0.0))
    return open_case(report=report, by=_caller(by), at=at).case_id


@transaction.atomic
def open_preventive_case(*, task: Prevention, by: Viewer, at: datetime) -> UUID:
    """Open a task to look after something in a community before it is reported; once within the weeks of the rule.

    4 queries besides what open_case asks; whoever asks for it at the same moment waits, and is given the same one.
    Raises CannotOpenCase, InvalidInput (no such area), NotAllowed.
    """
    may_report(by, district_id=by.district_id).require()
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"{task.category} {task.area_path}"])
    rule: SeriesRule = current_rulebooks(by.district_id).series
    since = at - timedelta(weeks=rule.season_weeks)
    there = Case.objects.filter(
        inside(task.area_path), district_id=by.district_id, source=Source.PREVENTION, category=task.category,
        lng__isnull=True, reported_at__gte=since,
    )  # fmt: skip
    found = there.order_by("reported_at").values_list("id", flat=True).first()
    if found is not None:
        return found
    chain = area_chain(task.area_path, at=at)
    if not chain or chain[0].code != by.district_id:
        raise CannotOpenCase("place_missing", field="area")
    return open_case(
        report=Report(task.text, category=task.category, area_code=chain[-1].code), by=_caller(by), at=at
    ).case_id


def _caller(by: Viewer) -> Caller:
    return Caller(Source.PREVENTION, f"person:{by.person_id}", by)
