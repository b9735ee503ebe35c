"""Area codes and paths.

A path is the codes from the district down, joined by "/": "210106/210106003/210106003007/21010600300701". A level may
be left out (a grid right under a subdistrict), so a level is known by its data and not by counting slashes.
Source: GB/T 2260 (district, 6 digits); statistical codes (subdistrict 9, community 12); our own below that, which
export to the 20 digits of CJ/T 349 without a second key (grid 14, subgrid 16, building community + 5 = 17).
"""

from dataclasses import dataclass

from linli.kernel.errors import InvalidInput

SEPARATOR = "/"
DISTRICT_DIGITS = 6
COMMUNITY_DIGITS = 12
BUILDING_DIGITS = 17
# A point that lies in no area of this depth or deeper is owned by nobody.
COMMUNITY_DEPTH = 3


@dataclass(frozen=True, slots=True)
class LevelRule:
    """A level of the tree: its place from the top, the length of its codes, and its names."""

    code: str
    depth: int
    code_digits: int
    name_zh: str
    name_en: str


DEFAULT_LEVELS = (
    LevelRule("district", 1, DISTRICT_DIGITS, "区", "district"),
    LevelRule("subdistrict", 2, 9, "街道", "subdistrict"),
    LevelRule("community", COMMUNITY_DEPTH, COMMUNITY_DIGITS, "社区", "community"),
    LevelRule("grid", 4, 14, "网格", "grid"),
    LevelRule("subgrid", 5, 16, "二级网格", "subgrid"),
    LevelRule("building", 6, BUILDING_DIGITS, "楼栋", "building"),
)


def check_code(code: str, *, digits: int, parent_code: str) -> None:
    """Raise InvalidInput unless the code has its level's length and begins with its parent's code.

    parent_code: "" for a district. Codes raised: code_not_digits, code_wrong_length, code_not_under_parent.
    """
    if not (code.isascii() and code.isdigit()):
        raise InvalidInput("code_not_digits", field="code", params={"code": code})
    if len(code) != digits:
        raise InvalidInput("code_wrong_length", field="code", params={"code": code, "digits": digits})
    if not code.startswith(parent_code):
        raise InvalidInput("code_not_under_parent", field="code", params={"code": code, "parent": parent_code})


def check_building_code(code: str, *, subgrid_code: str) -> None:
    """Raise InvalidInput unless it is 17 digits that begin with the subgrid's community.

    A building's code hangs from its community, not from its subgrid: grids are cut anew each year, houses stay.
    """
    check_code(code, digits=BUILDING_DIGITS, parent_code=subgrid_code[:COMMUNITY_DIGITS])


def join(parent_path: str, code: str) -> str:
    """Make the path of an area under its parent's path ("" for a district)."""
    return f"{parent_path}{SEPARATOR}{code}" if parent_path else code


def codes(path: str) -> tuple[str, ...]:
    """Tell the codes from the district down to the area itself."""
    return tuple(path.split(SEPARATOR)) if path else ()


def district_of(path: str) -> str:
    """Tell the district's code."""
    return path[:DISTRICT_DIGITS]


def ancestors(path: str) -> tuple[str, ...]:
    """Tell the paths above this one, the district first; the area itself is not among them."""
    chain = codes(path)
    return tuple(SEPARATOR.join(chain[:length]) for length in range(1, len(chain)))


def parent(path: str) -> str:
    """Tell the path right above; "" above a district."""
    return path.rpartition(SEPARATOR)[0]


def is_inside(path: str, ancestor: str) -> bool:
    """Tell whether the path is the ancestor itself or lies under it. Everything is inside ""."""
    return not ancestor or path == ancestor or path.startswith(ancestor + SEPARATOR)


def lowest(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Keep the paths that have none of the others under them, in the order given."""
    return tuple(path for path in paths if not any(other.startswith(path + SEPARATOR) for other in paths))


def common_ancestor(paths: tuple[str, ...]) -> str:
    """Tell the lowest path that all of them are inside of; "" if they lie in different districts."""
    shared: list[str] = []
    for row in zip(*(codes(path) for path in paths), strict=False):
        if len(set(row)) > 1:
            break
        shared.append(row[0])
    return SEPARATOR.join(shared)
