"""What the columns of a sheet of cases are called, and how a moment is written in one."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, tzinfo

# Field -> names of columns, the first one as our own template writes it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "text": ("反映内容", "内容", "问题描述", "主要内容", "诉求内容", "事项内容", "描述", "text"),
    "category": ("类别", "事项类别", "分类", "问题类型", "category"),
    "area": ("社区或网格", "区域", "所属社区", "被反映社区", "社区", "网格", "所属网格", "area"),
    "address": ("地点", "地址", "发生地址", "位置", "详细地址", "address"),
    "name": ("联系人", "姓名", "反映人", "来电人", "name"),
    "phone": ("电话", "联系电话", "手机", "来电号码", "phone"),
    "street": ("街道", "被反映街乡镇", "街乡镇", "所属街道"),
    "order_number": ("工单编号", "工单号", "12345工单编号", "热线编号"),
    "order_title": ("标题", "工单标题"),
    "order_kind": ("工单类型", "类型", "诉求类型"),
    "order_nature": ("性质", "办理性质"),
    "order_origin": ("来源", "工单来源"),
    "order_class": ("三级分类", "工单分类", "二级分类"),
    "order_due_at": ("截止时间", "办结期限", "办理截止时间"),
    "reported_at": ("反映时间", "时间", "来电时间", "受理时间", "日期", "reported_at"),
}
_NOISE = re.compile(r"[\s*＊:：()（）\[\]【】]+")
_DAY = r"(?:(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?)"
_CLOCK = r"(?:(?P<hour>\d{1,2})[:：时点](?P<minute>\d{1,2})?(?:[:：分]\d{0,2})?)"
_MOMENT = re.compile(rf"{_DAY}?[\sT]*{_CLOCK}?")


def match_columns(names: Sequence[str]) -> dict[str, int]:
    """Find the column of each field by its name; a field that is not there is left out, a column serves one field."""
    plain = [_NOISE.sub("", name).lower() for name in names]
    found: dict[str, int] = {}
    for field, known in COLUMNS.items():
        place = next((plain.index(name) for name in known if name in plain), None)
        if place is not None and place not in found.values():
            found[field] = place
    return found


def read_moment(text: str, *, today: date, zone: tzinfo) -> datetime | None:
    """Read a moment as told by clocks there: 2026-11-23 08:30, 11月23日 8点, 8:30 (today's), 2026/11/23 (midnight).

    None for what is none.
    """
    found = _MOMENT.fullmatch(text.strip())
    if not text.strip() or found is None:
        return None
    try:
        day = _day(found, today)
        return datetime.combine(day, time(int(found["hour"] or 0), int(found["minute"] or 0)), zone)
    except ValueError:
        return None


def _day(found: re.Match[str], today: date) -> date:
    if found["month"] is None:
        return today
    return date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
