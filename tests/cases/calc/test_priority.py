import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.calc.default_priority import DEFAULT_PRIORITY as SCHEME
from linli.cases.calc.priority import IMPORTANCE, URGENCY, Part, Priority, Weighed, weigh

WORDS = sorted({word for words in SCHEME.words.values() for word in words})
cases = st.builds(
    Weighed, text=st.lists(st.sampled_from(WORDS), max_size=8).map("，".join), danger=st.integers(0, 3),
    is_pressing=st.booleans(), spread=st.integers(0, 3), households=st.integers(0, 500), repeats=st.integers(0, 60),
)  # fmt: skip


@given(cases)
def test_parts_add_up_to_the_score(case: Weighed) -> None:
    found = weigh(case, SCHEME)

    assert sum(part.points for part in found.parts) == found.score == found.urgency + found.importance
    assert sum(part.points for part in found.parts if part.name in URGENCY) == found.urgency
    assert 0 <= found.score <= 100


@given(cases)
def test_no_part_passes_its_cap_and_none_without_points_is_shown(case: Weighed) -> None:
    found = weigh(case, SCHEME)

    assert all(0 < part.points <= SCHEME.caps[part.name] for part in found.parts)
    assert {part.name for part in found.parts} <= {*URGENCY, *IMPORTANCE}


@given(cases)
def test_same_case_weighs_the_same(case: Weighed) -> None:
    assert weigh(case, SCHEME) == weigh(case, SCHEME)


@given(cases, st.integers(0, 20))
def test_more_reporters_never_weigh_less(case: Weighed, more: int) -> None:
    heavier = Weighed(case.text, case.danger, case.is_pressing, case.spread, case.households, case.repeats + more)

    assert weigh(heavier, SCHEME).score >= weigh(case, SCHEME).score


@pytest.mark.parametrize(
    ("urgency", "importance", "level"),
    [((3, True), (3, 3), 1), ((3, False), (0, 0), 2), ((0, False), (3, 3), 3), ((0, False), (0, 0), 4)],
)
def test_level_comes_from_urgency_and_importance(
    urgency: tuple[int, bool], importance: tuple[int, int], level: int
) -> None:
    case = Weighed("", urgency[0], urgency[1], importance[0], 0, importance[1])

    assert weigh(case, SCHEME).level == level


def test_burst_pipe_with_an_old_person_shows_each_point() -> None:
    case = Weighed("独居老人家水管爆裂，水还在往外冒", danger=2, is_pressing=True, spread=2, households=50, repeats=1)

    assert weigh(case, SCHEME) == Priority(
        score=69, urgency=50, importance=19, level=1,
        parts=(
            Part("danger", 20, "danger_of_category", "2"), Part("vulnerable", 15, "vulnerable_word", "独居"),
            Part("time_pressure", 15, "pressing_word", "还在"), Part("spread", 15, "spread_of_category", ""),
            Part("repeats", 4, "repeats", "1"),
        ),
    )  # fmt: skip


def test_nothing_known_weighs_nothing() -> None:
    assert weigh(Weighed("", 0, False, 0, 0, 0), SCHEME) == Priority(0, 0, 0, 4, ())
