"""A small synthetic district with its neighbour, filled through the rooms' own actions: places, offices, people.

Two streets of one community each, side by side; what lies where, in sides of the district:

    north 0.8 ┌─────────────┬──────┬─────────────┐
              │  street only: nobody owns it     │
          0.4 ├──────┬──────┤      ├─────────────┤
              │grid 1│grid 2│ no   │    grid     │
              │[yard]│[yard]│street│   [yard]    │
          0.0 └──────┴──────┴──────┴─────────────┘
          east 0    0.2    0.4    0.5           0.9

Grid 2 of community 1 has nobody to look after it. North of 1.0 lies the other district, with one grid.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone
from tests.factories.databases import copied_out, copy_in
from tests.factories.territory import point, square

from linli.cases.actions.opening import Caller, Point, Report, open_case
from linli.cases.actions.rulebooks import install_default_rulebooks
from linli.cases.actions.stepping import Actor, Step, take_step
from linli.cases.choices import Action, Source
from linli.cases.models import Case
from linli.edges.web.middleware import LOGIN_KEY, PASSWORD_KEY, SEEN_KEY
from linli.kernel.ids import new_id
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
from linli.registry.people.calc.default_roles import DEFAULT_ROLES
from linli.registry.people.choices import Verb
from linli.registry.people.queries import find_login, session_stamp, viewer_of
from linli.registry.people.rules import Viewer
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
from linli.support.calendar.actions import install_default_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
SINCE = date(2024, 1, 1)
START = datetime(2024, 1, 1, tzinfo=SHANGHAI)
AT = datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)  # a Wednesday
TODAY = AT.date()
PASSWORD = "made-up-2026"

HOME, AWAY = "210106", "210105"
COMMUNITY = {1: "210106003006", 2: "210106007001"}
GRID = {1: "21010600300601", 2: "21010600700101"}
VACANT_GRID = "21010600300602"
PATH = {1: "210106/210106003/210106003006", 2: "210106/210106007/210106007001"}
GRID_PATH = {n: f"{PATH[n]}/{GRID[n]}" for n in (1, 2)}

BURST = "单元门口水管爆裂，水一直往外冒"

# Where the points are; the first number of a name is the community.
_POINTS = {
    ("compound", 1): (0.07, 0.07), ("compound", 2): (0.57, 0.07),
    ("open", 1): (0.15, 0.30), ("open", 2): (0.80, 0.30),
    ("vacant", 1): (0.30, 0.07),
    ("border", 1): (0.20, 0.30),
    ("street", 1): (0.20, 0.60), ("street", 2): (0.70, 0.60),
    ("between_streets", 1): (0.45, 0.20),
    ("between_districts", 1): (0.10, 1.00),
    ("other_district", 1): (0.10, 1.10),
    ("nowhere", 1): (5.0, 5.0),
}  # fmt: skip

_AREAS = (
    ("210106", "示例区", "district"),
    ("210106003", "第一街道", "subdistrict"),
    ("210106007", "第二街道", "subdistrict"),
    ("210106003006", "西边社区", "community"),
    ("210106007001", "东边社区", "community"),
    ("21010600300601", "西边第一网格", "grid"),
    ("21010600300602", "西边第二网格", "grid"),
    ("21010600700101", "东边第一网格", "grid"),
    ("210105", "邻近区", "district"),
    ("210105001", "邻近街道", "subdistrict"),
    ("210105001006", "邻近社区", "community"),
    ("21010500100601", "邻近第一网格", "grid"),
)
_PARENT_DIGITS = {6: 0, 9: 6, 12: 9, 14: 12}
BOUNDARIES = {
    "210106": square(0, 0, 1),
    "210106003": square(0, 0, 0.4, 0.8),
    "210106003006": square(0, 0, 0.4),
    "21010600300601": square(0, 0, 0.2, 0.4),
    "21010600300602": square(0.2, 0, 0.2, 0.4),
    "210106007": square(0.5, 0, 0.4, 0.8),
    "210106007001": square(0.5, 0, 0.4),
    "21010600700101": square(0.5, 0, 0.4),
    "210105": square(0, 1, 1),
    "210105001": square(0, 1, 0.8),
    "210105001006": square(0, 1, 0.4),
    "21010500100601": square(0, 1, 0.4),
}

# Organisations: code, name, kind, area. Short codes of departments are those of the dispatch catalogue.
_ORGANISATIONS = {
    HOME: (
        ("water_repair", "供水抢修中心", "department", "210106"),
        ("heating_office", "供热办", "department", "210106"),
        ("call_centre", "区指挥中心", "department", "210106"),
        ("office_1", "第一街道办事处", "subdistrict_office", "210106003"),
        ("office_2", "第二街道办事处", "subdistrict_office", "210106007"),
        ("committee_1", "西边社区居委会", "residents_committee", "210106003006"),
        ("committee_2", "东边社区居委会", "residents_committee", "210106007001"),
        ("property_1", "西边物业", "property_company", "210106003006"),
        ("property_2", "东边物业", "property_company", "210106007001"),
    ),
    AWAY: (
        ("water_repair", "邻近供水抢修中心", "department", "210105"),
        ("committee_1", "邻近社区居委会", "residents_committee", "210105001006"),
    ),
}

# Where each role works: level of its area, and the organisation's code ({n}: the community's number).
_IN_DISTRICT = dict.fromkeys(
    ("district_dispatcher", "catalogue_keeper", "leader_in_charge", "district_leader", "system_admin",
     "security_admin", "auditor", "review_office", "discipline_inspector",
     "review_juror"),
    "call_centre",
)  # fmt: skip
_IN_STREET = dict.fromkeys(("subdistrict_dispatcher", "subdistrict_secretary", "call_back_clerk"), "office_{n}")
_IN_COMMUNITY = dict.fromkeys(("community_steward", "community_clerk", "community_secretary"), "committee_{n}")
_IN_COMMUNITY |= {"property_manager": "property_{n}"}
_IN_GRID = dict.fromkeys(("grid_worker", "grid_head", "building_head", "concern_reporter"), "committee_{n}")
_IN_DEPARTMENT = ("department_handler", "department_head")
DEPARTMENT = {1: "water_repair", 2: "heating_office"}

ROLES = tuple(role.code for role in DEFAULT_ROLES)
# Roles whose reach is the whole district see rightly what lies in any community; administrators and inspectors see no
# case anywhere; the holders of all others, in one community, must see nothing of the next.
BLIND = tuple(role.code for role in DEFAULT_ROLES if Verb.SEE_CASES not in role.verbs)
WIDE = ("district_dispatcher", "catalogue_keeper", "leader_in_charge", "district_leader", "review_office")
FOREIGN = tuple(role for role in ROLES if role not in WIDE and role not in BLIND)


@dataclass(frozen=True, slots=True)
class DemoDistrict:
    """What was made: ids by code, and ways to look, report and act in it.

    people: login ids by user name, which is role and community ("grid_worker-1") or the role alone for the district's
    own; of the other district "away-grid_worker" and "away-community_secretary".
    """

    areas: dict[str, UUID]
    compounds: dict[tuple[str, str], UUID]
    buildings: dict[str, UUID]
    organisations: dict[str, UUID]
    posts: dict[str, UUID]
    id: str = HOME
    _viewers: dict[str, Viewer] = field(default_factory=dict)

    def username(self, role: str, *, community: int = 1) -> str:
        """Tell the name under which the holder signs in; the password is PASSWORD."""
        return role if role in _IN_DISTRICT or role.startswith("away-") else f"{role}-{community}"

    def viewer(self, role: str, *, community: int = 1) -> Viewer:
        """Give the holder of a role as the rules see them; departments: 1 water_repair, 2 heating_office."""
        username = self.username(role, community=community)
        if username not in self._viewers:
            login = find_login(username)
            assert login is not None, username
            self._viewers[username] = viewer_of(login_id=login.id, on=TODAY)
        return self._viewers[username]

    def actor(self, role: str, *, community: int = 1) -> Actor:
        """Give the same person ready to take a step."""
        viewer = self.viewer(role, community=community)
        return Actor(viewer, caller=f"person:{viewer.person_id}")

    def post_of(self, role: str, *, community: int = 1) -> UUID:
        """Tell the post of the holder of a role."""
        return self.posts[self.username(role, community=community)]

    def point_in(self, place: str = "compound", *, community: int = 1) -> Point:
        """Give a point of a kind: compound, open, vacant, border, street, between_streets, between_districts, ..."""
        east, north = _POINTS[place, community]
        return Point(**point(east, north))

    def report(self, place: str = "compound", *, community: int = 1, **more: Any) -> Report:
        """Write a report of a burst pipe at a place."""
        said: dict[str, Any] = {"text": BURST, "category": "water_burst"} | more
        return Report(**({"point": self.point_in(place, community=community)} | said))

    def open_case_in(
        self, place: str = "compound", *, community: int = 1, at: datetime = AT, by: Viewer | None = None, **more: Any
    ) -> Case:
        """Open a case at a place, by a resident unless a viewer is given. more: fields of the report."""
        caller = Caller(Source.DESK, f"person:{by.person_id}", by) if by else Caller(Source.PORTAL)
        opened = open_case(report=self.report(place, community=community, **more), by=caller, at=at)
        return Case.objects.get(district_id=opened.district_id, id=opened.case_id)

    def take(
        self, case: Case, action: Action, *, by: Actor, after: timedelta = timedelta(hours=1), **more: Any
    ) -> Case:
        """Take a step on a case, by default an hour after it was reported. more: fields of the step."""
        step = Step(action, **({"note": "已处理"} | more))
        return take_step(district_id=case.district_id, case_id=case.id, step=step, by=by, at=case.reported_at + after)

    def handled(self, case: Case, *, by: Actor, after: timedelta = timedelta(hours=1)) -> Case:
        """Let the holder handle a case and report it back, all at one instant."""
        self.take(case, Action.HANDLE, by=by, after=after)
        return self.take(case, Action.REPORT_BACK, by=by, after=after)

    def login(self, client: Client, role: str, *, community: int = 1) -> Client:
        """Sign the holder of a role in, as the sign-in page leaves the session. Returns the client."""
        session = SessionStore()
        login = find_login(self.username(role, community=community))
        assert login is not None, role
        session[LOGIN_KEY], session[PASSWORD_KEY] = str(login.id), session_stamp(login.password_changed_at)
        session[SEEN_KEY] = int(timezone.now().timestamp())
        session.create()
        client.cookies["sessionid"] = session.session_key
        return client


# What the actions wrote the first time in this process: the district itself and its rows by table.
_made: list[tuple[DemoDistrict, list[tuple[str, bytes]]]] = []
# What was lived in it, by name: all rows by table.
_lived: dict[str, list[tuple[str, bytes]]] = {}


def make_district() -> DemoDistrict:
    """Fill the tables: two districts, eleven organisations, every role in both communities, calendar and rulebooks.

    The rooms' own actions do it once a process; afterwards their rows are copied back, ten times as fast.
    """
    if not _made:
        district = _make_district()
        _made.append((district, copied_out()))
        return district
    copy_in(_made[0][1])
    return made_district()


def lived_district(name: str, live: Callable[[DemoDistrict], object]) -> DemoDistrict:
    """Fill empty tables with the district and what is lived there: once a process, copied back afterwards.

    name: of the life, one for each `live`.
    """
    if name in _lived:
        copy_in(_lived[name])
        return made_district()
    district = make_district()
    live(district)
    _lived[name] = copied_out()
    return district


def made_district() -> DemoDistrict:
    """Give the district that was made in this process, for a database that holds its rows."""
    return replace(_made[0][0], _viewers={})


def _make_district() -> DemoDistrict:
    load_levels()
    load_districts([NewDistrict(code=HOME, name="示例区", is_demo=True), NewDistrict(code=AWAY, name="邻近区")])
    areas = load_areas(
        NewArea(code=code, name=name, level=level, parent_code=code[: _PARENT_DIGITS[len(code)]], starts_on=SINCE,
                kind="社区" if level == "community" else "")
        for code, name, level in _AREAS
    )  # fmt: skip
    load_boundaries(
        [NewBoundary(area_code=code, geometry=drawn, is_schematic=True) for code, drawn in BOUNDARIES.items()],
        valid_from=START, reason="first drawing", by=None, at=START,
    )  # fmt: skip
    compounds = load_compounds(_compounds())
    buildings = load_buildings([_building(12, 0.06, 0.06, "yard-1"), _building(13, 0.28, 0.06, "yard-2")])
    install_default_calendar(at=START)
    install_default_roles()
    organisations: dict[str, UUID] = {}
    posts: dict[str, UUID] = {}
    for code in (HOME, AWAY):
        install_default_rulebooks(district_id=code, at=START)
        mine = _load_organisations(code, areas)
        organisations |= mine if code == HOME else {f"away-{name}": id_ for name, id_ in mine.items()}
        posts |= _load_people(code, areas, mine)
    return DemoDistrict(areas, compounds, buildings, organisations, posts)


def _compounds() -> list[NewCompound]:
    return [
        NewCompound(code=code, name=name, kind="graded", area_code=community, boundary=square(east, 0.02, 0.1),
                    households=300)
        for code, name, community, east in (
            ("yard-1", "花园小区", COMMUNITY[1], 0.02),
            ("yard-2", "公园小区", COMMUNITY[1], 0.25),
            ("yard-3", "湖畔小区", COMMUNITY[2], 0.52),
        )
    ]  # fmt: skip


def _building(number: int, east: float, north: float, compound: str) -> NewBuilding:
    place = point(east, north)
    grid = GRID[1] if compound == "yard-1" else VACANT_GRID
    return NewBuilding(
        code=f"{COMMUNITY[1]}{number:05d}", name=f"{number}号楼", subgrid_code=grid, compound_code=compound,
        lng=place["lng"], lat=place["lat"], households=50,
    )  # fmt: skip


def _load_organisations(district_id: str, areas: dict[str, UUID]) -> dict[str, UUID]:
    rows = [
        NewOrganisation(new_id(), code, name, kind, areas[area_code])
        for code, name, kind, area_code in _ORGANISATIONS[district_id]
    ]
    load_organisations(district_id=district_id, rows=rows, starts_on=SINCE)
    return {row.code: row.id for row in rows}


def _load_people(district_id: str, areas: dict[str, UUID], organisations: dict[str, UUID]) -> dict[str, UUID]:
    """Load one person a post, with a login. Returns the posts' ids by user name."""
    people, posts, logins = [], [], []
    for number, (username, role, organisation, area_code) in enumerate(_staff(district_id), start=1):
        person = NewPerson(new_id(), f"P{number:03d}", f"演示{number:02d}", f"000-0000{number:04d}", is_synthetic=True)
        people.append(person)
        posts.append(NewPost(new_id(), person.id, role, organisations[organisation], areas[area_code], SINCE))
        logins.append(NewLogin(username, person.id, PASSWORD, must_change=False))
    load_people(district_id=district_id, rows=people)
    load_posts(district_id=district_id, rows=posts)
    make_logins(district_id=district_id, rows=logins, at=START)
    return {login.username: post.id for login, post in zip(logins, posts, strict=True)}


def _staff(district_id: str) -> list[tuple[str, str, str, str]]:
    """List who works where: user name, role, organisation, area."""
    if district_id == AWAY:
        return [
            ("away-grid_worker", "grid_worker", "committee_1", "21010500100601"),
            ("away-community_secretary", "community_secretary", "committee_1", "210105001006"),
            ("away-department_handler", "department_handler", "water_repair", "210105"),
        ]
    rows = [(role, role, office, HOME) for role, office in _IN_DISTRICT.items()]
    for n in (1, 2):
        places = ((_IN_STREET, COMMUNITY[n][:9]), (_IN_COMMUNITY, COMMUNITY[n]), (_IN_GRID, GRID[n]))
        for roles, area_code in places:
            rows += [(f"{role}-{n}", role, office.format(n=n), area_code) for role, office in roles.items()]
        rows += [(f"{role}-{n}", role, DEPARTMENT[n], HOME) for role in _IN_DEPARTMENT]
    return rows
