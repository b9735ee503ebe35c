"""Loading the demo: places of all three districts, people and a year of cases for one of them or for all."""

import json
import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from linli.cases.actions.keeping import keep_days
from linli.cases.actions.learning import learn_from_closed
from linli.cases.actions.loading import begin_large_load, end_large_load, load_packed
from linli.cases.actions.rulebooks import install_default_rulebooks
from linli.cases.queries.rulebooks import current_rulebooks
from linli.edges.cli.demo.cases import StaffIndex, Workshop, make_spans
from linli.edges.cli.demo.catalogue import DISTRICTS
from linli.edges.cli.demo.organisations import make_organisations
from linli.edges.cli.demo.people import USERNAMES, make_staff
from linli.edges.cli.demo.places import make_places
from linli.edges.cli.demo.reviews import load_reviews
from linli.edges.cli.demo.rows import Places
from linli.edges.cli.demo.spans import cut_spans, take_turns
from linli.edges.cli.demo.stories import Storyteller
from linli.edges.cli.demo.visits import load_demo_visits
from linli.edges.cli.progress import Progress
from linli.kernel.db.statistics import count_for_planner
from linli.registry.coverage.actions import check_coverage
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
from linli.registry.people.queries import list_all_holders
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
from linli.registry.territory.queries import Locator, served_districts
from linli.support.calendar.actions import install_default_calendar
from linli.support.calendar.calc import WorkingCalendar
from linli.support.calendar.queries import current_calendar

SINCE = date(2024, 1, 1)
SMALL_STREET = {"210106": "210106003", "210104": "210104002", "210105": "210105013"}
# Where the demo accounts work, and how many cases wait there when the demo begins.
DEMO_COMMUNITY = {"210106": "210106003007", "210104": "210104002014", "210105": "210105019002"}
FRESH = 18
_SYNTHETIC_REASON = "演示数据：示意边界"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which demo: the districts whose people and cases are loaded, how many cases in all, and as of when.

    is_one_street: all of a district's cases but the fresh ones lie in one subdistrict. drawn: the districts on the
    map, with those that are loaded among them. processes: None for one a core.
    """

    districts: tuple[str, ...]
    cases: int
    seed: int
    as_of: datetime
    is_one_street: bool = False
    drawn: tuple[str, ...] = tuple(DISTRICTS)
    processes: int | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a demo is. has_all: people and cases in all districts, not in the chosen one alone."""

    cases: int
    has_all: bool = False
    is_one_street: bool = False


SCALES = {
    "small": Scale(500, is_one_street=True),
    "real": Scale(20_000),
    "large": Scale(1_000_000, has_all=True),
}


def wanted_demo(*, district: str, scale: str, seed: int, as_of: datetime) -> Wanted:
    """Say what a scale means for a district."""
    size = SCALES[scale]
    districts = tuple(DISTRICTS) if size.has_all else (district,)
    return Wanted(districts, size.cases, seed, as_of, is_one_street=size.is_one_street)


@transaction.atomic
def load_demo(wanted: Wanted, *, data: Path, progress: Progress) -> bool:
    """Load the demo unless one is there: all of it or nothing. Returns whether anything was loaded.

    The same seed and instant give the same rows, but for nonces and hashes, whatever the number of processes. Asks
    for the owner's role: tables stand without indexes meanwhile. Raises Conflict if there are cases without a demo.
    """
    if served_districts():
        return False
    kept = begin_large_load()
    places = make_places(seed=wanted.seed, districts=wanted.drawn)
    with progress.step("行政区划、网格、小区、楼栋", 5) as done:
        _load_places(places, wanted, done)
    install_default_roles()
    install_default_calendar(at=wanted.as_of)
    password = _new_password(data)
    with progress.step("组织、人员、岗位", 4 * len(wanted.districts)) as done:
        for district in wanted.districts:
            install_default_rulebooks(district_id=district, at=wanted.as_of)
            _load_staff(places, district, password, wanted.as_of, done)
    count_for_planner()
    _load_cases(places, wanted, progress)
    with progress.step("索引与核对", len(kept) + 1) as done:
        end_large_load(kept, done)
    with progress.step("逐日数字", len(wanted.districts)) as done:
        for district in wanted.districts:
            keep_days(district_id=district, at=wanted.as_of)
            check_coverage(district_id=district, at=wanted.as_of)
            done(1)
    return True


