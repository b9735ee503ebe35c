"""Stories made into cases with their lives, span by span, without asking the database: any process can do it."""

import gc
import multiprocessing
import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from linli.cases.actions.loading import Batch, Born, LifeStep, Packed, bear, live, pack
from linli.cases.actions.opening import Contact, Point, Report
from linli.cases.actions.routing import Assigned, assign_among, rule_of
from linli.cases.calc.dispatch import DispatchRule
from linli.cases.calc.words import case_number
from linli.cases.choices import Action, ConsentWay
from linli.cases.queries.rulebooks import Rulebooks
from linli.edges.cli.demo.ids import chances
from linli.edges.cli.demo.lives import Teller
from linli.edges.cli.demo.rows import Story
from linli.edges.cli.demo.spans import Span
from linli.edges.cli.demo.stories import Storyteller
from linli.edges.cli.demo.whistles import Whistler
from linli.kernel.ids import id_at
from linli.oversight.privacy.calc.default_consent import FIRST
from linli.registry.people.queries import Holder
from linli.registry.people.rules import is_within
from linli.registry.territory.queries import LocatedArea, Locator
from linli.support.calendar.calc import WorkingCalendar

_FEW = 4  # spans that aren't worth a process of their own
_AHEAD = 2  # packed spans a process, 10 MB each, that may wait to be written


@dataclass(frozen=True, slots=True)
class Workshop:
    """All that the cases of one district are made from, read before the work is shared out.

    storyteller: of the places where the year's cases lie; fresh: of those where the demo accounts work.
    """

    district: str
    seed: int
    as_of: datetime
    storyteller: Storyteller
    fresh: Storyteller
    books: Rulebooks
    calendar: WorkingCalendar
    locate: Locator
    staff: "StaffIndex"

    def make(self, span: Span) -> Packed:
        """Make the cases of a span, ready to be written. No query."""
        name = f"{self.district}/{span.since.date()}/{span.number}"
        maker = _CaseMaker(self, span, name)
        teller = self.fresh if span.is_fresh else self.storyteller
        told = list(teller.tell(span.since, span.until, span.count, of=f"stories/{name}"))
        places = self.locate(np.array([(story.lng, story.lat) for story in told]))
        for n, (story, located) in enumerate(zip(told, places, strict=True)):
            if span.is_fresh:
                reported_at = self.as_of - timedelta(minutes=8 + 13 * (span.count - n))
                story_now = replace(story, reported_at=reported_at, echo_of=None)
                maker.take_fresh(story_now, located, is_returned=n % 3 == 0)
            else:
                maker.take(story, located)
        return pack(maker.batch, seal_number=span.number)


def make_spans(
    workshops: Mapping[str, Workshop], spans: Sequence[Span], *, processes: int | None = None
) -> Iterator[Packed]:
    """Make spans one after the other, shared out among processes, and give them in their order whoever made them.

    processes: by default as many as there are cores; with 1, or for a few spans, this one does it. The others are
    forked, so that they have the workshops without anybody copying them; they never touch the database.
    """
    wanted = processes or (min(len(os.sched_getaffinity(0)), 8) if len(spans) > _FEW else 1)
    if wanted == 1:
        for span in spans:
            yield workshops[span.district].make(span)
        return
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(wanted, mp_context=fork, initializer=_move_in, initargs=(workshops,)) as pool:
        waiting: deque[Future[Packed]] = deque()
        try:
            for span in spans:
                waiting.append(pool.submit(_make, span))
                if len(waiting) > wanted * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_mine: dict[str, Workshop] = {}


def _move_in(workshops: Mapping[str, Workshop]) -> None:
    """Begin a process: nothing made here goes round in circles, so that there is nothing to collect."""
    gc.disable()
    _mine.update(workshops)


def _make(span: Span) -> Packed:
    return _mine[span.district].make(span)


