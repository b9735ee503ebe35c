import pytest

from linli.kernel.phones import is_phone, plain_phone


@pytest.mark.parametrize(("written", "digits"), [
    ("13812345678", "13812345678"), ("138 1234-5678", "13812345678"), ("+86 13812345678", "13812345678"),
    ("008613812345678", "13812345678"), ("86-138-1234-5678", "13812345678"), ("１３８１２３４５６７８", "13812345678"),
    ("（024）5555 0199", "02455550199"), ("+86 024-55550199", "02455550199"), ("8612345", "8612345"), ("没有", ""),
])  # fmt: skip
def test_number_is_the_same_however_it_is_written(written: str, digits: str) -> None:
    assert plain_phone(written) == digits


@pytest.mark.parametrize(("typed", "is_one"), [
    ("13812345678", True), ("024-5555 0199", True), ("5555019", True), ("12号楼", False), ("123456", False),
    ("1" * 14, False), ("电话13812345678", False), ("", False),
])  # fmt: skip
def test_number_is_told_from_words(typed: str, is_one: bool) -> None:  # noqa: FBT001 - the answer
    assert is_phone(typed) is is_one