@transaction.atomic
def play_reviews(wanted: Wanted, *, progress: Progress) -> None:
    """Begin the monthly reviews of a loaded demo and play the month before; not the same rows for the same seed."""
    with progress.step("月述月评", len(wanted.districts)) as done:
        for district in wanted.districts:
            load_reviews(
                district, office=f"{USERNAMES[district]}.reviews", street=DEMO_COMMUNITY[district][:9],
                at=wanted.as_of, seed=wanted.seed,
            )  # fmt: skip
            done(1)


@transaction.atomic
def play_visits(wanted: Wanted, *, progress: Progress) -> None:
    """Let one community of each loaded district go from door to door; not the same rows for the same seed."""
    with progress.step("三个遍访", len(wanted.districts)) as done:
        for district in wanted.districts:
            load_demo_visits(
                secretary=f"{USERNAMES[district]}.secretary", community=DEMO_COMMUNITY[district], at=wanted.as_of
            )
            done(1)


def learn_demo(wanted: Wanted, *, progress: Progress) -> None:
    """Learn at once from the closed cases of a loaded demo what else is learned at night."""
    with progress.step("类别建议", len(wanted.districts)) as done:
        for district in wanted.districts:
            learn_from_closed(district_id=district, at=wanted.as_of)
            done(1)


def _load_places(places: Places, wanted: Wanted, done: Callable[[int], None]) -> None:
    load_levels()
    load_districts(
        [
            NewDistrict(code=code, name=name, is_demo=True, is_served=code in wanted.districts)
            for code, name in DISTRICTS.items()
            if code in wanted.drawn
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


def _load_staff(places: Places, district: str, password: str, at: datetime, done: Callable[[int], None]) -> None:
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
    make_logins(
        district_id=district,
        at=at,
        rows=[NewLogin(row.username, row.person_id, password, is_demo=True, must_change=False) for row in staff.logins],
    )
    done(1)


def _new_password(data: Path) -> str:
    """Make the password of the accounts to try the program with, and put it where the sign-in page finds it."""
    password = f"linli-{secrets.token_hex(4)}"
    path = data / "demo-password"
    path.touch(mode=0o600)
    path.write_text(password + "\n")
    return password


def _load_cases(places: Places, wanted: Wanted, progress: Progress) -> None:
    """Make the cases in all cores' processes and write them through this one's transaction, all of it or nothing."""
    spans = take_turns(
        cut_spans(code, as_of=wanted.as_of, count=count, fresh=FRESH)
        for code, count in zip(wanted.districts, _shared_out(wanted.cases, len(wanted.districts)), strict=True)
    )
    calendar, locate = current_calendar(), Locator(at=wanted.as_of)
    workshops = {code: _workshop(places, wanted, code, calendar, locate) for code in wanted.districts}
    with progress.step("一年的事项", sum(span.count for span in spans)) as done:
        for packed in make_spans(workshops, spans, processes=wanted.processes):
            done(load_packed(packed, at=wanted.as_of, is_frozen=True))


def _workshop(
    places: Places,
    wanted: Wanted,
    district: str,
    calendar: WorkingCalendar,
    locate: Locator,
) -> Workshop:
    books = current_rulebooks(district)
    mine = _within(places, SMALL_STREET[district] if wanted.is_one_street else district)
    return Workshop(
        district=district,
        seed=wanted.seed,
        as_of=wanted.as_of,
        storyteller=Storyteller(mine, wanted.seed),
        fresh=Storyteller(_within(places, DEMO_COMMUNITY[district]), wanted.seed + 1),
        books=books,
        calendar=calendar,
        locate=locate,
        staff=StaffIndex(list_all_holders(district_id=district, on=wanted.as_of.date()), books),
    )


def _shared_out(count: int, among: int) -> list[int]:
    """Share a number out evenly, what is left over to the first."""
    return [count // among + (place < count % among) for place in range(among)]


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
