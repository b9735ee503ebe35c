"""What somebody says of a place, and the compounds and buildings that it can mean."""

import pytest

from linli.registry.territory.calc.written_places import NameMatch, building_number, match_names, squeeze

NAMES = ["工人新村一小区", "工人新村二小区", "一小区", "新喜花园", "村"]


@pytest.mark.parametrize(("said", "found"), [
    ("工人新村一小区12号楼3单元", [NameMatch(0, 0, "12"), NameMatch(2, 0, "12")]),
    ("新喜花园", [NameMatch(3, 0, "")]),
    ("新喜 ０８栋", [NameMatch(3, 1, "8")]),
    ("工人新村", [NameMatch(0, 1, ""), NameMatch(1, 1, "")]),
    ("花园 3", [NameMatch(3, 2, "3")]),
    ("新", []),
    ("12号楼", []),
    ("没有的地方", []),
    ("", []),
])  # fmt: skip
def test_words_name_compounds_surest_first(said: str, found: list[NameMatch]) -> None:
    assert match_names(said, NAMES) == found


@pytest.mark.parametrize(("name", "number"), [("12号楼", "12"), ("０3号", "3"), ("配电房", ""), ("", "")])
def test_number_of_a_building_is_what_its_name_begins_with(name: str, number: str) -> None:
    assert building_number(name) == number


def test_squeezing_leaves_letters_digits_and_characters() -> None:
    assert squeeze(" Ａ座，1-2 单元。") == "a座12单元"
