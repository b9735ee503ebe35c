"""What a sheet of cases would become: every row with where, who, how urgent and by when, or with its faults."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from linli.cases.calc.categories import OTHER, Category, offered, suggest
from linli.cases.calc.dispatch import Candidate, choose
from linli.cases.calc.importing import read_moment
from linli.cases.calc.priority import Weighed, weigh
from linli.cases.calc.words import plain, title_of
from linli.cases.models import HotlineOrder
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks
from linli.kernel.personal_words import hidden
from linli.registry.people.queries import Holder, list_all_holders
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import LocatedArea, PlaceNames
from linli.support.calendar.calc import Budget, Segment, WorkingCalendar, deadline
from linli.support.calendar.choices import Timer
from linli.support.calendar.queries import current_calendar

LONGEST_TEXT, LONGEST_ADDRESS, LONGEST_NAME, LONGEST_PHONE = 2000, 200, 40, 20
_BETWEEN_CLASSES = re.compile(r"[-/>＞→－]+")
OLDEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row of a sheet as somebody wrote it; number: of the row on the screen; order_…: of the hotline's work order."""

    number: int
    text: str = ""
    category: str = ""
    area: str = ""
    address: str = ""
    name: str = ""
    phone: str = ""
    reported_at: str = ""
    street: str = ""
    order_number: str = ""
    order_title: str = ""
    order_kind: str = ""
    order_nature: str = ""
    order_origin: str = ""
    order_class: str = ""
    order_due_at: str = ""

    @property
    def whole_text(self) -> str:
        """What it is about: the title before the text, unless the text begins with it."""
        has_title = self.order_title and not self.text.startswith(self.order_title)
        return f"{self.order_title}。{self.text}" if has_title else self.text

    @property
    def last_class(self) -> str:
        """The last part of the hotline's classification: "漏水" of 城建-房屋-漏水."""
        return _BETWEEN_CLASSES.split(self.order_class)[-1].strip()

    @property
    def whole_area(self) -> str:
        """Where: a code by itself, a community's name after that of its subdistrict."""
        return self.area if self.area.isdigit() else f"{self.street}{self.area}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a cell; field: of the line; code: worded at the edge."""

    field: str
    code: str
    params: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """A row as the case it would become; nothing but faults and title count where there are faults.

    category: its code; area_names: from the subdistrict down; solution_due_at: aware; order_due_at: as the hotline
    says; is_there: the work order is a case already.
    """

    line: SheetLine
    title: str
    faults: tuple[Fault, ...]
    reported_at: datetime
    category: str = ""
    category_name: str = ""
    is_category_suggested: bool = False
    area_code: str = ""
    area_names: tuple[str, ...] = ()
    whom: str = ""
    organisation: str = ""
    level: int = 0
    solution_due_at: datetime | None = None
    order_due_at: datetime | None = None
    is_there: bool = False


def plan_import(*, viewer: Viewer, lines: Sequence[SheetLine], at: datetime) -> list[PlannedCase]:
    """Tell what each line would become for this viewer's district. Repeats nearby are not counted yet.

    Five queries, however many lines, and one for work orders; more when the district or a rulebook has changed. Writes
    nothing.
    """
    numbers = [line.order_number for line in lines if line.order_number]
    known = HotlineOrder.objects.filter(district_id=viewer.district_id, number__in=numbers) if numbers else None
    there = set(known.values_list("number", flat=True)) if known is not None else set()
    return [
        replace(row, is_there=row.line.order_number in there) for row in _Planner(viewer, at).plan(lines)
    ]  # fmt: skip


