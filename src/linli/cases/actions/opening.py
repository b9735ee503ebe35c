"""Opening a case: where, who, how urgent, by when; one transaction, ten queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from linli.cases.actions.attaching import add_files
from linli.cases.actions.recording import remember, tell
from linli.cases.actions.routing import (
    Assigned,
    Promise,
    assign,
    promise,
    rank,
    reasons,
    repeats_of,
    segments_of,
)
from linli.cases.calc.categories import OTHER, Category, suggest
from linli.cases.calc.doors import split_address
from linli.cases.calc.priority import Priority
from linli.cases.calc.words import case_number, is_sampled, plain, search_tokens, search_vector, title_of
from linli.cases.choices import Action, ConsentWay, FileKind, Source, State
from linli.cases.errors import CannotOpenCase
from linli.cases.events import CaseOpened
from linli.cases.models import Case, ClockSegment, Reporter
from linli.cases.queries.opened import OpenedCase, opened_row
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks
from linli.cases.rules import may_report
from linli.kernel import bus
from linli.kernel.crypto import blind_index, blind_words, encrypt
from linli.kernel.ids import new_id
from linli.kernel.personal_words import hidden
from linli.kernel.phones import plain_phone
from linli.ledger.commands.actions import claim, next_number
from linli.registry.people.rules import NOBODY, Viewer
from linli.registry.territory.queries import AreaRow, LocatedArea, locate, place_by_code
from linli.support.calendar.queries import current_calendar

LONGEST_TEXT = 2000
LONGEST_ADDRESS = 200
LONGEST_PLACE = 120
MOST_FILES = 9


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map; lng, lat: degrees in the coordinate system named (GCJ-02, WGS-84 or CGCS2000)."""

    lng: float
    lat: float
    crs: str = "GCJ-02"


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the reporter, as far as they wish. consent: the version of the text they agreed to, 0 for none.

    news: asked to be told by text message how far it is. way: by which way that came.
    text_of: gives the version in force in a district, where the edge does not know it yet.
    """

    name: str = ""
    phone: str = ""
    consent: int = 0
    way: ConsentWay = ConsentWay.NONE
    news: bool = False
    text_of: Callable[[str], int] | None = field(default=None, compare=False)

    def agreed(self, district_id: str) -> tuple[int, ConsentWay]:
        """Give version and way of the consent, none where nothing was left. At most 1 query, mostly none."""
        if not (self.name or self.phone):
            return 0, ConsentWay.NONE
        number = self.text_of(district_id) if self.text_of else self.consent
        return (number, self.way) if number and self.way else (0, ConsentWay.NONE)


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported. Everything but the text may be left out. place: where, in the reporter's own words."""

    text: str
    category: str = ""
    point: Point | None = None
    address: str = ""
    area_code: str = ""
    contact: Contact = Contact()
    file_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is reporting and by which way.

    caller: who an idempotency key belongs to ("person:…", "visitor:…", "anonymous"); key: "" for none; body_hash: of
    the request, so that a key is not used for another one. done_at: when it was written, where that was earlier
    without a network; the history shows it, the clocks run from when it came in.
    """

    source: Source
    caller: str = "anonymous"
    viewer: Viewer = NOBODY
    key: str = ""
    body_hash: str = ""
    uploader: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The case that now is; is_new: False when the same command had already made it.

    case, chain: what to tell of it and the areas it lies in, from the district down; only of a new one.
    """

    case_id: UUID
    district_id: str
    is_new: bool
    case: OpenedCase | None = None
    chain: tuple[AreaRow, ...] = ()


