"""Numbers that tell of a person are found in what people write, and nothing else is."""

import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from linli.kernel.personal_words import HIDDEN, Kind, find_personal, hidden, is_bank_card, is_id_number, kinds_in

DEMO = Path(__file__).resolve().parents[2] / "src/linli/edges/cli/demo/data"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(area: str, born: date, serial: int) -> str:
    """Make an identity number of nobody: the check digit fits, the serial is anybody's."""
    body = f"{area}{born:%Y%m%d}{serial:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def card(body: str) -> str:
    """Make a card's number of nobody: the last digit fits."""
    return next(f"{body}{last}" for last in range(10) if is_bank_card(f"{body}{last}"))


NOBODY = id_number("210106", date(1990, 3, 7), 457)
CARD = card("622202123456789012")
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
IDS = st.builds(id_number, st.integers(110101, 659001).map(str), st.dates(date(1900, 1, 1), date(2026, 1, 1)),
                st.integers(0, 999))  # fmt: skip
PHONES = st.integers(13_000_000_000, 19_999_999_999).map(str)
PLATES = st.builds("{}{}{}{:05d}".format, st.sampled_from("京津沪辽粤"), st.sampled_from("ABCDEFGHJKMNPQRSTUVWXYZ"),
                   st.sampled_from(["", "·", " "]), st.integers(0, 99_999))  # fmt: skip
CARDS = st.integers(62 * 10**14, 63 * 10**14 - 1).map(lambda body: card(str(body)))
CHINESE = st.text("水电路灯楼道漏了请来看看，。", max_size=20)

# What people write, and what stands in it. Made up; the numbers are nobody's.
LABELLED = [
    ("王师傅的电话是13812345678，打不通", [Kind.PHONE]),
    ("打 138 1234 5678 或 024-55550199", [Kind.PHONE, Kind.LANDLINE]),
    ("我的号码１３８１２３４５６７８", [Kind.PHONE]),
    ("+86-13912345678 微信同号", [Kind.PHONE]),
    ("13812345678转13912345678", [Kind.PHONE, Kind.PHONE]),
    ("车牌辽A·12345一直堵着单元门", [Kind.PLATE]),
    ("辽ad12345 又停在消防通道", [Kind.PLATE]),
    ("白色面包车（辽A12B45）", [Kind.PLATE]),
    ("粤B12345D，电动的", [Kind.PLATE]),
    ("教练车京A1234学", [Kind.PLATE]),
    (f"身份证号{NOBODY}，办居住证", [Kind.ID_NUMBER]),
    (f"身份证{NOBODY[:6]} {NOBODY[6:14]} {NOBODY[14:]}", [Kind.ID_NUMBER]),
    (f"补贴打到{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}", [Kind.BANK_CARD]),
    ("（024）55550199 没人接", [Kind.LANDLINE]),
    ("12345热线没人接，110也打过", []),
    ("单号10626-000417，去年报过", []),
    ("工单20261128000123456789至今没办", []),
    ("身份证号210106199013074578是假的", []),  # a month 13
    (NOBODY[:17] + ("1" if NOBODY[17] != "1" else "2"), []),  # another check digit
    ("12号楼3单元501，2026年11月28日10点30分", []),
    ("2026-11-28 10:00:00 停水", []),
    ("表号 1381234567 读数 00512345", []),
    ("运单1381234567890123", []),
    ("新E栋1单元，云C8商铺", []),
    ("沪A8区12345号", []),
    ("面积123.45平，坐标123.432165,41.805432", []),
    ("6222021234567890124 这串数对不上", []),
    ("交了1000000元押金", []),
    ("热力费单20250101123456", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kinds"), LABELLED)
def test_numbers_are_found_and_nothing_else(text: str, kinds: list[Kind]) -> None:
    assert [each.kind for each in find_personal(text)] == kinds


def test_demo_words_hold_no_number_of_anybody() -> None:
    documents = [tomllib.loads((DEMO / name).read_text()) for name in ("stories.toml", "notes.toml")]
    texts = [text for document in documents for text in _texts(document)]

    assert len(texts) > 1300
    assert [text for text in texts if find_personal(text)] == []


@settings(suppress_health_check=[HealthCheck.too_slow])  # of a busy machine
@given(CHINESE, st.one_of(IDS, PHONES, PLATES, CARDS), CHINESE)
def test_number_among_words_is_hidden_and_the_words_stay(before: str, number: str, after: str) -> None:
    assert hidden(before + number + after) == before + HIDDEN + after


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(WORDS)
def test_what_is_found_lies_in_the_text_and_the_rest_is_untouched(text: str) -> None:
    found = find_personal(text)

    assert all(0 <= a.begin < a.end <= len(text) for a in found)
    assert all(a.end <= b.begin for a, b in pairwise(found))
    assert found or hidden(text) == text


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(CHINESE, IDS, PHONES, PLATES, CARDS, st.just(" "), st.just("·")), max_size=6).map("".join))
def test_what_is_hidden_leaves_nothing_to_find(text: str) -> None:
    assert find_personal(hidden(text)) == []


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(IDS, st.integers(0, 9))
def test_identity_number_with_another_check_digit_is_none(number: str, last: int) -> None:
    assume(str(last) != number[17])

    assert is_id_number(number)
    assert not is_id_number(number[:17] + str(last))


def test_kinds_that_may_stay_stay() -> None:
    text = f"办公室024-55550199，本人13812345678，{NOBODY}"

    assert hidden(text, but={Kind.LANDLINE}) == f"办公室024-55550199，本人{HIDDEN}，{HIDDEN}"
    assert kinds_in(text) == [Kind.ID_NUMBER, Kind.PHONE, Kind.LANDLINE]


def _texts(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for each in inner for text in _texts(each)]
