"""Closed cases like one that is worked on: what was done about them, and how long that took. Suggestions, no more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linli.cases.calc.alike import MOST_READ, Beside
from linli.cases.choices import Action, Source, State
from linli.cases.errors import NoSuchCase
from linli.cases.models import Case, CaseStep
from linli.cases.queries.rows import CaseRow, case_rows
from linli.cases.rules import may_see_case, visible_to
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class AlikeCase:
    """A closed case. percent: how alike its words are; what: what was reported back last; took: to the solution."""

    row: CaseRow
    percent: int
    what: str
    took: timedelta | None


@dataclass(frozen=True, slots=True)
class Alike:
    """The likest closed cases, best first, of so many that were read, all of the same category and in sight."""

    of_id: UUID
    of_title: str
    rows: tuple[AlikeCase, ...]
    read: int


def list_alike_closed(*, viewer: Viewer, case_id: UUID, at: datetime) -> Alike:
    """Find the closed cases that are likest to one, among the newest 500 of its category that the viewer may see.

    Below 15 percent nothing is alike. What the program opened is left out. At most 6 queries. Raises NoSuchCase alike
    for none and one beyond reach.
    """
    case = Case.objects.filter(district_id=viewer.district_id, id=case_id).first()
    if case is None or not may_see_case(viewer, case):
        raise NoSuchCase("no_such_case")
    closed = Case.objects.filter(visible_to(viewer), category=case.category, state=State.CLOSED).exclude(id=case_id)
    closed = closed.exclude(source__in=(Source.SYSTEM, Source.PREVENTION)).exclude(text="")
    read = list(closed.order_by("-id").values_list("id", "text", "reported_at", "solved_at")[:MOST_READ])
    percents = {read[place][0]: percent for place, percent in Beside([row[1] for row in read]).likest(case.text)}
    took = {id_: end - begin for id_, _text, begin, end in read if end}
    best = list(percents)
    rows = {row.id: row for row in case_rows(Case.objects.filter(visible_to(viewer), id__in=best), at=at)}
    steps = CaseStep.objects.filter(district_id=viewer.district_id, case_id__in=best, action=Action.REPORT_BACK)
    whats = dict(steps.order_by("at", "id").values_list("case_id", "note"))
    found = (AlikeCase(rows[id_], percents[id_], whats.get(id_, ""), took.get(id_)) for id_ in best if id_ in rows)
    return Alike(case.id, case.title, tuple(found), len(read))
