"""The organisations of a district: committees, offices, departments, teams and property companies."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from linli.edges.cli.demo.catalogue import DISTRICTS, VILLAGE, Unit
from linli.edges.cli.demo.drawing import real_units
from linli.edges.cli.demo.ids import IdStream, chances
from linli.edges.cli.demo.names import base_name
from linli.edges.cli.demo.rows import DemoOrganisation, Places

COMMAND = "command"
_MANAGED = 0.7  # share of graded compounds with a property company
# Leading groups of a district that reports monthly; the ten real kinds above are among them.
LEADING_GROUPS = 62
_COMPANIES_A_STREET = ("一", "二")


@dataclass(frozen=True, slots=True)
class Department:
    """A kind of district-level organisation.

    name: after the district's name, 铁西 + 区城管局. handles: the story categories that are its business.
    """

    code: str
    name: str
    kind: str
    handles: tuple[str, ...]


DEPARTMENTS = (
    Department(COMMAND, "区指挥中心", "department", ("advice", "other")),
    Department("urban_management", "区城管局", "department", ("stall", "illegal_building", "green", "public_facility")),
    Department("housing", "区住建局", "department", ("property_service", "roof_leak")),
    Department("heating_office", "区供热办", "department", ("heating",)),
    Department("market", "区市场监管局", "department", ("elevator",)),
    Department("police", "区公安分局治安大队", "department", ("illegal_parking", "noise", "stray_animal")),
    Department("fire", "区消防救援大队", "department", ("fire_hazard",)),
    Department("civil_affairs", "区民政局", "department", ("elder_help",)),
    Department("health", "区卫健局", "department", ()),
    Department("ecology", "区生态环境分局", "department", ("pollution",)),
    Department("water_repair", "区供水抢修队", "team", ("water_burst",)),
    Department("drainage_team", "区排水养护队", "team", ("drainage",)),
    Department("road_team", "区市政养护队", "team", ("road",)),
    Department("lighting", "区路灯所", "team", ("streetlight",)),
    Department("sanitation_centre", "区环卫中心", "team", ("garbage", "sanitation", "snow_ice")),
    Department("gas", "区燃气公司", "unit", ("gas",)),
    Department("power", "区供电服务站", "unit", ("power",)),
)

REAL_GROUPS = tuple(department for department in DEPARTMENTS if department.kind == "department")


def suggested_department(category: str) -> str | None:
    """Say which department a category belongs to; None if the community can do it by itself."""
    return next((department.code for department in DEPARTMENTS if category in department.handles), None)


def district_committee(district: str) -> str:
    """Give the code of the district's Party committee."""
    return f"{district}-party"


def department_code(district: str, department: str) -> str:
    """Give the code of one of DEPARTMENTS in a district."""
    return f"{district}-{department}"


def group_of(department: str) -> str:
    """Give the code of a department's leading group."""
    return f"{department}-group"


def leading_groups(district: str) -> Iterator[tuple[str, str]]:
    """List the codes of a district's leading groups, each with a short name."""
    for department in REAL_GROUPS:
        yield group_of(department_code(district, department.code)), department.name.removeprefix("区")
    for number in range(1, LEADING_GROUPS - len(REAL_GROUPS) + 1):
        yield group_of(department_code(district, f"demo{number:02}")), f"演示单位{number:02}"


def party_of(area: str) -> str:
    """Give the code of the Party organisation of a subdistrict or community."""
    return f"{area}-party"


def office_of(area: str) -> str:
    """Give the code of a subdistrict's office or a community's committee."""
    return f"{area}-office"


def make_organisations(places: Places) -> tuple[DemoOrganisation, ...]:
    """Make all organisations, each after the one it belongs to."""
    return tuple(row for district in places.districts for row in _district(district, places))


@dataclass(frozen=True, slots=True)
class _Plan:
    """An organisation before it has an identifier."""

    code: str
    name: str
    short_name: str
    kind: str
    parent_code: str | None
    area_code: str
    handles: tuple[str, ...] = ()
    compound_codes: tuple[str, ...] = ()


def _district(district: str, places: Places) -> Iterator[DemoOrganisation]:
    ids = IdStream(seed=places.seed, of=f"organisations/{district}")
    units = real_units(district)
    streets = {unit.street_code: unit.street for unit in units}
    plans = [
        *_top(district),
        *(plan for code, name in streets.items() for plan in _street(code, name)),
        *(plan for unit in units for plan in _community(unit)),
        *_property_companies(district, streets, places),
    ]
    for plan in plans:
        yield DemoOrganisation(
            ids.next(),
            district,
            plan.code,
            plan.name,
            plan.short_name,
            plan.kind,
            plan.parent_code,
            plan.area_code,
            plan.handles,
            plan.compound_codes,
        )


def _top(district: str) -> Iterator[_Plan]:
    bare = DISTRICTS[district].removesuffix("区")
    top = district_committee(district)
    yield _Plan(top, f"中共{bare}区委", "区委", "party_committee", None, district)
    for department in DEPARTMENTS:
        code = department_code(district, department.code)
        full = f"{bare}{department.name}"
        above = top
        if department.kind == "department":
            above = group_of(code)
            yield _Plan(above, f"{full}党组", f"{department.name}党组", "leading_group", top, district)
        yield _Plan(code, full, department.name, department.kind, above, district, department.handles)
    for number in range(1, LEADING_GROUPS - len(REAL_GROUPS) + 1):
        name = f"区演示单位{number:02}党组"
        code = department_code(district, f"demo{number:02}")
        yield _Plan(group_of(code), f"{bare}{name}", name, "leading_group", top, district)


def _street(code: str, name: str) -> Iterator[_Plan]:
    top = district_committee(code[:6])
    yield _Plan(party_of(code), f"{name}党工委", f"{name}党工委", "working_committee", top, code)
    yield _Plan(office_of(code), f"{name}办事处", name, "subdistrict_office", party_of(code), code)


def _community(unit: Unit) -> Iterator[_Plan]:
    above = party_of(unit.street_code)
    place = f"{base_name(unit)}社区" if unit.kind != VILLAGE else base_name(unit)
    yield _Plan(party_of(unit.code), f"{place}党委", f"{place}党委", "party_committee", above, unit.code)
    kind, suffix = ("village_committee", "村委会") if unit.kind == VILLAGE else ("residents_committee", "居委会")
    name = f"{place.removesuffix('村') if suffix == '村委会' else place}{suffix}"
    yield _Plan(office_of(unit.code), name, place, kind, party_of(unit.code), unit.code)


def _property_companies(district: str, streets: dict[str, str], places: Places) -> Iterator[_Plan]:
    chance = chances(seed=places.seed, of=f"property/{district}")
    managed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for compound in places.compounds:
        is_first = compound.code.endswith("C1")
        if compound.district == district and compound.kind == "graded" and (is_first or chance.random() < _MANAGED):
            managed[compound.code[:9], chance.choice(_COMPANIES_A_STREET)].append(compound.code)
    for (street, number), compounds in sorted(managed.items()):
        name = f"{streets[street].removesuffix('街道')}演示物业{number}公司"
        code = f"{street}-property{_COMPANIES_A_STREET.index(number) + 1}"
        yield _Plan(code, name, name, "property_company", None, street, (), tuple(compounds))
