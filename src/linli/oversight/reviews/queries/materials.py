"""What stands in for slides: figures of an organisation's work and what came of its last report, made by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from linli.cases.calc.rates import LOCAL, Rate
from linli.cases.queries.drilldown import BehindPage
from linli.cases.queries.rulebooks import current_rates
from linli.cases.queries.said import SaidCounts
from linli.cases.queries.work import Work, WorkCounts, count_work, list_work
from linli.kernel.errors import NotFound
from linli.oversight.reviews.calc.programme import read_rules
from linli.oversight.reviews.models import Hall, ProgrammeBook, Turn
from linli.oversight.reviews.queries.follow_ups import FollowUp, list_follow_ups
from linli.oversight.reviews.queries.meetings import Meeting, TurnLine, get_meeting, list_turns
from linli.oversight.reviews.rules import may_write_turn
from linli.registry.orgs.queries import list_bodies_of
from linli.registry.people.queries import names_of
from linli.registry.people.rules import Viewer

LONGEST_WORDS = 500
Frozen = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A follow-up as the material tells it. standing: closed, open or late, as it stood then; may_open: the case."""

    remark_id: UUID
    kind: str
    text: str
    session: str
    due_on: str
    standing: str
    is_on_time: bool
    is_done: bool
    case_id: UUID
    case_number: str
    may_open: bool


@dataclass(frozen=True, slots=True)
class Material:
    """Figures since the year's first day. as_of: when they were counted; is_frozen: as the session opened.

    times_drawn, times_absent: of this programme, this year, this session included.
    """

    since: datetime
    as_of: datetime
    is_frozen: bool
    counts: WorkCounts
    times_drawn: int
    times_absent: int
    follow_ups: tuple[Told, ...]

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Give response, solution and satisfaction rate."""
        return self.counts.said.rates

    @property
    def has_cases(self) -> bool:
        """Whether there is anything to tell in figures."""
        return bool(self.counts.closed or self.counts.open or self.counts.said.effective)


@dataclass(frozen=True, slots=True)
class TurnPage:
    """A presenter's page. starts_at: the earliest; words: the secretary's own, "" if not for this viewer."""

    meeting: Meeting
    turns: tuple[TurnLine, ...]
    turn: TurnLine
    presenter: str
    deputy_reason: str
    starts_at: datetime
    talk_s: int
    comment_s: int
    material: Material
    words: str
    may_write: bool


def get_turn_page(*, viewer: Viewer, turn_id: UUID, at: datetime) -> TurnPage:
    """Read a presenter's page: order, own time, material and words.

    Until the session opens, its words are for who writes them and who runs it.
    18 queries at most. Raises NotFound, NotAllowed.
    """
    turn, meeting = _turn(viewer, turn_id)
    turns = list_turns(meeting=meeting)
    line = next(each for each in turns if each.id == turn.id)
    opened_at = _opened_at(turn)
    may_write = bool(may_write_turn(viewer, organisation_id=turn.organisation_id, presenter_id=turn.presenter_id))
    may_read = may_write or opened_at is not None or bool(meeting.may_run(viewer))
    times = read_rules(_book(turn).content).times
    ahead = sum(1 for each in turns if each.position < line.position and not each.is_absent)
    names = names_of(district_id=turn.district_id, person_ids=[turn.presenter_id]) if turn.presenter_id else {}
    return TurnPage(
        meeting=meeting, turns=tuple(turns), turn=line, presenter=next(iter(names.values()), ""),
        deputy_reason=turn.deputy_reason,
        starts_at=(opened_at or meeting.planned_at) + ahead * timedelta(seconds=times.talk_s + times.comment_s),
        talk_s=times.talk_s, comment_s=times.comment_s, material=material_of(viewer=viewer, turn=turn, at=at),
        words=turn.remarks if may_read else "", may_write=may_write and opened_at is None,
    )  # fmt: skip


def material_of(*, viewer: Viewer, turn: Turn, at: datetime) -> Material:
    """Give a turn's material: as it was frozen, or counted now. Counts are open to whoever serves in the district."""
    if turn.material:
        return _thawed(viewer, turn, turn.material, at)
    since = _year_begins(turn)
    counts = count_work(work_of(turn, since=since, until=at))
    drawn, absent = _times(turn)
    return Material(
        since=since, as_of=at, is_frozen=False, counts=counts, times_drawn=drawn, times_absent=absent,
        follow_ups=tuple(_told(row) for row in _asked(viewer, turn, at)),
    )  # fmt: skip


def list_behind_material(
    *, viewer: Viewer, turn_id: UUID, figure: str, at: datetime, offset: int = 0, limit: int = 50
) -> tuple[Meeting, TurnLine, Material, BehindPage]:
    """List the rows behind a number of a turn's material, those beyond the viewer's reach as bare lines.

    Raises NotFound (also unknown_figure), NotAllowed.
    """
    turn, meeting = _turn(viewer, turn_id)
    line = next(each for each in list_turns(meeting=meeting) if each.id == turn.id)
    material = material_of(viewer=viewer, turn=turn, at=at)
    work = work_of(turn, since=material.since, until=material.as_of)
    page = list_work(viewer=viewer, work=work, figure=figure, counts=material.counts, at=at,
                     offset=offset, limit=limit)  # fmt: skip
    return meeting, line, material, page


