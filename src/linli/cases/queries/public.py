"""What residents may see: their own case by number and code, and counts of all cases."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from linli.cases.calc.words import follow_code, title_of
from linli.cases.choices import BESIDE_STAGES, BESIDE_TABLE, FINISHED, Action, State
from linli.cases.models import Case, CaseFile, CaseStep, Merging, Reporter
from linli.cases.queries.rows import CaseRow, case_rows
from linli.cases.queries.rulebooks import current_rulebooks
from linli.cases.queries.said import REPORTED
from linli.kernel.crypto import keyed_digest
from linli.kernel.personal_words import Kind, hidden
from linli.ledger.facts.queries.tallies import area_code_at

# Fewer than this in a cell could tell who it was.
SMALLEST_CELL = 5
BOARD_DAYS = 30
JOINED_DIGITS = 8
_TOLD = frozenset({Action.REPORT_BACK, Action.REJECT, Action.SUSPEND})  # their notes are meant for the reporter


@dataclass(frozen=True, slots=True)
class PublicStep:
    """A step as the reporter sees it: what and when, who by role, and the words meant for them."""

    action: str
    at: datetime
    to_state: str
    note: str
    level: str


@dataclass(frozen=True, slots=True)
class FollowedCase:
    """A case as its reporter sees it. can_verify: it is the reporter's turn to say how it went.

    is_merged: it is dealt with together with another one, whose stage, holder and steps since then are told: no word
    of its reporters. can_part: that one is finished, and the reporter may say that theirs is not. is_joined: seen by
    somebody who joined, in their own words; of the first reporter's nothing is told.
    """

    row: CaseRow
    text: str
    steps: tuple[PublicStep, ...]
    response_due_at: datetime
    solution_due_at: datetime | None
    photos: int
    can_verify: bool
    is_merged: bool = False
    can_part: bool = False
    is_joined: bool = False


@dataclass(frozen=True, slots=True)
class BoardCount:
    """Cases reported in the last 30 days and how many of them are closed; None where there are too few to show."""

    code: str
    reported: int | None
    closed: int | None


@dataclass(frozen=True, slots=True)
class PublicBoard:
    """Counts of a district, never names, places or texts."""

    reported: int
    closed: int
    open: int
    closed_week: int
    categories: tuple[BoardCount, ...]
    areas: tuple[BoardCount, ...]


def followed_case(*, district_id: str, case_id: UUID, at: datetime) -> FollowedCase:
    """Read a case for whoever reported it: their words and how far it is, nothing meant for colleagues. 4 queries.

    Numbers that tell of a person are hidden in all of it, for codes are read over shoulders and passed on; an office's
    landline in what staff write stays.
    """
    return _followed(Case.objects.get(district_id=district_id, id=case_id), at)


def joined_case(*, district_id: str, case_id: UUID, reporter_id: UUID, at: datetime) -> FollowedCase:
    """Read a case for somebody who joined it: their own words, each step of it, what was told since they joined.

    Nothing of the first reporter's: no title, no place, no photo; it is not their turn to say how it went. 6 queries.
    """
    case = Case.objects.get(district_id=district_id, id=case_id)
    reporter = Reporter.objects.get(district_id=district_id, case_id=case_id, id=reporter_id)
    followed, words = _followed(case, at), hidden(reporter.text)
    kind = current_rulebooks(district_id).categories.get(case.category)
    title = title_of(words) or (kind.name if kind else "")
    photos = CaseFile.objects.filter(district_id=district_id, case_id=case_id, reporter_id=reporter_id).count()
    steps = tuple(step if step.at >= reporter.joined_at else replace(step, note="") for step in followed.steps)
    return replace(
        followed, row=replace(followed.row, title=title, place=""), text=words, steps=steps, photos=photos,
        can_verify=False, is_merged=False, is_joined=True,
        can_part=case.state in FINISHED and case.state != State.MERGED,
    )  # fmt: skip


def code_of(case_id: UUID) -> str:
    """Tell the code by which a reporter follows a case: made anew from our key each time, never stored."""
    return follow_code(keyed_digest(str(case_id), purpose="follow"))


def code_of_joined(reporter_id: UUID) -> str:
    """Tell the code of somebody who joined a case: longer than the first reporter's, so neither can be the other."""
    return follow_code(keyed_digest(str(reporter_id), purpose="follow.joined"), JOINED_DIGITS)


