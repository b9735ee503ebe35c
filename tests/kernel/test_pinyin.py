"""Names by how they sound."""

import pytest

from linli.kernel.pinyin import BETWEEN, is_sound, names_like


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("tiexi", "铁西区"), ("txq", "铁西区"), ("TXQ", "铁西区"), ("tiexq", "铁西区"), ("xq", "铁西区"),
        ("tiex", "铁西区"), ("tie xi", "铁西区"),
        ("shantf", "单田芳"), ("zeng", "曾国藩"), ("lvhua", "绿化队"), ("chongqing", "重庆路社区"),
        ("cjjd", "长江街道"), ("wgyxx", "网格员·新喜02"), ("fsc", "FS仓库"),
    ],
)  # fmt: skip
def test_name_sounds_as_typed(typed: str, name: str) -> None:
    assert names_like(typed, BETWEEN.join(("和平区", name))) == [name]


@pytest.mark.parametrize(
    ("typed", "name"), [("txx", "铁西区"), ("iexi", "铁西区"), ("tiexiqux", "铁西区"), ("tq", "铁西区"), ("xi", "")]
)
def test_name_does_not(typed: str, name: str) -> None:
    assert names_like(typed, name) == []


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [("tx", True), ("t", False), ("铁西", False), ("t x", True), ("t 1", False), ("tx1", False), ("a" * 41, False)],
)
def test_what_can_be_pinyin(typed: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_sound(typed) is is_one


@pytest.mark.parametrize(
    ("typed", "found"),
    [("wg", ["网格员·01", "网格员·02"]), ("01", ["网格员·01"]), ("网格", ["网格员·02", "网格员·01"])],
)
def test_names_alike_but_for_figures_are_found_all(typed: str, found: list[str]) -> None:
    assert names_like(typed, BETWEEN.join(("网格员·02", "楼栋长·03", "网格员·01"))) == found
