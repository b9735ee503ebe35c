"""The demo's people: plainly invented holders of every post, some posts vacant, some holders off duty."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from linli.edges.cli.demo.catalogue import Unit
from linli.edges.cli.demo.drawing import real_units
from linli.edges.cli.demo.ids import IdStream, chances
from linli.edges.cli.demo.names import base_name
from linli.edges.cli.demo.organisations import (
    COMMAND,
    DEPARTMENTS,
    department_code,
    district_committee,
    leading_groups,
    office_of,
    party_of,
)
from linli.edges.cli.demo.rows import (
    DemoBuilding,
    DemoLogin,
    DemoOrganisation,
    DemoPerson,
    DemoPost,
    Places,
    Staff,
)

# Where the demo logins work: 工人村街道新喜社区, 大北街道北苑社区, 新乐街道新乐社区.
DEMO_COMMUNITIES = {"210106": "210106003007", "210104": "210104002014", "210105": "210105019002"}
DEMO_GRID = "02"
USERNAMES = {"210104": "dadong", "210105": "huanggu", "210106": "tiexi"}
_VACANT = {"grid_worker": 0.03, "grid_head": 0.02, "building_head": 0.08, "community_clerk": 0.03}
_OFF_DUTY = 0.06
_FIRST_DAY, _DAYS = date(2023, 3, 1), 660  # terms of office began within 22 months
_CLERKS = ("社区值班员", "社区治安员", "社区调解员")
_HEADED_GRIDS = 2  # grids one grid head looks after
_BUILDINGS_A_HEAD = 4
# Who sits on the jury of the monthly review, by group of its rules; names on the screen, and how many.
JURORS = {"congress": "人大、政协副职", "departments": "部门负责人", "delegates_city": "市党代表",
          "delegates_district": "区党代表"}  # fmt: skip
JURORS_A_GROUP = {"congress": 8, "departments": 12, "delegates_city": 10, "delegates_district": 20}
_PHONE_BLOCK = "100"  # no Chinese number has eleven digits beginning with 100: nobody can be rung up by mistake


@dataclass(frozen=True, slots=True)
class _Slot:
    """A post before anybody holds it; slots of one `holder` go to one person."""

    holder: str
    name: str
    role: str
    title: str
    organisation_code: str
    area_code: str
    handles: tuple[str, ...] = ()
    building_codes: tuple[str, ...] = ()
    compound_codes: tuple[str, ...] = ()


def make_staff(
    places: Places, organisations: Sequence[DemoOrganisation], *, building_heads_in: tuple[str, ...] = ("210106",)
) -> Staff:
    """Make everybody who works in the districts, and some twenty logins a district.

    building_heads_in: districts whose buildings get a head for every two to four of them.
    """
    parts = [
        _district(district, places, organisations, has_building_heads=district in building_heads_in)
        for district in places.districts
    ]
    return Staff(
        tuple(row for part in parts for row in part.people),
        tuple(row for part in parts for row in part.posts),
        tuple(row for part in parts for row in part.logins),
    )


def _district(
    district: str, places: Places, organisations: Sequence[DemoOrganisation], *, has_building_heads: bool
) -> Staff:
    slots = [
        *_district_slots(district),
        *_review_slots(district),
        *_street_slots(district),
        *_community_slots(district, places),
    ]
    slots += _property_slots(district, organisations)
    if has_building_heads:
        slots += _building_slots(district, places)
    slots += _concern_slots(district)
    people, posts = _fill(district, slots, seed=places.seed)
    return Staff(people, posts, _logins(district, posts, organisations, seed=places.seed))


def _fill(district: str, slots: Sequence[_Slot], *, seed: int) -> tuple[tuple[DemoPerson, ...], tuple[DemoPost, ...]]:
    """Give each slot its holder; holes and absences by chance, save where the demo logins work.

    No grid lacks both its head and its worker, so that every place of the demo has somebody responsible.
    """
    ids = IdStream(seed=seed, of=f"people/{district}")
    chance = chances(seed=seed, of=f"people/{district}")
    people: dict[str, DemoPerson] = {}
    posts: list[DemoPost] = []
    absent: dict[str, bool] = {}
    headless: set[str] = set()
    hole = _hole(district, slots)
    for slot in slots:
        is_kept = slot.area_code.startswith(DEMO_COMMUNITIES[district]) or len(slot.area_code) <= len("210106003")
        is_vacant = slot == hole or (chance.random() < _VACANT.get(slot.role, 0) and not is_kept)
        if slot.role == "grid_head" and is_vacant:
            headless.add(slot.area_code)
        elif slot.role == "grid_worker" and slot.area_code in headless:
            is_vacant = False
        is_off_duty = absent.setdefault(slot.holder, chance.random() < _OFF_DUTY and not is_kept)
        start = _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))
        if not is_vacant and slot.holder not in people:
            phone = f"{_PHONE_BLOCK}{district[-1]}{len(people):07}"
            people[slot.holder] = DemoPerson(ids.next(), district, slot.name, phone)
        holder = None if is_vacant else people[slot.holder].id
        posts.append(_post(ids.next(), district, slot, holder, start, is_on_duty=not (is_vacant or is_off_duty)))
    return tuple(people.values()), tuple(posts)


def _hole(district: str, slots: Sequence[_Slot]) -> _Slot:
    """Choose the one hole in the demo community: the worker of its last grid."""
    community = DEMO_COMMUNITIES[district]
    workers = [slot for slot in slots if slot.role == "grid_worker" and slot.area_code.startswith(community)]
    return workers[-1]


def _post(id_: UUID, district: str, slot: _Slot, holder: UUID | None, start: date, *, is_on_duty: bool) -> DemoPost:
    return DemoPost(
        id_,
        district,
        holder,
        slot.role,
        slot.title,
        slot.organisation_code,
        slot.area_code,
        slot.handles,
        slot.building_codes,
        slot.compound_codes,
        start,
        is_on_duty,
    )


def _single(role: str, title: str, where: str, organisation: str, area: str) -> _Slot:
    return _Slot(f"{organisation}/{role}/{where}", f"{title}·{where}", role, title, organisation, area)


def _district_slots(district: str) -> Iterator[_Slot]:
    party = district_committee(district)
    command = department_code(district, COMMAND)
    yield _single("district_leader", "区主要领导", "甲", party, district)
    for field in ("城建", "民生", "平安", "组织"):
        yield _single("leader_in_charge", "分管领导", field, party, district)
    for number in range(1, 7):
        yield _single("district_dispatcher", "区调度员", f"{number:02}", command, district)
        yield _single("call_back_clerk", "回访员", f"{number:02}", command, district)
    for role, title in (("system_admin", "系统管理员"), ("security_admin", "安全管理员"), ("auditor", "审计员")):
        yield _single(role, title, "区级", command, district)
    for department in DEPARTMENTS:
        code = department_code(district, department.code)
        bare = department.name.removeprefix("区")
        yield _Slot(f"{code}/head", f"负责人·{bare}", "department_head", f"{bare}负责人", code, district)
        for number in range(1, 5):
            name, title = f"经办·{bare}{number:02}", f"{bare}值班员"
            yield _Slot(
                f"{code}/{number}", name, "department_handler", title, code, district, handles=department.handles
            )


def _review_slots(district: str) -> Iterator[_Slot]:
    """List the posts that only the monthly review needs."""
    party = district_committee(district)
    for number in (1, 2):
        yield _single("review_office", "述职评议办", f"{number:02}", party, district)
    for number in (1, 2):
        yield _single("discipline_inspector", "纪检监察员", f"{number:02}", party, district)
    for code, bare in leading_groups(district):
        yield _Slot(f"{code}/secretary", f"党组书记·{bare}", "department_head", "党组书记", code, district)
    for group, names in JURORS.items():
        for number in range(1, JURORS_A_GROUP[group] + 1):
            yield _single("review_juror", names, f"{number:02}", party, district)


def _street_slots(district: str) -> Iterator[_Slot]:
    streets = {unit.street_code: unit.street.removesuffix("街道") for unit in real_units(district)}
    for code, name in streets.items():
        yield _single("subdistrict_secretary", "街道书记", name, party_of(code), code)
        for number in range(1, 4):
            yield _single("subdistrict_dispatcher", "街道值班员", f"{name}{number:02}", office_of(code), code)


def _community_slots(district: str, places: Places) -> Iterator[_Slot]:
    grids: dict[str, list[str]] = defaultdict(list)
    for area in places.areas:
        if area.level == "grid" and area.district == district:
            grids[area.code[:12]].append(area.code)
    for unit in real_units(district):
        name = base_name(unit)
        yield _single("community_secretary", "社区书记", name, party_of(unit.code), unit.code)
        for title in _CLERKS:
            office = office_of(unit.code)
            holder = f"{office}/{title}"
            yield _Slot(holder, f"{title.removeprefix('社区')}·{name}", "community_clerk", title, office, unit.code)
        yield from _grid_slots(unit, name, grids[unit.code])


def _grid_slots(unit: Unit, name: str, grids: Sequence[str]) -> Iterator[_Slot]:
    office = office_of(unit.code)
    for index, grid in enumerate(grids):
        number = grid[-2:]
        head = index // _HEADED_GRIDS + 1
        yield _Slot(f"{unit.code}/head{head}", f"网格长·{name}{head}", "grid_head", "网格长", office, grid)
        yield _Slot(f"{grid}/worker", f"网格员·{name}{number}", "grid_worker", "网格员", office, grid)


def _building_slots(district: str, places: Places) -> Iterator[_Slot]:
    names = {unit.code: base_name(unit) for unit in real_units(district)}
    members: dict[str, list[DemoBuilding]] = defaultdict(list)
    for building in places.buildings:
        if building.district == district:
            members[building.subgrid_code].append(building)
    for subgrid, buildings in sorted(members.items()):
        community = subgrid[:12]
        for number, codes in enumerate(_shared([building.code for building in buildings]), start=1):
            name = f"楼栋长·{names[community]}{subgrid[12:]}-{number}"
            holder = f"{subgrid}/building_head{number}"
            yield _Slot(holder, name, "building_head", "楼栋长", office_of(community), subgrid, (), codes)


def _concern_slots(district: str) -> Iterator[_Slot]:
    """List the Party members who report what they find in the demo community, two a grid for the first three grids."""
    community = DEMO_COMMUNITIES[district]
    for number in range(1, 7):
        grid = f"{community}{(number + 1) // 2:02}"
        yield _single("concern_reporter", "党员民情员", f"{number:02}", party_of(community), grid)


def _shared(codes: Sequence[str]) -> list[tuple[str, ...]]:
    """Share a subgrid's three to six buildings out, two to four a head."""
    if len(codes) <= _BUILDINGS_A_HEAD:
        return [tuple(codes)]
    half = (len(codes) + 1) // 2
    return [tuple(codes[:half]), tuple(codes[half:])]


