"""Codes and paths."""

import pytest

from linli.kernel.errors import InvalidInput
from linli.registry.territory.calc import paths

SUBGRID = "210106/210106003/210106003007/21010600300701/2101060030070102"


def test_ancestors_of_a_subgrid_begin_with_the_district() -> None:
    assert paths.ancestors(SUBGRID) == (
        "210106",
        "210106/210106003",
        "210106/210106003/210106003007",
        "210106/210106003/210106003007/21010600300701",
    )


@pytest.mark.parametrize(
    ("path", "ancestor", "expected"),
    [
        ("210106/210106003", "210106", True),
        ("210106", "210106", True),
        ("210106", "", True),
        ("210106", "210106/210106003", False),
        ("210106/2101060031", "210106/210106003", False),
        ("210105/210105001", "210106", False),
    ],
)
def test_is_inside_counts_whole_codes_only(path: str, ancestor: str, expected: bool) -> None:  # noqa: FBT001
    assert paths.is_inside(path, ancestor) is expected


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        (("1/12/121", "1/12/122"), "1/12"),
        (("1/12/121", "1/13"), "1"),
        (("1/12", "2/21"), ""),
        (("1/12",), "1/12"),
        ((), ""),
    ],
)
def test_common_ancestor_of_paths(claimed: tuple[str, ...], expected: str) -> None:
    assert paths.common_ancestor(claimed) == expected


def test_lowest_drops_what_has_another_below() -> None:
    assert paths.lowest(("1", "1/12", "1/12/121", "1/13", "1/121")) == ("1/12/121", "1/13", "1/121")


def test_join_and_take_apart() -> None:
    path = paths.join(paths.join("", "210106"), "210106003")

    assert (path, paths.parent(path), paths.codes(path), paths.district_of(path), paths.codes("")) == (
        "210106/210106003",
        "210106",
        ("210106", "210106003"),
        "210106",
        (),
    )


@pytest.mark.parametrize(
    ("code", "digits", "parent_code", "error"),
    [
        ("21010600", 9, "210106", "code_wrong_length"),
        ("21010600A", 9, "210106", "code_not_digits"),
        ("２１０１０６００３", 9, "210106", "code_not_digits"),
        ("", 6, "", "code_not_digits"),
        ("210105003", 9, "210106", "code_not_under_parent"),
    ],
)
def test_check_code_says_what_is_wrong(code: str, digits: int, parent_code: str, error: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        paths.check_code(code, digits=digits, parent_code=parent_code)

    assert (refusal.value.code, refusal.value.field) == (error, "code")


def test_building_code_hangs_from_the_community_and_not_the_subgrid() -> None:
    paths.check_building_code("21010600300700012", subgrid_code="2101060030070102")
    with pytest.raises(InvalidInput) as refusal:
        paths.check_building_code("21010600300800012", subgrid_code="2101060030070102")

    assert refusal.value.code == "code_not_under_parent"


def test_default_levels_have_the_glossarys_digits() -> None:
    assert {level.code: level.code_digits for level in paths.DEFAULT_LEVELS} == {
        "district": 6,
        "subdistrict": 9,
        "community": 12,
        "grid": 14,
        "subgrid": 16,
        "building": 17,
    }