class _Planner:
    def __init__(self, viewer: Viewer, at: datetime) -> None:
        self._at = at
        self._books: Rulebooks = current_rulebooks(viewer.district_id)
        self._calendar: WorkingCalendar = current_calendar()
        self._names = PlaceNames(district_id=viewer.district_id, at=at)
        self._holders: dict[str, list[Holder]] = defaultdict(list)
        for holder in list_all_holders(district_id=viewer.district_id, on=timezone.localdate(at)):
            self._holders[holder.area_path].append(holder)
        self._offered = offered(self._books.categories.values())
        self._by_name = {kind.name: kind for kind in self._offered} | {kind.code: kind for kind in self._offered}

    def plan(self, lines: Sequence[SheetLine]) -> list[PlannedCase]:
        return [self._planned(line) for line in lines]

    def _planned(self, line: SheetLine) -> PlannedCase:
        faults = [*_too_long(line)]
        category = self._category(line, faults)
        located = self._place(line, faults)
        reported_at = self._moment(line, faults)
        order_due_at = self._order_due_at(line, faults)
        title = title_of(hidden(plain(line.whole_text))) if line.text else ""
        if faults or category is None or located is None:
            return PlannedCase(line, title, tuple(faults), reported_at)
        return replace(self._routed(line, title, category, located, reported_at), order_due_at=order_due_at)

    def _routed(
        self, line: SheetLine, title: str, category: Category, located: LocatedArea, reported_at: datetime
    ) -> PlannedCase:
        books = self._books
        holder = self._holder(category, located)
        weighed = Weighed(line.whole_text, category.danger, category.pressing, category.spread, located.households, 0)
        level = weigh(weighed, books.priority).level
        solution = books.deadlines.rule_for(category.code, level).solution
        due_at = deadline(
            self._calendar, Budget(Timer(solution.timer), solution.amount), (Segment(reported_at, None, ""),)
        )
        return PlannedCase(
            line, title, (), reported_at, category.code, category.name,
            not line.category and line.last_class not in self._by_name, located.code,
            tuple(area.name for area in located.chain[1:]) or (located.name,),
            holder.role_name if holder else "", holder.organisation_name if holder else "", level, due_at,
        )  # fmt: skip

    def _holder(self, category: Category, located: LocatedArea) -> Holder | None:
        rule = self._books.dispatch.rule_for(category.code, is_in_compound=located.compound_id is not None)
        near = [holder for area in reversed(located.chain) for holder in self._holders[area.path]]
        candidates = [Candidate(h.post_id, h.role, h.organisation_id, h.organisation_code, h.is_on_duty) for h in near]
        chosen = choose(rule, candidates, self._books.dispatch.fallback_roles)
        return next((holder for holder in near if holder.post_id == chosen.post_id), None)

    def _category(self, line: SheetLine, faults: list[Fault]) -> Category | None:
        if not line.category and line.last_class in self._by_name:
            return self._by_name[line.last_class]
        if not line.category:
            return suggest(line.whole_text, self._offered) or self._books.categories[OTHER]
        found = self._by_name.get(line.category)
        if found is None:
            faults.append(Fault("category", "sheet_category_unknown", {"category": line.category}))
        return found

    def _place(self, line: SheetLine, faults: list[Fault]) -> LocatedArea | None:
        found = self._names.find(line.whole_area)
        if len(found) == 1:
            return found[0]
        code = "sheet_area_ambiguous" if found else "sheet_area_unknown"
        which = "、".join("".join(area.name for area in each.chain[1:]) for each in found[:3])
        faults.append(Fault("area", code, {"area": line.whole_area, "which": which}))
        return None

    def _order_due_at(self, line: SheetLine, faults: list[Fault]) -> datetime | None:
        if not line.order_due_at:
            return None
        zone = timezone.get_default_timezone()
        moment = read_moment(line.order_due_at, today=timezone.localdate(self._at), zone=zone)
        if moment is None:
            faults.append(Fault("order_due_at", "sheet_moment_unreadable", {"moment": line.order_due_at}))
        return moment

    def _moment(self, line: SheetLine, faults: list[Fault]) -> datetime:
        if not line.reported_at:
            return self._at
        today, zone = timezone.localdate(self._at), timezone.get_default_timezone()
        moment = read_moment(line.reported_at, today=today, zone=zone)
        if moment is None:
            faults.append(Fault("reported_at", "sheet_moment_unreadable", {"moment": line.reported_at}))
        elif moment > self._at:
            faults.append(Fault("reported_at", "sheet_moment_ahead", {"moment": line.reported_at}))
        elif self._at - moment > OLDEST:
            faults.append(Fault("reported_at", "sheet_moment_old", {"moment": line.reported_at, "days": OLDEST.days}))
        else:
            return moment
        return self._at


def _too_long(line: SheetLine) -> list[Fault]:
    if not line.text:
        return [Fault("text", "text_missing", {})]
    limits = {
        "text": LONGEST_TEXT - len(line.order_title), "address": LONGEST_ADDRESS, "name": LONGEST_NAME,
        "phone": LONGEST_PHONE, "order_number": 60, "order_kind": 20, "order_nature": 20, "order_origin": 20,
        "order_class": 120,
    }  # fmt: skip
    return [
        Fault(field, "sheet_cell_too_long", {"most": most})
        for field, most in limits.items()
        if len(getattr(line, field)) > most
    ]
