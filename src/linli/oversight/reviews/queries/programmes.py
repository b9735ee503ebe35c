"""Programmes and their years, for whoever serves in the district."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from linli.kernel.errors import NotFound
from linli.oversight.reviews.calc.programme import ProgrammeRules, read_rules
from linli.oversight.reviews.models import Draw, Member, Programme, ProgrammeBook, Session
from linli.oversight.reviews.rules import may_run_reviews, may_see_reviews
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A programme in a list. members: organisations that can be drawn now; next_at: its next session."""

    id: UUID
    code: str
    name: str
    level: str
    organisation: str
    is_public: bool
    members: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """An organisation that can be drawn, and in which stratum."""

    organisation_id: UUID
    code: str
    name: str
    stratum: str


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """A programme with its rules in force. number: their version; may_run: whether this viewer runs it."""

    id: UUID
    code: str
    name: str
    level: str
    organisation: str
    is_public: bool
    rules: ProgrammeRules
    number: int
    made_at: datetime
    members: tuple[MemberRow, ...]
    years: tuple[int, ...]
    may_run: bool


@dataclass(frozen=True, slots=True)
class DrawLine:
    """A draw in a year."""

    id: UUID
    code: str
    occasion: str
    choosing: str
    planned_on: date
    state: str


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in a year. phase: None before it is opened; turns: how many report."""

    id: UUID
    part: int
    occasion: str
    focus: str
    planned_at: datetime
    place: str
    phase: str | None
    turns: int


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of a year: its draws and sessions."""

    month: int
    draws: tuple[DrawLine, ...]
    sessions: tuple[SessionLine, ...]


def list_programmes(*, viewer: Viewer, at: datetime) -> list[ProgrammeRow]:
    """List the district's programmes, wider areas first. 2 queries. Raises NotAllowed."""
    may_see_reviews(viewer, district_id=viewer.district_id).require()
    coming = Session.objects.filter(district_id=viewer.district_id, planned_at__gte=at)
    next_at = dict(coming.order_by().values_list("programme_id").annotate(Min("planned_at")))
    found = Programme.objects.filter(district_id=viewer.district_id, is_active=True)
    held = Count("members", filter=Q(members__ends_on__isnull=True))
    rows = found.annotate(held=held).order_by("organisation__area__path", "code").values_list(
        "id", "code", "name", "level", "organisation__name", "is_public", "held"
    )  # fmt: skip
    return [ProgrammeRow(*row, next_at=next_at.get(row[0])) for row in rows]


def get_programme(*, viewer: Viewer, programme_id: UUID) -> ProgrammePage:
    """Read a programme with its rules and who can be drawn. 4 queries. Raises NotFound, NotAllowed."""
    may_see_reviews(viewer, district_id=viewer.district_id).require()
    found = Programme.objects.filter(district_id=viewer.district_id, id=programme_id).select_related(
        "organisation__area"
    )
    programme = found.first()
    if programme is None:
        raise NotFound("no_such_programme")
    book = ProgrammeBook.objects.filter(district_id=viewer.district_id, programme_id=programme_id)
    newest = book.order_by("-number")[:1].get()
    sessions = Session.objects.filter(district_id=viewer.district_id, programme_id=programme_id)
    may_run = may_run_reviews(viewer, district_id=viewer.district_id, area_path=programme.organisation.area.path)
    return ProgrammePage(
        programme.id, programme.code, programme.name, programme.level, programme.organisation.name,
        programme.is_public, read_rules(newest.content), newest.number, newest.made_at,
        tuple(list_members(district_id=viewer.district_id, programme_id=programme_id)),
        tuple(sessions.order_by("-year").values_list("year", flat=True).distinct()), bool(may_run),
    )  # fmt: skip


def list_members(*, district_id: str, programme_id: UUID) -> list[MemberRow]:
    """List who can be drawn in a programme now, by code. 1 query."""
    members = Member.objects.filter(district_id=district_id, programme_id=programme_id, ends_on__isnull=True)
    columns = ("organisation_id", "organisation__code", "organisation__name", "stratum")
    return [MemberRow(*row) for row in members.order_by("organisation__code").values_list(*columns)]


def list_year(*, viewer: Viewer, programme_id: UUID, year: int) -> list[MonthLine]:
    """List a year's draws and sessions by month; months with neither are left out. 2 queries. Raises NotAllowed."""
    may_see_reviews(viewer, district_id=viewer.district_id).require()
    draws: defaultdict[int, list[DrawLine]] = defaultdict(list)
    found = Draw.objects.filter(district_id=viewer.district_id, programme_id=programme_id, year=year)
    columns = ("id", "code", "occasion", "choosing", "planned_on", "state", "month")
    for row in found.order_by("month", "number").values_list(*columns):
        draws[row[-1]].append(DrawLine(*row[:-1]))
    sessions: defaultdict[int, list[SessionLine]] = defaultdict(list)
    held = Session.objects.filter(district_id=viewer.district_id, programme_id=programme_id, year=year)
    seated = held.annotate(phase=Max("halls__phase"), seated=Count("turns", distinct=True))
    parts = ("id", "part", "occasion", "focus", "planned_at", "place", "phase", "seated", "month")
    for row in seated.order_by("month", "planned_at", "part").values_list(*parts):
        sessions[row[-1]].append(SessionLine(*row[:-1]))
    return [MonthLine(month, tuple(draws[month]), tuple(sessions[month])) for month in sorted({*draws, *sessions})]