class _CaseMaker:
    """Turns the stories of one span into cases with their lives."""

    def __init__(self, shop: Workshop, span: Span, name: str) -> None:
        self.batch = Batch()
        self._shop = shop
        whistler = Whistler(
            chances(seed=shop.seed, of=f"whistles/{name}"), shop.calendar, shop.books.workflow, shop.staff.handler
        )
        chance = chances(seed=shop.seed, of=f"lives/{name}")
        staff = shop.staff
        self._teller = Teller(chance, shop.calendar, shop.as_of, staff.above, staff.owner, staff.caller, whistler)
        self._serials: dict[int, int] = defaultdict(int, span.before)
        self._echoes: dict[UUID, int] = defaultdict(int)

    def take(self, story: Story, located: LocatedArea, tell: Callable[[Born], list[LifeStep]] | None = None) -> None:
        """Open a case of a story and tell its life, by `tell` if given."""
        if located.district_id != self._shop.district:
            return
        report = Report(
            text=story.text,
            category=story.category,
            point=Point(story.lng, story.lat),
            address=story.place,
            contact=Contact(
                story.reporter_name or "",
                story.reporter_phone or "",
                FIRST,
                ConsentWay.PORTAL if story.channel == "portal" else ConsentWay.STAFF,
            ),
        )
        rule = rule_of(located=located, category=story.category, books=self._shop.books)
        assigned = self._shop.staff.assigned(located, rule)
        born = bear(
            case_id=id_at(int(story.reported_at.timestamp() * 1000), story.id.int),
            number=self._number(story.reported_at),
            report=report,
            source="portal" if story.channel == "portal" else "desk",
            located=located,
            assigned=assigned,
            repeats=self._repeats(story),
            books=self._shop.books,
            calendar=self._shop.calendar,
            at=story.reported_at,
        )
        born.case.reporters = 1 + story.co_reporters
        steps = tell(born) if tell else self._teller.tell(story, born)
        live(born, steps, books=self._shop.books, calendar=self._shop.calendar, batch=self.batch)

    def take_fresh(self, story: Story, located: LocatedArea, *, is_returned: bool) -> None:
        """Open a case that nobody did anything about yet, but for one step up."""
        self.take(story, located, lambda born: self._returned(born) if is_returned else [])

    def _returned(self, born: Born) -> list[LifeStep]:
        holder = born.assigned.holder
        level = "subdistrict" if born.case.score % 2 else "community"
        above = self._shop.staff.above(born.case.area_path, level)
        if holder is None or above is None:
            return []
        at = born.case.reported_at + timedelta(minutes=5)
        return [LifeStep(Action.RETURN, at, holder, reason="needs_others", to=above)]

    def _number(self, at: datetime) -> str:
        self._serials[at.year] += 1
        return case_number(district_id=self._shop.district, year=at.year, serial=self._serials[at.year])

    def _repeats(self, story: Story) -> int:
        if story.echo_of is None:
            return 0
        self._echoes[story.echo_of] += 1
        return self._echoes[story.echo_of]


class StaffIndex:
    """Who holds what, found without asking the database for each case."""

    def __init__(self, holders: Sequence[Holder], books: Rulebooks) -> None:
        self._books = books
        self._assigned: dict[tuple[UUID | None, str], Assigned] = {}
        self._by_area: dict[tuple[UUID, str], list[Holder]] = defaultdict(list)
        self._by_organisation: dict[tuple[str, str], list[Holder]] = defaultdict(list)
        self._by_role: dict[str, list[Holder]] = defaultdict(list)
        for holder in holders:
            self._by_area[holder.area_id, holder.role].append(holder)
            self._by_organisation[holder.organisation_code, holder.role].append(holder)
            self._by_role[holder.role].append(holder)

    def assigned(self, located: LocatedArea, rule: DispatchRule | None) -> Assigned:
        """Choose who has a case of that line of the catalogue there, as `assign` would; the same each time."""
        key = (located.area_id, rule.id if rule else "")
        if key not in self._assigned:
            self._assigned[key] = assign_among(self.near(located, rule), rule=rule, books=self._books)
        return self._assigned[key]

    def near(self, located: LocatedArea, rule: DispatchRule | None) -> list[Holder]:
        """List who could have a case there, lowest area first, then whom the rule's organisation has for it."""
        roles = [*self._books.dispatch.fallback_roles, *([rule.role] if rule else [])]
        found = [h for area in reversed(located.chain) for role in roles for h in self._by_area[area.id, role]]
        return found + (self._by_organisation[rule.organisation_code, rule.role] if rule else [])

    def above(self, area_path: str, level: str) -> Holder | None:
        """Find who takes over at the level above."""
        wanted = self._books.dispatch.next_level(level)
        if wanted is None:
            return None
        return next((h for h in self._by_role[wanted[1]] if is_within(area_path, h.area_path)), None)

    def owner(self, born: Born) -> Holder | None:
        """Find whom the dispatch catalogue names for a case, as sending it back does; None for who has it."""
        case = born.case
        rule = self._books.dispatch.owner_of(case.category, is_in_compound=case.compound_id is not None)
        held = self._by_organisation[rule.organisation_code, rule.role] if rule else []
        found = next((holder for holder in held if holder.is_on_duty), None)
        return None if found is None or found.organisation_id == case.organisation_id else found

    def caller(self, area_path: str) -> Holder | None:
        """Find who calls reporters back there."""
        clerks = self._by_role["call_back_clerk"] + self._by_role["community_secretary"]
        return next((h for h in clerks if is_within(area_path, h.area_path)), None)

    def handler(self, department: str) -> Holder | None:
        """Find who answers for a department, by its short code."""
        return next(iter(self._by_organisation[department, "department_handler"]), None)
