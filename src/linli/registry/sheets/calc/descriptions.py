"""What the sheet of each kind looks like, as data: template, reading, comparing and writing out all follow it.

The Chinese here belongs to the file, which is the same whatever language the screen speaks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from linli.registry.orgs.choices import OrganisationKind
from linli.registry.sheets.choices import CellKind, SheetKind
from linli.registry.territory.choices import CompoundKind, Crs

Value = str | int | float | bool | date | None
_NOISE = re.compile(r"[\s*＊:：]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column. key: the field it fills; header: its name; hint: what to write; most: characters, 0 for no limit.

    is_needed: a new row can't be without it; is_fixed: can't be changed later; aliases: other names it is known by.
    choices: our code and the sheet's word; default: of a cell left empty, and of a new row without such a column.
    is_day_of_import: left empty it stays what it is, and in a new row becomes the day of the import.
    """

    key: str
    header: str
    hint: str
    kind: CellKind = CellKind.TEXT
    is_needed: bool = False
    is_fixed: bool = False
    most: int = 0
    aliases: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    default: Value = ""
    is_day_of_import: bool = False
    width: int = 18


@dataclass(frozen=True, slots=True)
class SheetDescription:
    """A sheet. title: its name; identity: the keys of the columns by which a row is known again, never by a name."""

    kind: SheetKind
    title: str
    identity: tuple[str, ...]
    columns: tuple[Column, ...]

    def place(self, key: str) -> int:
        """Tell where a column stands."""
        return next(place for place, column in enumerate(self.columns) if column.key == key)


_CODE, _DAY = CellKind.CODE, CellKind.DAY
ORGANISATION_KINDS = (
    (OrganisationKind.PARTY_COMMITTEE, "党委"),
    (OrganisationKind.WORKING_COMMITTEE, "党工委"),
    (OrganisationKind.LEADING_GROUP, "党组"),
    (OrganisationKind.GENERAL_BRANCH, "党总支"),
    (OrganisationKind.PARTY_BRANCH, "党支部"),
    (OrganisationKind.PARTY_GROUP, "党小组"),
    (OrganisationKind.INDUSTRY_PARTY, "行业党组织"),
    (OrganisationKind.DEPARTMENT, "部门"),
    (OrganisationKind.SUBDISTRICT_OFFICE, "街道办事处"),
    (OrganisationKind.RESIDENTS_COMMITTEE, "居委会"),
    (OrganisationKind.VILLAGE_COMMITTEE, "村委会"),
    (OrganisationKind.OWNERS_COMMITTEE, "业委会"),
    (OrganisationKind.PROPERTY_COMPANY, "物业企业"),
    (OrganisationKind.NON_PUBLIC, "两新组织"),
    (OrganisationKind.ASSOCIATION, "社会组织"),
    (OrganisationKind.UNIT, "驻区单位"),
    (OrganisationKind.TEAM, "服务队"),
)
COMPOUND_KINDS = (
    (CompoundKind.GRADED, "等级物业"),
    (CompoundKind.NON_GRADED, "非等级物业"),
    (CompoundKind.OPEN, "开放小区"),
)

