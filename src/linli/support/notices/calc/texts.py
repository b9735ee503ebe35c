"""Words of notices: defaults by kind, audience and language, placeholders and what may be put in them.

These are a district's data, as categories are: what stands here is where it begins. Outside goes a number, a time and
an address, never a name, a telephone number or what somebody wrote.
"""

import re
from collections.abc import Mapping

from linli.support.notices.errors import BadText

LANGUAGES = ("zh-hans", "en")
LONGEST = 500
DIGEST = "digest"
TEST = "notice.test"
DRAW = "review_draw.committed"
# Of each kind what it is called: Chinese, English.
NAMES: Mapping[str, tuple[str, str]] = {
    "case.opened": ("新事项", "New case"),
    "case.dispatched": ("派来的事项", "Case dispatched to you"),
    "case.returned": ("退回来的事项", "Case sent back"),
    "case.transferred": ("转来的事项", "Case handed on to you"),
    "case.reopened": ("重新打开的事项", "Case opened again"),
    "case.resumed": ("恢复办理的事项", "Case resumed"),
    "case.verified": ("回访有结果的事项", "Case verified"),
    "case.recategorised": ("改了类别的事项", "Category of a case corrected"),
    "case.joined": ("又有人反映的事项", "One more reporter of a case"),
    "case.merged": ("并到一起办的事项", "Case merged"),
    "case.unmerged": ("又分开办的事项", "Case worked on alone again"),
    "case.warned": ("快到时限的事项", "Case near its deadline"),
    "case.escalated": ("升级提醒的事项", "Case escalated"),
    "case.disputed": ("有异议的事项", "Case disputed"),
    "case.dispute_upheld": ("异议成立的事项", "Dispute upheld"),
    "case.dispute_refused": ("异议未成立的事项", "Dispute refused"),
    "case.whistled": ("吹哨请您报到的事项", "Whistled for"),
    "case.reported_in": ("已有部门报到的事项", "A department reported in"),
    "case.opinion_given": ("已有部门提出意见的事项", "Opinion given on a whistle"),
    "case.help_evaluated": ("协办已获评价的事项", "Help evaluated"),
    "case.lead_changed": ("牵头部门已变更的事项", "Lead changed"),
    "case.whistle_taken_back": ("已撤哨的事项", "Whistle taken back"),
    "case.supervised": ("被督办的事项", "Case under supervision"),
    "case.supervision_answered": ("督办已有答复的事项", "Supervision answered"),
    "case.supervision_called_off": ("督办已撤销的事项", "Supervision called off"),
    "case.supervision_closed": ("督办已办结的事项", "Supervision closed"),
    "case.card_given": ("亮牌的事项", "Card given"),
    "case.card_taken_back": ("亮牌已撤回的事项", "Card taken back"),
    "case.card_upheld": ("亮牌维持的事项", "Card upheld"),
    "case.time_asked": ("申请延期的事项", "More time asked for"),
    "case.time_granted": ("延期已批准的事项", "More time granted"),
    "case.time_refused": ("延期未批准的事项", "More time refused"),
    "case.time_lapsed": ("延期申请已过期的事项", "Request for time lapsed"),
    "case.hold_reminded": ("挂起到期待看的事项", "Case on hold to be looked at"),
    "case.handed_over": ("交接来的事项", "Case handed over with a post"),
    DRAW: ("抽签名单已冻结", "List of a draw frozen"),
    "webhook.disabled": ("已停用的系统推送", "Subscription switched off"),
    TEST: ("试发通知", "A notice to try the way"),
}
OTHER_NAME = ("事项动态", "News of a case")
# To reporters: their own number and an address, and whether they are asked for an answer.
TO_REPORTERS: Mapping[str, tuple[str, str]] = {
    "told.accepted": (
        "您反映的事项 {number} 已受理。看进度：{link}",
        "Your report {number} was taken on. Follow it: {link}",
    ),
    "told.reported_back": (
        "您反映的事项 {number} 已反馈处理结果，请说说办得怎么样：{link}",
        "Your report {number} was handled. Please say how it went: {link}",
    ),
    "told.closed": ("您反映的事项 {number} 已办结。看结果：{link}", "Your report {number} is closed. See: {link}"),
}
_TO_STAFF = ("{what} {number}，{due}。{link}", "{what} {number}, {due}. {link}")
_OF_DRAW = (
    "{what}，校验码（请留存）：{number}\n{link}",
    "{what}. Keep its check code: {number}\n{link}",
)
_DIGEST = ("您有 {count} 条新通知：\n{lines}\n{link}", "{count} new notices:\n{lines}\n{link}")
_KNOWN = frozenset({"what", "number", "due", "link", "count", "lines"})
# What somebody may be tempted to write; refused with its own words.
_PERSONAL = frozenset({"name", "phone", "address", "text", "title", "reporter", "place", "person", "note"})
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def kinds() -> tuple[str, ...]:
    """List the kinds that have words of their own: to staff, to reporters, and the digest."""
    return (*NAMES, *TO_REPORTERS, DIGEST)


def name_of(kind: str, language: str) -> str:
    """Name a kind in a few words, for subjects and lines of a digest."""
    return NAMES.get(kind, OTHER_NAME)[_column(language)]


def default_text(kind: str, language: str) -> str:
    """Give the words that a kind begins with."""
    pair = {DIGEST: _DIGEST, DRAW: _OF_DRAW}.get(kind) or TO_REPORTERS.get(kind, _TO_STAFF)
    return pair[_column(language)]


def placeholders_of(kind: str) -> tuple[str, ...]:
    """List what may stand in a kind's words."""
    if kind == DIGEST:
        return ("count", "lines", "link")
    return ("number", "link") if kind in TO_REPORTERS else ("what", "number", "due", "link")


def check_text(text: str, kind: str) -> str:
    """Give the words as they are kept. Raises BadText naming the placeholder, or InvalidInput for none or too many."""
    text = text.strip().replace("\r\n", "\n")
    if not text:
        raise BadText("notice_text_missing", field="text")
    if len(text) > LONGEST:
        raise BadText("notice_text_too_long", field="text", params={"most": LONGEST})
    for name in _PLACEHOLDER.findall(text):
        if name in _PERSONAL:
            raise BadText("placeholder_personal", field="text", params={"name": name[:40]})
        if name not in placeholders_of(kind):
            raise BadText("placeholder_unknown", field="text", params={"name": name[:40]})
    if "{" in _PLACEHOLDER.sub("", text) or "}" in _PLACEHOLDER.sub("", text):
        raise BadText("placeholder_unknown", field="text", params={"name": "{"})
    return text


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in; what is known and has none becomes nothing. Nothing that a value holds is filled in again."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], "") if found[1] in _KNOWN else found[0], text).strip()


def _column(language: str) -> int:
    return 1 if language == "en" else 0
