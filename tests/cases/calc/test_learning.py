import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.cases.calc.learning import FEATURES, Measured, learn, measure, pack, percent, pieces, unpack

WATER = ["楼道水管漏水", "水管爆了一直流", "自来水停了", "厨房下水堵了反水"]
LIGHT = ["路灯不亮", "楼道灯坏了", "晚上路灯一直闪", "院里的灯不亮了"]
TEXTS = [
    (text, code) for pair in zip(WATER, LIGHT, strict=True) for text, code in zip(pair, ("water", "light"), strict=True)
]


def test_model_tells_what_it_learned_and_texts_that_are_alike() -> None:
    model = learn(TEXTS)

    assert [model.rank(text)[0] for text, _ in TEXTS] == [code for _, code in TEXTS]
    assert (model.rank("门口水管漏了"), model.rank("门前路灯坏了")) == (["water", "light"], ["light", "water"])
    assert model.rank(" \n") == []


def test_packed_model_ranks_as_before() -> None:
    model = learn(TEXTS)
    again = unpack(model.categories, pack(model))

    assert [again.rank(text) for text, _ in TEXTS] == [model.rank(text) for text, _ in TEXTS]
    with pytest.raises(ValueError, match="reshape"):
        unpack(("a", "b", "c"), pack(model))


def test_it_is_measured_on_the_latest_texts_that_it_has_not_seen() -> None:
    texts = [*TEXTS, ("水管又漏水", "water"), ("路灯不亮两天", "light")]
    measured = measure(texts)

    assert (measured.learned, measured.total, measured.first, measured.three, measured.baseline) == (8, 2, 2, 2, 1)
    assert measure([]) == Measured(0, 0, 0, 0, 0, ())


def test_what_says_nothing_is_measured_as_no_better_than_guessing() -> None:
    chance = np.random.default_rng(7)
    texts = [
        ("".join(chr(0x4E00 + n) for n in chance.integers(0, 2000, 12)), "ab"[int(n)])
        for n in chance.integers(0, 2, 400)
    ]
    measured = measure(texts)

    assert 25 < percent(measured.first, measured.total) < 75


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_pieces_lie_within_bounds_and_never_vary(text: str) -> None:
    found = pieces(text)

    assert found.tolist() == sorted(set(found.tolist())) == pieces(text).tolist()
    assert all(0 <= piece < FEATURES for piece in found)
