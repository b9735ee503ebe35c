"""Loading the demo: places of all three districts, people and a year of cases for the chosen one."""

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from linli.cases.actions.loading import Batch, Born, LifeStep, bear, live, load_batch
from linli.cases.actions.opening import Contact, Point, Report
from linli.cases.actions.routing import assign_among, rule_of
from linli.cases.actions.rulebooks import install_default_rulebooks
from linli.cases.calc.dispatch import DispatchRule
from linli.cases.calc.words import case_number
from linli.cases.choices import Action
from linli.cases.queries.rulebooks import Rulebooks, current_rulebooks
from linli.edges.cli.demo.catalogue import DISTRICTS
from linli.edges.cli.demo.ids import chances
from linli.edges.cli.demo.lives import Teller
from linli.edges.cli.demo.organisations import make_organisations
from linli.edges.cli.demo.people import make_staff
from linli.edges.cli.demo.places import make_places
from linli.edges.cli.demo.rows import Places, Staff, Story
from linli.edges.cli.demo.stories import stories
from linli.edges.cli.progress import Progress
from linli.kernel.ids import id_at
from linli.registry.orgs.actions import NewOrganisation, load_organisations
from linli.registry.people.actions.loading import (
    NewLogin,
    NewPerson,
    NewPost,
    install_default_roles,
    load_people,
    load_posts,
    make_logins,
)
from linli.registry.people.queries import Holder, list_all_holders
from linli.registry.people.rules import is_within
from linli.registry.territory.actions import (
    NewArea,
    NewBoundary,
    NewBuilding,
    NewCompound,
    NewDistrict,
    load_areas,
    load_boundaries,
    load_buildings,
    load_compounds,
    load_districts,
    load_levels,
)
from linli.registry.territory.queries import LocatedArea, locator, served_districts
from linli.support.calendar.actions import install_default_calendar
from linli.support.calendar.queries import current_calendar

