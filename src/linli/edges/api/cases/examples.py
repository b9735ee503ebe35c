"""Examples for the API's description: one case on its way, people and places made up."""

from collections.abc import Mapping
from typing import Any

from linli.edges.api.openapi import answers, problems

_ID = "0192f0c1-0000-7000-8000-000000000001"
_AREA = {
    "code": "21010600300602", "name": "劳模社区02网格", "level": "grid",
    "path": [
        {"code": "210106", "name": "铁西区", "level": "district"},
        {"code": "210106003", "name": "工人村街道", "level": "subdistrict"},
        {"code": "210106003006", "name": "劳模社区", "level": "community"},
        {"code": "21010600300602", "name": "劳模社区02网格", "level": "grid"},
    ],
}  # fmt: skip
_RESPONSIBLE = {
    "organisation": "劳模社区居民委员会", "post": "网格员",
    "organisation_id": "0192f0c1-0000-7000-8000-000000000002", "post_id": "0192f0c1-0000-7000-8000-000000000003",
}  # fmt: skip
_PARTS = [
    {"name": "安全风险", "points": 10, "reason": "这类事情有危险，3 级中的第 1 级", "name_code": "danger",
     "reason_code": "danger_of_category"},
]  # fmt: skip
_DEADLINES = {"response": "2026-11-23T02:00:00Z", "solution": "2026-11-27T09:00:00Z"}
_WHY = [
    {"about": "where", "about_text": "为什么归这里", "code": "place_inside", "text": "地图上的点在劳模社区02网格内",
     "rule": None, "version": 1},
    {"about": "who", "about_text": "为什么由他们办", "code": "first_on_duty", "text": "02网格的网格员负责并在岗",
     "rule": "D01", "version": 1},
]  # fmt: skip
OPENED: Mapping[str, Any] = {
    "id": _ID, "number": "10626-000417", "access_code": "402913", "status": "reported", "status_text": "已上报",
    "category": "streetlight", "category_text": "路灯不亮", "area": _AREA, "place": "劳模社区 3号楼",
    "responsible": _RESPONSIBLE, "priority": {"score": 10, "level": 4, "is_overridden": False, "parts": _PARTS},
    "deadlines": _DEADLINES, "why": _WHY, "reported_at": "2026-11-22T04:00:00Z",
}  # fmt: skip
_STEP: Mapping[str, Any] = {
    "id": "0192f0c1-0000-7000-8000-000000000004", "at": "2026-11-22T04:30:00Z", "action": "accept",
    "action_text": "受理了", "from_status": "reported", "to_status": "accepted", "by_kind": "staff",
    "by_name": "网格员·劳模02", "reason": None, "reason_text": None, "note": "马上去看", "data": {},
}  # fmt: skip
CASE: Mapping[str, Any] = {
    **{name: OPENED[name] for name in ("id", "number", "category", "category_text", "area", "place", "responsible",
                                       "priority", "deadlines", "why", "reported_at")},
    "title": "3号楼2单元楼道灯不亮", "text": "3号楼2单元楼道灯不亮", "address": "", "source": "api",
    "status": "accepted", "status_text": "已受理", "light": "ok", "light_text": "按时",
    "location": {"lng": 123.3601, "lat": 41.7953, "crs": "GCJ-02"}, "due_at": "2026-11-27T09:00:00Z",
    "closed_at": None, "reporters": 1, "version": 2, "is_category_suggested": True, "place_reason": "inside",
    "boundary_version": 1, "responded_at": "2026-11-22T04:30:00Z", "solved_at": None, "verified_at": None,
    "review_on": None, "times_reopened": 0, "steps": [_STEP], "clocks": [], "files": [], "contacts": [],
    "next_steps": [{"action": "handle", "action_text": "开始办理", "is_allowed": True, "why_not": None,
                    "reasons": []}],
    "may_unmask": True, "leading": None, "merged": [], "merged_elsewhere": 0,
    "answerable": None, "times_returned": 0, "returns_left": 2, "disputes": [], "calls": [],
}  # fmt: skip
FOLLOWED: Mapping[str, Any] = {
    **{name: CASE[name] for name in ("id", "number", "title", "text", "status", "status_text", "light", "light_text",
                                     "area", "place", "deadlines", "reported_at", "closed_at")},
    "responsible": {**_RESPONSIBLE, "organisation_id": None, "post_id": None}, "photos": 0, "can_verify": False,
    "steps": [{"action": "accept", "action_text": "受理了", "at": "2026-11-22T04:30:00Z", "status": "accepted",
               "note": None}],
}  # fmt: skip
CONTACTS: Mapping[str, Any] = {"items": [{"name": "演示居民", "phone": "00000000000"}], "address": ""}
OVERSIGHT: Mapping[str, Any] = {
    **{name: CASE[name] for name in ("number", "title", "status", "status_text")}, "case_id": _ID, "version": 3,
    "solution_due_at": "2026-11-27T09:00:00Z", "review_on": None, "may_ask_time": True,
    "may_supervise": False, "answers_for": [], "supervisions": [], "cards": [],
    "time_requests": [{
        "id": "0192f0c1-0000-7000-8000-000000000006", "case_id": _ID, "number": "10626-000417",
        "title": "3号楼2单元楼道灯不亮", "status": "asked", "status_text": "等待决定", "reason": "waits_for_parts",
        "reason_text": "等材料配件", "kind": "extension", "days": 3, "until": None, "asked_at": "2026-11-23T02:00:00Z",
        "decide_by": "2026-11-24T02:00:00Z", "decided_at": None,
    }],
}  # fmt: skip
_STATUSES = {
    "accept": ("accepted", "已受理"), "reject": ("rejected", "不予受理"), "dispatch": ("dispatched", "已派单"),
    "handle": ("handling", "办理中"), "report-back": ("reported_back", "已反馈"), "verify": ("verified", "已回访"),
    "close": ("closed", "已办结"), "return": ("reported", "已上报"), "reopen": ("dispatched", "已派单"),
    "transfer": ("accepted", "已受理"), "suspend": ("suspended", "挂起"), "resume": ("accepted", "已受理"),
    "override": ("accepted", "已受理"), "note": ("accepted", "已受理"), "uphold": ("dispatched", "已派单"),
    "merge": ("merged", "已并单"), "unmerge": ("accepted", "已受理"),
}  # fmt: skip


def step_responses(action: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a step: an example of what is sent, the case as it is then, and every problem that can come."""
    status, status_text = _STATUSES.get(action, ("accepted", "已受理"))
    shown = {**CASE, "status": status, "status_text": status_text, "version": 3}
    return {
        "requestBody": {"content": {"application/json": {"example": dict(body)}}},
        "responses": {**answers({200: shown}), **problems(401, 403, 404, 409, 412, 422, 428)},
    }