def get_public_board(*, district_id: str, at: datetime) -> PublicBoard:
    """Count a district's cases for everybody; merged ones count with their leading case.

    4 queries, each over one index alone.
    """
    since, week = at - timedelta(days=BOARD_DAYS), at - timedelta(days=7)
    mine = Case.objects.filter(REPORTED, district_id=district_id).order_by()
    closed = mine.filter(state=State.CLOSED)
    cells = (
        mine.filter(reported_at__gte=since)
        .exclude(state=State.MERGED)
        .annotate(street=area_code_at(2), is_closed=Q(state=State.CLOSED))
        .values("category", "street", "is_closed")
        .annotate(count=Count("*"))
        .values_list("category", "street", "is_closed", "count")
    )
    categories: dict[str, list[int]] = {}
    streets: dict[str, list[int]] = {}
    for category, street, is_closed, count in cells:
        for sums, code in ((categories, category), (streets, street)):
            found = sums.setdefault(code, [0, 0])
            found[0] += count
            found[1] += count if is_closed else 0
    streets.pop("", None)
    ordered = sorted(categories, key=lambda code: (-categories[code][0], code))
    return PublicBoard(
        reported=sum(sum_of[0] for sum_of in categories.values()),
        closed=closed.filter(closed_at__gte=since).count(),
        open=mine.filter(closed_at=None).count(),
        closed_week=closed.filter(closed_at__gte=week).count(),
        categories=tuple(_cell(code, *categories[code]) for code in ordered),
        areas=tuple(_cell(code, *streets[code]) for code in sorted(streets)),
    )


def _cell(code: str, reported: int, closed: int) -> BoardCount:
    if reported < SMALLEST_CELL:
        return BoardCount(code, None, None)
    return BoardCount(code, reported, closed)


def _followed(case: Case, at: datetime) -> FollowedCase:
    leading, since = _leading_of(case)
    row = _without_numbers(case, case_rows(Case.objects.filter(district_id=case.district_id, id=case.id), at=at)[0])
    worked = leading or case
    if leading is not None:
        row = _standing_as(row, case_rows(Case.objects.filter(district_id=case.district_id, id=leading.id), at=at)[0])
    of_it = Q(case_id=case.id) | (Q(case_id=leading.id, at__gte=since) if leading else Q())
    steps = CaseStep.objects.filter(of_it, district_id=case.district_id).exclude(
        action__in=(Action.NOTE, Action.OVERRIDE, *BESIDE_STAGES, *BESIDE_TABLE)
    )
    steps = steps.exclude(action=Action.UNMERGE, data__has_key="reporters")  # of others who joined or were merged
    if leading is not None:
        steps = steps.exclude(case_id=leading.id, action=Action.JOIN)
    turn = current_rulebooks(case.district_id).workflow.find(case.state, Action.VERIFY)
    return FollowedCase(
        row=row,
        text=hidden(case.text),
        steps=tuple(_public_step(step) for step in steps.order_by("at", "id")),
        response_due_at=worked.response_due_at,
        solution_due_at=worked.solution_due_at,
        photos=CaseFile.objects.filter(district_id=case.district_id, case_id=case.id).count(),
        can_verify=turn is not None and "reporter" in turn.by,
        is_merged=leading is not None,
        can_part=leading is not None and leading.state in FINISHED,
    )


def _leading_of(case: Case) -> tuple[Case | None, datetime | None]:
    """Read the case that a merged one is dealt with together with, and since when. 1 query; none for others."""
    if case.state != State.MERGED:
        return None, None
    found = Merging.objects.filter(district_id=case.district_id, case_id=case.id, until=None).select_related("leading")
    merging = found.first()
    return (merging.leading, merging.at) if merging else (None, None)


def _standing_as(row: CaseRow, leading: CaseRow) -> CaseRow:
    """Tell of a merged case where the leading one stands, who has it and until when; the words stay its own."""
    return replace(
        row, state=leading.state, light=leading.light, organisation_name=leading.organisation_name,
        role_name=leading.role_name, holder_reach=leading.holder_reach, due_at=leading.due_at,
        amber_at=leading.amber_at, review_on=leading.review_on, closed_at=leading.closed_at,
    )  # fmt: skip


def _public_step(step: CaseStep) -> PublicStep:
    note = hidden(step.note, but={Kind.LANDLINE}) if step.action in _TOLD else ""
    return PublicStep(step.action, step.at, step.to_state, note, str(step.data.get("level", "")))


def _without_numbers(case: Case, row: CaseRow) -> CaseRow:
    """Hide numbers in title and place. A title is cut from the words anew: cut before, half a number may be left."""
    title = title_of(hidden(case.text)) if case.title == title_of(case.text) else hidden(case.title)
    return replace(row, title=title, place=hidden(row.place))