@transaction.atomic
def open_case(*, report: Report, by: Caller, at: datetime) -> Opened:
    """Open a case from a report.

    Writes the case, two clock segments, the first step, a fact and an outbox message; told again with the same key
    it writes nothing and names the first one. 10 queries with a key, 9 without; 1 more each for contact, files.
    Raises CannotOpenCase, InvalidInput (no such place), Conflict (the key was used for another report), NotAllowed
    (staff without the right, or in another district; on the portal staff report as anybody does).
    """
    report = replace(report, text=plain(report.text), address=plain(report.address), area_code=plain(report.area_code))
    if not report.text.strip():
        raise CannotOpenCase("text_missing", field="text")
    check_sizes(report)
    located = _locate(report, by.viewer, at)
    if by.source != Source.PORTAL and by.viewer.is_known:
        may_report(by.viewer, district_id=located.district_id).require()
    case_id = new_id()
    if by.key:
        claimed = claim(
            district_id=located.district_id,
            caller=by.caller,
            key=by.key,
            body_hash=by.body_hash,
            result_id=case_id,
            at=at,
        )
        if not claimed.is_new:
            return Opened(claimed.result_id, located.district_id, is_new=False)
    case, told = _save(case_id, report, located, by, at)
    _save_contact(case, report.contact, at)
    add_files(case, report.file_ids, kind=FileKind.REPORT, by=by.uploader or by.caller, at=at)
    bus.publish(CaseOpened(case.id, case.district_id, case.area_path, at))
    return Opened(case.id, case.district_id, is_new=True, case=told, chain=located.chain)


def check_sizes(report: Report) -> None:
    """Refuse what is longer or more than is kept. Raises CannotOpenCase."""
    if len(report.text) > LONGEST_TEXT:
        raise CannotOpenCase("text_too_long", field="text", params={"most": LONGEST_TEXT})
    if len(report.address) > LONGEST_ADDRESS:
        raise CannotOpenCase("address_too_long", field="address", params={"most": LONGEST_ADDRESS})
    if len(report.file_ids) > MOST_FILES:
        raise CannotOpenCase("too_many_files", field="file_ids", params={"most": MOST_FILES})
    if len(report.contact.phone) > 20 or len(report.contact.name) > 40:  # noqa: PLR2004 - as wide as the form
        raise CannotOpenCase("contact_too_long", field="contact")


def _locate(report: Report, viewer: Viewer, at: datetime) -> LocatedArea:
    """Find the area: by the point if there is one, else by the code, else the district's queue.

    A point in no district, or on the border of two, goes to a queue with the point and the reason kept: of the area
    that was named, of the reporting staff's district, of the first district that claims it, or of the only one.
    Raises InvalidInput (place_missing) where several districts are served and nothing tells which.
    """
    if report.point is None:
        return place_by_code(code=report.area_code or viewer.district_id, at=at)
    located = locate(lng=report.point.lng, lat=report.point.lat, crs=report.point.crs, at=at)
    if located.district_id:
        return located
    claiming = min((area.district_id for area in located.claimed_by), default="")
    queue = place_by_code(code=report.area_code or viewer.district_id or claiming, at=at)
    return replace(queue, reason=located.reason, lng=located.lng, lat=located.lat, place="")


def _category(report: Report, books: Rulebooks) -> tuple[Category, bool]:
    """Take the category named, or else the one the text suggests; the second tells whether it was suggested."""
    if report.category:
        kind = books.categories.get(report.category)
        if kind is None or kind.is_retired:
            raise CannotOpenCase("unknown_category", field="category", params={"category": report.category})
        return kind, False
    return suggest(report.text, books.categories.values()) or books.categories[OTHER], True


def _save(case_id: UUID, report: Report, located: LocatedArea, by: Caller, at: datetime) -> tuple[Case, OpenedCase]:
    books = current_rulebooks(located.district_id)
    category, is_suggested = _category(report, books)
    assigned = assign(located=located, category=category.code, books=books, at=at)
    repeats = repeats_of(located=located, category=category.code, lng=located.lng, lat=located.lat, at=at)
    priority = rank(
        text=report.text, category=category.code, households=located.households, repeats=repeats, books=books
    )
    promised = promise(category=category.code, level=priority.level, books=books, calendar=current_calendar(), at=at)
    case = new_case(
        case_id=case_id,
        report=report,
        category=category.code,
        located=located,
        assigned=assigned,
        priority=priority,
        promised=promised,
        books=books,
        at=at,
        number="",
    )
    case.is_category_suggested, case.source, case.opened_by = is_suggested, by.source, by.viewer.person_id
    said = {"done_at": by.done_at.isoformat()} if by.done_at else {}
    write_case(case, promised, by=by.viewer, at=at, said=said)
    holder = assigned.holder
    return case, opened_row(
        case,
        category_name=category.name,
        role_name=holder.role_name if holder else "",
        organisation_name=holder.organisation_name if holder else "",
    )