AREAS = SheetDescription(
    SheetKind.AREAS, "区域", ("code",),
    (
        Column("code", "区域编码", "必填，只写数字：街道 9 位，社区 12 位，网格 14 位，二级网格 16 位。整列设为文本。",
               _CODE, is_needed=True, width=20),
        Column("name", "区域名称", "必填，80 字以内。", is_needed=True, most=80, width=24),
        Column("level", "层级", "必填，从列表选。导入后不能改。", CellKind.CHOICE, is_needed=True, is_fixed=True,
               width=12),
        Column("parent_code", "上级编码", "上一级的区域编码；区一级留空。导入后不能改。", _CODE, is_fixed=True,
               aliases=("上级区域编码",), width=20),
        Column("kind", "类别", "社区或村，网格留空。", most=16, width=10),
        Column("is_pseudo", "仅统计用", "是：只在统计代码里有，没有人管。留空是否。", CellKind.YES_NO, default=False,
               width=10),
        Column("starts_on", "启用日期", "如 2026-01-01。新增时留空是导入当天。", _DAY, default=None,
               is_day_of_import=True, width=14),
        Column("ends_on", "停用日期", "最后一天；还在用就留空。不删除，只停用。", _DAY, default=None, width=14),
    ),
)  # fmt: skip
COMPOUNDS = SheetDescription(
    SheetKind.COMPOUNDS, "小区", ("code",),
    (
        Column("code", "小区编码", "必填，区内不重复，40 位以内。", _CODE, is_needed=True, most=40),
        Column("name", "小区名称", "必填，80 字以内。", is_needed=True, most=80, width=24),
        Column("kind", "小区类型", "必填，从列表选。", CellKind.CHOICE, is_needed=True,
               choices=COMPOUND_KINDS, width=12),
        Column("area_code", "所属区域编码", "必填，一般是社区的编码。", _CODE, is_needed=True,
               aliases=("社区编码",)),
        Column("parent_code", "上级小区编码", "大小区分了期的，写大小区的编码；没有就留空。", _CODE),
        Column("households", "户数", "整数；不知道就留空。", CellKind.COUNT, default=0, width=10),
    ),
)  # fmt: skip
BUILDINGS = SheetDescription(
    SheetKind.BUILDINGS, "楼栋", ("code",),
    (
        Column("code", "楼栋编码", "必填，17 位数字：社区编码加 5 位。整列设为文本。", _CODE, is_needed=True, width=22),
        Column("name", "楼栋名称", "必填，如 12号楼。", is_needed=True, most=80),
        Column("subgrid_code", "网格编码", "必填，楼在哪个网格或二级网格。", _CODE, is_needed=True, width=20),
        Column("compound_code", "小区编码", "必填，楼在哪个小区。", _CODE, is_needed=True),
        Column("lng", "经度", "必填，度，如 123.4315。", CellKind.DEGREES, is_needed=True, default=None, width=14),
        Column("lat", "纬度", "必填，度，如 41.8057。", CellKind.DEGREES, is_needed=True, default=None, width=14),
        Column("crs", "坐标系", "从列表选；留空是 GCJ-02。", CellKind.CHOICE,
               choices=tuple((crs.value, crs.value) for crs in Crs), default=Crs.GCJ_02.value, width=12),
        Column("households", "户数", "整数；不知道就留空。", CellKind.COUNT, default=0, width=10),
    ),
)  # fmt: skip
ORGANISATIONS = SheetDescription(
    SheetKind.ORGANISATIONS, "组织", ("code",),
    (
        Column("code", "组织编码", "必填，区内不重复，40 位以内；改名不改码。", _CODE, is_needed=True, most=40,
               width=22),
        Column("name", "组织名称", "必填，80 字以内。", is_needed=True, most=80, width=28),
        Column("kind", "组织类型", "必填，从列表选。", CellKind.CHOICE, is_needed=True,
               choices=ORGANISATION_KINDS, width=14),
        Column("area_code", "工作区域编码", "必填，管到哪个区域，含以下各级。", _CODE, is_needed=True, width=20),
        Column("parent_code", "上级组织编码", "没有就留空。", _CODE, width=22),
        Column("starts_on", "启用日期", "如 2026-01-01。新增时留空是导入当天。", _DAY, default=None,
               is_day_of_import=True, width=14),
        Column("ends_on", "停用日期", "最后一天；还在就留空。", _DAY, default=None, width=14),
    ),
)  # fmt: skip
PEOPLE = SheetDescription(
    SheetKind.PEOPLE, "人员", ("code",),
    (
        Column("code", "人员编码", "必填，工号之类，区内不重复，40 位以内。不要用身份证号。", _CODE, is_needed=True,
               most=40, aliases=("工号",)),
        Column("name", "姓名", "必填，40 字以内。", is_needed=True, most=40),
        Column("phone", "工作电话", "办公用的号码，加密保存；没有就留空。", CellKind.PHONE, most=20, aliases=("电话",)),
    ),
)  # fmt: skip
POSTS = SheetDescription(
    SheetKind.POSTS, "岗位", ("person_code", "role", "organisation_code", "area_code", "starts_on"),
    (
        Column("person_code", "人员编码", "必填，人员表里的编码。", _CODE, is_needed=True, aliases=("工号",)),
        Column("role", "角色", "必填，从列表选；权限由角色来。", CellKind.CHOICE, is_needed=True),
        Column("organisation_code", "组织编码", "必填，在哪个组织任职。", _CODE, is_needed=True, width=22),
        Column("area_code", "负责区域编码", "必填，管哪个区域。", _CODE, is_needed=True, aliases=("区域编码",),
               width=20),
        Column("starts_on", "任职日期", "必填，第一天，如 2026-01-01。", _DAY, is_needed=True, default=None, width=14),
        Column("ends_on", "离任日期", "最后一天；还在任就留空。", _DAY, default=None, width=14),
        Column("is_on_duty", "在岗", "否：暂不派新的事。留空是是。", CellKind.YES_NO, default=True, width=8),
        Column("further_codes", "另看区域编码", "角色的范围是“另选区域”时才填：还能看哪些区域，编码之间用空格隔开。",
               most=1000, width=24),
    ),
)  # fmt: skip