def frozen(material: Material) -> Frozen:
    """Write a material down: ids and whole numbers."""
    counts = material.counts
    return {
        "since": material.since.isoformat(), "as_of": material.as_of.isoformat(), "closed": counts.closed,
        "open": counts.open, "late_ids": [str(each) for each in counts.late_ids], "said": list(counts.said.parts),
        "rules": counts.rules_number,
        "times_drawn": material.times_drawn, "times_absent": material.times_absent,
        "follow_ups": [
            {"remark": str(each.remark_id), "standing": each.standing, "is_on_time": each.is_on_time,
             "is_done": each.is_done}
            for each in material.follow_ups
        ],
    }  # fmt: skip


def work_of(turn: Turn, *, since: datetime, until: datetime) -> Work:
    """Say whose work a turn tells of. At most 1 query.

    All of the organisation's area where that lies below the district; else what is in its own hands and in those of
    the body that does its work.
    """
    path = turn.organisation.area.path
    if "/" in path:
        return Work(turn.district_id, since, until, area_path=path)
    bodies = list_bodies_of(
        district_id=turn.district_id, organisation_id=turn.organisation_id, area_path=path, on=timezone.localdate(until)
    )  # fmt: skip
    return Work(turn.district_id, since, until, organisation_ids=(turn.organisation_id, *bodies))


def _thawed(viewer: Viewer, turn: Turn, kept: Frozen, at: datetime) -> Material:
    asked = {str(row.remark_id): row for row in _of_organisation(viewer, turn, at)}
    follow_ups = [
        _told(asked[each["remark"]], each["standing"], is_on_time=each["is_on_time"], is_done=each["is_done"])
        for each in kept["follow_ups"] if each["remark"] in asked
    ]  # fmt: skip
    # What was written down before rules had versions was counted by the first one.
    number, scheme = current_rates(turn.district_id, kept.get("rules", 1))
    counts = WorkCounts(
        kept["closed"], kept["open"], tuple(UUID(each) for each in kept["late_ids"]),
        SaidCounts.of(kept["said"]).by(scheme.rules), number,
    )  # fmt: skip
    return Material(
        since=datetime.fromisoformat(kept["since"]), as_of=datetime.fromisoformat(kept["as_of"]), is_frozen=True,
        counts=counts, times_drawn=kept["times_drawn"], times_absent=kept["times_absent"],
        follow_ups=tuple(follow_ups),
    )  # fmt: skip


def _asked(viewer: Viewer, turn: Turn, at: datetime) -> Sequence[FollowUp]:
    """List what its next report begins with: all that is open, and what was asked for at or since its last one."""
    last = (
        Turn.objects.filter(district_id=turn.district_id, organisation_id=turn.organisation_id, is_absent=False)
        .filter(session__planned_at__lt=turn.session.planned_at, session__programme_id=turn.session.programme_id)
        .order_by("-session__planned_at").values_list("session__planned_at", flat=True).first()
    )  # fmt: skip
    since = last or _year_begins(turn)
    return [row for row in _of_organisation(viewer, turn, at) if row.is_open or row.said_at >= since]


def _of_organisation(viewer: Viewer, turn: Turn, at: datetime) -> list[FollowUp]:
    rows = list_follow_ups(viewer=viewer, organisation_id=turn.organisation_id, at=at)
    return [row for row in rows if row.session_id != turn.session_id]


def _told(
    row: FollowUp, standing: str = "", *, is_on_time: bool | None = None, is_done: bool | None = None
) -> Told:  # fmt: skip
    return Told(
        row.remark_id, row.kind, row.text, row.session, row.due_on.isoformat(), standing or row.standing,
        row.is_on_time if is_on_time is None else is_on_time,
        (row.done_on is not None) if is_done is None else is_done,
        row.case_id, row.case_number, row.may_open,
    )  # fmt: skip


def _times(turn: Turn) -> tuple[int, int]:
    """Count how often the organisation was drawn this year and how often absent, this session included. 1 query."""
    ours = Turn.objects.filter(
        district_id=turn.district_id, organisation_id=turn.organisation_id, session__year=turn.session.year,
        session__programme_id=turn.session.programme_id, session__planned_at__lte=turn.session.planned_at,
    )  # fmt: skip
    found = ours.aggregate(
        drawn=Count("id", filter=Q(is_carried=False)), absent=Count("id", filter=Q(is_absent=True))
    )  # fmt: skip
    return found["drawn"], found["absent"]


def _year_begins(turn: Turn) -> datetime:
    return datetime(turn.session.year, 1, 1, tzinfo=LOCAL)


def _turn(viewer: Viewer, turn_id: UUID) -> tuple[Turn, Meeting]:
    found = Turn.objects.select_related("session__book", "organisation__area")
    turn = found.filter(district_id=viewer.district_id, id=turn_id).first()
    if turn is None:
        raise NotFound("no_such_turn")
    return turn, get_meeting(viewer=viewer, meeting_id=turn.session_id)


def _opened_at(turn: Turn) -> datetime | None:
    halls = Hall.objects.filter(district_id=turn.district_id, session_id=turn.session_id)
    return halls.values_list("opened_at", flat=True).first()


def _book(turn: Turn) -> ProgrammeBook:
    if turn.session.book is not None:
        return turn.session.book
    books = ProgrammeBook.objects.filter(district_id=turn.district_id, programme_id=turn.session.programme_id)
    return books.order_by("-number")[:1].get()