def write_case(
    case: Case, promised: Promise, *, by: Viewer, at: datetime, by_kind: str = "", said: Mapping[str, Any] | None = None
) -> None:
    """Write a new case with its clocks, its first step, the fact and the message; it gets its number. 5 queries.

    said: plain values that step and fact hold besides.
    """
    segments = [
        ClockSegment(district_id=case.district_id, case=case, clock=clock, timer=timer, amount=amount, started_at=at)
        for clock, timer, amount, at in segments_of(promised, at)
    ]

    def numbered() -> Sequence[Model]:
        # Others wait for a number until this transaction has committed: it is drawn when all the rest is done.
        case.number = _number(case.district_id, at)
        return [case, *segments]

    tell(case, Action.REPORT, at)
    remember(
        case=case,
        action=Action.REPORT,
        from_state="",
        at=at,
        by=by,
        by_kind=by_kind,
        data={"source": case.source, "category": case.category, "score": case.score, **(said or {})},
        ahead=numbered,
    )


def new_case(
    *,
    case_id: UUID,
    number: str,
    report: Report,
    category: str,
    located: LocatedArea,
    assigned: Assigned,
    priority: Priority,
    promised: Promise,
    books: Rulebooks,
    at: datetime,
) -> Case:
    """Fill in the row of a new case. No query. Raises CannotOpenCase for a place that lies in no area."""
    if located.area_id is None:
        raise CannotOpenCase("place_missing", field="location")
    building, door = split_address(report.address)
    place = hidden(building) or located.place
    return Case(
        id=case_id,
        district_id=located.district_id,
        number=number,
        title=title_of(hidden(report.text)),
        text=report.text,
        category=category,
        address=encrypt(report.address, purpose="case.address"),
        lng=located.lng,
        lat=located.lat,
        area_id=located.area_id,
        area_path=located.path,
        place=place[:LONGEST_PLACE],
        place_reason=located.reason,
        boundary_number=located.boundary_number,
        compound_id=located.compound_id,
        state=State.REPORTED,
        organisation_id=assigned.chosen.organisation_id,
        post_id=assigned.chosen.post_id,
        level=assigned.level,
        is_hole=assigned.chosen.is_hole,
        score=priority.score,
        priority_level=priority.level,
        priority_parts=[
            {"name": part.name, "points": part.points, "reason": part.reason, "detail": part.detail}
            for part in priority.parts
        ],
        why=reasons(located=located, assigned=assigned, priority=priority, promised=promised, books=books),
        rulebooks=dict(books.numbers),
        reported_at=at,
        response_due_at=promised.response_due_at,
        solution_due_at=promised.solution_due_at,
        due_at=promised.response_due_at,
        amber_at=promised.amber_at,
        rung_at=promised.rung_at,
        calendar_number=promised.calendar_number,
        is_sampled=is_sampled(str(case_id), books.workflow.sample_percent),
        search=search_vector(
            f"{report.text} {place} {located.place}",
            blind_words(search_tokens(door), purpose="case.address") if door else (),
        ),
    )


def _number(district_id: str, at: datetime) -> str:
    year = timezone.localdate(at).year
    return case_number(
        district_id=district_id, year=year, serial=next_number(district_id=district_id, name="case", year=year)
    )


def _save_contact(case: Case, contact: Contact, at: datetime) -> None:
    if contact.name or contact.phone:
        number, way = contact.agreed(case.district_id)
        Reporter.objects.create(
            district_id=case.district_id,
            case=case,
            joined_at=at,
            name=encrypt(contact.name, purpose="reporter.name"),
            phone=encrypt(contact.phone, purpose="reporter.phone"),
            phone_index=blind_index(plain_phone(contact.phone), purpose="reporter.phone"),
            consent=number,
            consent_way=way,
            wants_news=contact.news and bool(contact.phone and number),
        )