def _property_slots(district: str, organisations: Sequence[DemoOrganisation]) -> Iterator[_Slot]:
    for organisation in organisations:
        if organisation.district == district and organisation.kind == "property_company":
            bare = organisation.name.replace("演示物业", "物业").removesuffix("公司")
            yield _Slot(
                f"{organisation.code}/manager",
                f"物业经理·{bare}",
                "property_manager",
                "物业经理",
                organisation.code,
                organisation.area_code,
                compound_codes=organisation.compound_codes,
            )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which post a demo login is for: the first of this role, organisation and area."""

    username: str
    role: str
    organisation_code: str
    area_code: str
    note: str


def _wanted(district: str, organisations: Sequence[DemoOrganisation]) -> Iterator[_Wanted]:
    community = DEMO_COMMUNITIES[district]
    street, office, party = community[:9], office_of(community), party_of(community)
    grid, next_grid = f"{community}{DEMO_GRID}", f"{community}03"
    command = department_code(district, COMMAND)
    yield _Wanted("grid_worker", "grid_worker", office, grid, "网格员，02网格")
    yield _Wanted("grid_worker2", "grid_worker", office, next_grid, "网格员，03网格")
    yield _Wanted("grid_head", "grid_head", office, grid, "网格长，01、02网格")
    yield _Wanted("building_head", "building_head", office, f"{grid}01", "楼栋长，02网格01片")
    yield _Wanted("reporter", "concern_reporter", party, grid, "党员民情员，02网格，手机上报")
    yield _Wanted("clerk", "community_clerk", office, community, "社区值班员")
    yield _Wanted("secretary", "community_secretary", party, community, "社区书记")
    yield _Wanted("dispatcher", "subdistrict_dispatcher", office_of(street), street, "街道值班员")
    yield _Wanted("street_secretary", "subdistrict_secretary", party_of(street), street, "街道书记")
    for name, code in (("water", "water_repair"), ("heating", "heating_office"), ("sanitation", "sanitation_centre")):
        organisation = department_code(district, code)
        yield _Wanted(name, "department_handler", organisation, district, "部门经办，只办本部门的事项")
    urban = department_code(district, "urban_management")
    yield _Wanted("department_head", "department_head", urban, district, "区城管局负责人")
    yield _Wanted("district_dispatcher", "district_dispatcher", command, district, "区指挥中心调度员")
    yield _Wanted("call_back", "call_back_clerk", command, district, "回访员")
    top = district_committee(district)
    yield _Wanted("leader", "district_leader", top, district, "区主要领导，看驾驶舱")
    yield _Wanted("leader_in_charge", "leader_in_charge", top, district, "分管领导")
    yield _Wanted("reviews", "review_office", top, district, "述职评议办，办月述月评")
    yield _Wanted("discipline", "discipline_inspector", top, district, "纪检监察员，与另一人一起启封选票")
    yield _Wanted("admin", "system_admin", command, district, "系统管理员，不看居民内容")
    yield _Wanted("security", "security_admin", command, district, "安全管理员，管授权")
    yield _Wanted("auditor", "auditor", command, district, "审计员，只看审计记录")
    company = next(row for row in organisations if f"{community}C1" in row.compound_codes)
    yield _Wanted("property", "property_manager", company.code, company.area_code, "物业经理")


def _logins(
    district: str, posts: Sequence[DemoPost], organisations: Sequence[DemoOrganisation], *, seed: int
) -> tuple[DemoLogin, ...]:
    """Make logins whose areas overlap: one street, one community, one grid. Usernames as in "tiexi.grid_worker"."""
    ids = IdStream(seed=seed, of=f"logins/{district}")
    held: dict[tuple[str, str, str], DemoPost] = {}
    for post in posts:
        if post.person_id is not None:
            held.setdefault((post.role, post.organisation_code, post.area_code), post)
    logins: list[DemoLogin] = []
    for wanted in _wanted(district, organisations):
        found = held.get((wanted.role, wanted.organisation_code, wanted.area_code))
        if found is not None and found.person_id is not None:
            username = f"{USERNAMES[district]}.{wanted.username}"
            logins.append(
                DemoLogin(ids.next(), district, username, found.person_id, found.id, wanted.role, wanted.note)
            )
    return tuple(logins)