DESCRIPTIONS: Mapping[SheetKind, SheetDescription] = {
    each.kind: each for each in (AREAS, COMPOUNDS, BUILDINGS, ORGANISATIONS, PEOPLE, POSTS)
}
# The column that a file with faults has before the others; not read when it comes back.
REMARK = "需要修改"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that are data of the installation: levels of the tree and roles, as (our code, word of the sheet)."""

    levels: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]


def describe(kind: SheetKind, words: Vocabulary) -> SheetDescription:
    """Give the description of a kind with the installation's own words in it."""
    described = DESCRIPTIONS[kind]
    own = {(SheetKind.AREAS, "level"): words.levels, (SheetKind.POSTS, "role"): words.roles}
    columns = tuple(
        replace(column, choices=unambiguous(own[kind, column.key])) if (kind, column.key) in own else column
        for column in described.columns
    )
    return replace(described, columns=columns)


def unambiguous(choices: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Say a choice whose word another one has as well by its code."""
    words = [word for _code, word in choices]
    return tuple((code, word if words.count(word) == 1 else code) for code, word in choices)


def match_columns(described: SheetDescription, names: Sequence[str]) -> dict[str, int]:
    """Find the column of each key by its name; a key that has none is left out, a column serves one key."""
    plain = [_NOISE.sub("", name) for name in names]
    found: dict[str, int] = {}
    for column in described.columns:
        place = next((plain.index(name) for name in (column.header, *column.aliases) if name in plain), None)
        if place is not None and place not in found.values():
            found[column.key] = place
    return found


def is_head(cells: Sequence[str]) -> bool:
    """Tell the row that names the columns: it names those by which the rows of some kind are known."""
    return kind_of("", cells) is not None


def kind_of(title: str, names: Sequence[str]) -> SheetKind | None:
    """Tell what a sheet lists: by its title, or else by its columns, of which those that identify a row must be there.

    Where the columns fit several kinds it is the one that knows most of them. None for a sheet that is none of ours.
    """
    named = next((kind for kind, each in DESCRIPTIONS.items() if each.title == _NOISE.sub("", title)), None)
    if named is not None:
        return named
    matched = {kind: match_columns(each, names) for kind, each in DESCRIPTIONS.items()}
    fitting = {kind: len(found) for kind, found in matched.items() if set(DESCRIPTIONS[kind].identity) <= found.keys()}
    return max(fitting, key=lambda kind: fitting[kind], default=None)