SINCE = date(2024, 1, 1)
CASES = {"small": 500, "real": 20_000}
SMALL_STREET = {"210106": "210106003", "210104": "210104002", "210105": "210105013"}
_BATCH = 2000
# Where the demo accounts work, and how many cases wait there when the demo begins.
DEMO_COMMUNITY = {"210106": "210106003007", "210104": "210104002014", "210105": "210105019002"}
FRESH = 18
_SYNTHETIC_REASON = "演示数据：示意边界"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which demo: the district whose people and cases are loaded, how much, and as of when."""

    district: str
    scale: str
    seed: int
    as_of: datetime


@transaction.atomic
def load_demo(wanted: Wanted, *, data: Path, progress: Progress) -> bool:
    """Load the demo unless one is there: all of it or nothing. Returns whether anything was loaded.

    The same seed and instant give the same rows, but for nonces and hashes.
    """
    if served_districts():
        return False
    places = make_places(seed=wanted.seed)
    with progress.step("行政区划、网格、小区、楼栋", 5) as done:
        _load_places(places, wanted, done)
    install_default_roles()
    install_default_rulebooks(district_id=wanted.district, at=wanted.as_of)
    install_default_calendar(at=wanted.as_of)
    with progress.step("组织、人员、岗位", 4) as done:
        _load_staff(places, wanted, data, done)
    count = CASES[wanted.scale]
    with progress.step("一年的事项", count) as done:
        _load_cases(places, wanted, count, done)
    return True


def _load_places(places: Places, wanted: Wanted, done: Callable[[int], None]) -> None:
    load_levels()
    load_districts(
        [
            NewDistrict(code=code, name=name, is_demo=True, is_served=code == wanted.district)
            for code, name in DISTRICTS.items()
        ]
    )
    load_areas(
        NewArea(
            id=row.id,
            code=row.code,
            name=row.name,
            level=row.level,
            parent_code=row.parent_code or "",
            starts_on=SINCE,
            kind=row.kind,
            is_pseudo=row.is_pseudo,
        )
        for row in places.areas
    )
    done(1)
    start = datetime(2024, 1, 1, tzinfo=wanted.as_of.tzinfo)
    load_boundaries(
        [
            NewBoundary(
                id=row.id, area_code=row.area_code, geometry=json.loads(row.geojson), crs=row.crs, is_schematic=True
            )
            for row in places.boundaries
        ],
        valid_from=start,
        reason=_SYNTHETIC_REASON,
        by=None,
        at=wanted.as_of,
    )
    done(2)
    households: dict[str, int] = defaultdict(int)
    for building in places.buildings:
        households[building.compound_code] += building.households
    load_compounds(
        NewCompound(
            id=row.id,
            code=row.code,
            name=row.name,
            kind=row.kind,
            area_code=row.community_code,
            boundary=json.loads(row.geojson),
            households=households[row.code],
        )
        for row in places.compounds
    )
    done(1)
    load_buildings(
        NewBuilding(
            id=row.id,
            code=row.code,
            name=row.name,
            subgrid_code=row.subgrid_code,
            compound_code=row.compound_code,
            lng=row.lng,
            lat=row.lat,
            households=row.households,
        )
        for row in places.buildings
    )
    done(1)


def _load_staff(places: Places, wanted: Wanted, data: Path, done: Callable[[int], None]) -> None:
    district = wanted.district
    mine = _within(places, district)
    organisations = make_organisations(mine)
    staff = make_staff(mine, organisations, building_heads_in=(district,))
    area_ids = {row.code: row.id for row in places.areas}
    organisation_ids = {row.code: row.id for row in organisations}
    load_organisations(
        district_id=district,
        starts_on=SINCE,
        rows=[
            NewOrganisation(
                row.id,
                row.code.removeprefix(f"{district}-"),
                row.name,
                row.kind,
                area_ids[row.area_code],
                organisation_ids.get(row.parent_code or ""),
            )
            for row in organisations
        ],
    )
    done(1)
    load_people(
        district_id=district,
        rows=[
            NewPerson(row.id, f"P{n:05d}", row.name, row.phone, is_synthetic=True)
            for n, row in enumerate(staff.people, start=1)
        ],
    )
    done(1)
    load_posts(
        district_id=district,
        rows=[
            NewPost(
                row.id,
                row.person_id,
                row.role,
                organisation_ids[row.organisation_code],
                area_ids[row.area_code],
                SINCE,
                is_on_duty=row.is_on_duty,
            )
            for row in staff.posts
            if row.person_id is not None
        ],
    )
    done(1)
    _make_demo_logins(district, staff, data, wanted.as_of)
    done(1)


def _make_demo_logins(district: str, staff: Staff, data: Path, at: datetime) -> None:
    """Make the accounts to try the program with; their password is made here and told on the sign-in page."""
    password = f"linli-{secrets.token_hex(4)}"
    path = data / "demo-password"
    path.touch(mode=0o600)
    path.write_text(password + "\n")
    make_logins(
        district_id=district,
        at=at,
        rows=[NewLogin(row.username, row.person_id, password, is_demo=True, must_change=False) for row in staff.logins],
    )


def _load_cases(places: Places, wanted: Wanted, count: int, done: Callable[[int], None]) -> None:
    mine = _within(places, SMALL_STREET[wanted.district] if wanted.scale == "small" else wanted.district)
    year_from = (wanted.as_of - timedelta(days=365)).date()
    loader = _CaseLoader(wanted)
    for story in stories(mine, year_from, wanted.as_of, count, wanted.seed):
        loader.take(story)
        if len(loader.batch.cases) >= _BATCH:
            done(loader.flush())
    for story, is_returned in _fresh_stories(places, wanted):
        loader.take_fresh(story, is_returned=is_returned)
    done(loader.flush())


def _fresh_stories(places: Places, wanted: Wanted) -> Iterator[tuple[Story, bool]]:
    """Tell what came in within the last hours where the demo accounts work; every third went up a level already."""
    mine = _within(places, DEMO_COMMUNITY[wanted.district])
    yesterday = (wanted.as_of - timedelta(days=1)).date()
    for n, story in enumerate(stories(mine, yesterday, wanted.as_of, FRESH, wanted.seed + 1)):
        reported_at = wanted.as_of - timedelta(minutes=8 + 13 * (FRESH - n))
        yield replace(story, reported_at=reported_at, echo_of=None), n % 3 == 0


class _CaseLoader:
    """Turns stories into cases with their lives, batch by batch."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.batch = Batch()
        self.books: Rulebooks = current_rulebooks(wanted.district)
        self.calendar = current_calendar()
        self.locate: Callable[[float, float, str], LocatedArea] = locator(at=wanted.as_of)
        self.staff = _StaffIndex(list_all_holders(district_id=wanted.district, on=wanted.as_of.date()), self.books)
        self.teller = Teller(
            chances(seed=wanted.seed, of="lives"),
            self.calendar,
            wanted.as_of,
            self.staff.above,
            self.staff.caller,
        )
        self.serials: dict[int, int] = defaultdict(int)
        self.echoes: dict[UUID, int] = defaultdict(int)

    def take(self, story: Story, tell: Callable[[Born], list[LifeStep]] | None = None) -> None:
        """Open a case of a story and tell its life, by `tell` if given."""
        located = self.locate(story.lng, story.lat, "GCJ-02")
        if not located.district_id:
            return
        report = Report(
            text=story.text,
            category=story.category,
            point=Point(story.lng, story.lat),
            address=story.place,
            contact=Contact(story.reporter_name or "", story.reporter_phone or ""),
        )
        rule = rule_of(located=located, category=story.category, books=self.books)
        assigned = assign_among(self.staff.near(located, rule), rule=rule, books=self.books)
        born = bear(
            case_id=id_at(int(story.reported_at.timestamp() * 1000), story.id.int),
            number=self._number(story.reported_at),
            report=report,
            source="portal" if story.channel == "portal" else "desk",
            located=located,
            assigned=assigned,
            repeats=self._repeats(story),
            books=self.books,
            calendar=self.calendar,
            at=story.reported_at,
        )
        born.case.reporters = 1 + story.co_reporters
        steps = tell(born) if tell else self.teller.tell(story, born)
        live(born, steps, books=self.books, calendar=self.calendar, batch=self.batch)

    def take_fresh(self, story: Story, *, is_returned: bool) -> None:
        """Open a case that nobody did anything about yet, but for one step up."""
        self.take(story, lambda born: self._returned(born) if is_returned else [])

    def _returned(self, born: Born) -> list[LifeStep]:
        holder = born.assigned.holder
        level = "subdistrict" if born.case.score % 2 else "community"
        above = self.staff.above(born.case.area_path, level)
        if holder is None or above is None:
            return []
        at = born.case.reported_at + timedelta(minutes=5)
        return [LifeStep(Action.RETURN, at, holder, reason="beyond_power", to=above)]

    def flush(self) -> int:
        """Write what was taken. Returns how many cases."""
        written = load_batch(self.batch, district_id=self.wanted.district)
        self.batch = Batch()
        return written

    def _number(self, at: datetime) -> str:
        self.serials[at.year] += 1
        return case_number(district_id=self.wanted.district, year=at.year, serial=self.serials[at.year])

    def _repeats(self, story: Story) -> int:
        if story.echo_of is None:
            return 0
        self.echoes[story.echo_of] += 1
        return self.echoes[story.echo_of]


