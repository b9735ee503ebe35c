import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.calc.words import (
    TITLE_LENGTH,
    case_number,
    follow_code,
    is_case_number,
    is_sampled,
    search_query,
    search_tokens,
    search_vector,
    title_of,
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("水管爆了。快来人", "水管爆了"),
        ("  ，水管爆了！！", "水管爆了"),
        ("水管\n爆了", "水管"),
        ("路 灯  不亮", "路 灯 不亮"),
        ("一" * 28, "一" * 28),
        ("一" * 29, "一" * 27 + "…"),
        ("一" * 26 + "，" + "二" * 9, "一" * 26 + "…"),
    ],
)
def test_title_is_the_first_clause(text: str, title: str) -> None:
    assert title_of(text) == title


@given(st.text(max_size=200))
def test_title_is_short_and_of_one_line(text: str) -> None:
    title = title_of(text)

    assert len(title) <= TITLE_LENGTH
    assert "\n" not in title


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("水管爆裂", ["水管", "管爆", "爆裂", "裂"]),
        ("3号楼WiFi坏", ["3", "号楼", "楼", "wifi", "坏"]),
        ("水，管", ["水", "管"]),
        ("水䷀管", ["水", "管"]),
        ("", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert search_tokens(text) == tokens


@given(st.text(max_size=300))
def test_search_literals_hold_nothing_that_could_break_out(text: str) -> None:
    for literal in (search_vector(text), search_query(text)):
        inside = literal.split("'")[1::2]
        assert all(token.isalnum() for token in inside)
        assert literal.count("'") == 2 * len(inside)


def test_search_query_of_quotes_alone_is_empty() -> None:
    assert search_query("'); DROP TABLE --"[:3]) == ""


def test_search_query_spells_runs_as_phrases() -> None:
    assert search_query("水管爆裂 A座 裂") == "('水管' <-> '管爆' <-> '爆裂') & 'a':* & '座':* & '裂':*"


def test_case_number_can_be_said_on_the_phone() -> None:
    assert case_number(district_id="210106", year=2026, serial=417) == "10626-000417"
    assert case_number(district_id="210106", year=2026, serial=1_234_567) == "10626-1234567"


@given(st.binary(min_size=8, max_size=32))
def test_follow_code_has_six_digits(digest: bytes) -> None:
    code = follow_code(digest)

    assert len(code) == 6
    assert code.isdigit()
    assert follow_code(digest) == code


def test_sample_is_drawn_by_the_id_and_near_its_share() -> None:
    drawn = [is_sampled(f"case-{n}", 10) for n in range(5000)]

    assert drawn == [is_sampled(f"case-{n}", 10) for n in range(5000)]
    assert 400 < sum(drawn) < 600
    assert (sum(is_sampled(f"{n}", 0) for n in range(99)), sum(is_sampled(f"{n}", 100) for n in range(99))) == (0, 99)


@pytest.mark.parametrize("words", ["10626-000417", "10626-1000417"])
def test_number_is_told_from_words(words: str) -> None:
    assert is_case_number(words)


@pytest.mark.parametrize("words", ["10626-417", "10626", "路灯", "", "10626-000417路灯", "１０６２６-000417"])
def test_words_are_told_from_a_number(words: str) -> None:
    assert not is_case_number(words)
