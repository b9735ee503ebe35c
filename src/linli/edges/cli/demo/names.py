"""Names for invented compounds, derived from the community they lie in."""

from linli.edges.cli.demo.catalogue import VILLAGE, Unit

_ENDINGS = ("村民委员会", "村委会", "居委会", "社区")
_IS_A_COMPOUND_ALREADY = ("小区", "花园", "公寓", "居易", "园", "苑", "里", "府", "家园", "新村")
_BY_KIND = {
    "graded": ("花园", "家园", "名苑", "新居", "雅园"),
    "non_graded": ("北里", "南里", "东院", "西院", "大院"),
    "open": ("街坊", "东街散楼", "西街散楼", "北街散楼", "南街散楼"),
}
_VILLAGE_PARTS = ("东组", "西组", "南组", "北组")


def base_name(unit: Unit) -> str:
    """Give the community's name without its kind: 新喜社区 → 新喜, 高花村委会 → 高花村, 前詹屯村民委员会 → 前詹屯."""
    bare = next((unit.name.removesuffix(ending) for ending in _ENDINGS if unit.name.endswith(ending)), unit.name)
    if unit.kind == VILLAGE and not bare.endswith(("村", "屯")):
        return f"{bare}村"
    return bare


def compound_name(unit: Unit, kind: str, index: int) -> str:
    """Name a community's compound; index counts from 0 within the community, the first bears the plain name."""
    base = base_name(unit)
    if unit.kind == VILLAGE:
        return f"{base}{_VILLAGE_PARTS[index % len(_VILLAGE_PARTS)]}"
    if index == 0:
        return base if base.endswith(_IS_A_COMPOUND_ALREADY) else f"{base}小区"
    endings = _BY_KIND[kind]
    return f"{base}{endings[(index + len(base) + int(unit.code[-1])) % len(endings)]}"