class _StaffIndex:
    """Who holds what, found without asking the database for each case."""

    def __init__(self, holders: Sequence[Holder], books: Rulebooks) -> None:
        self._books = books
        self._by_area: dict[tuple[UUID, str], list[Holder]] = defaultdict(list)
        self._by_organisation: dict[tuple[str, str], list[Holder]] = defaultdict(list)
        self._by_role: dict[str, list[Holder]] = defaultdict(list)
        for holder in holders:
            self._by_area[holder.area_id, holder.role].append(holder)
            self._by_organisation[holder.organisation_code, holder.role].append(holder)
            self._by_role[holder.role].append(holder)

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

    def caller(self, area_path: str) -> Holder | None:
        """Find who calls reporters back there."""
        clerks = self._by_role["call_back_clerk"] + self._by_role["community_secretary"]
        return next((h for h in clerks if is_within(area_path, h.area_path)), None)


def _within(places: Places, code: str) -> Places:
    """Keep the places of one district or street, and the district itself."""
    district = code[:6]
    return Places(
        places.seed,
        (district,),
        tuple(row for row in places.areas if row.code.startswith(code) or row.code == district),
        tuple(row for row in places.boundaries if row.area_code.startswith(code)),
        tuple(row for row in places.compounds if row.community_code.startswith(code)),
        tuple(row for row in places.buildings if row.community_code.startswith(code)),
    )
