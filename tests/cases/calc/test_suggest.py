import pytest

from linli.cases.calc.categories import Category, offered, suggest
from linli.cases.calc.default_categories import DEFAULT_CATEGORIES


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("单元门口水管爆裂，水一直往外冒", "water_burst"),
        ("家里暖气一点都不热，室温只有十四度", "heating"),
        ("楼下路灯不亮，黑灯瞎火", "streetlight"),
        ("楼道里有电动车飞线充电", "fire_hazard"),
        ("私家车停在消防通道上，堵路", "illegal_parking"),
        ("电梯困人了", "elevator"),
        ("屋里有煤气味", "gas"),
        ("井盖坏了，路面塌陷", "road"),
        ("请问老年证怎么办理", "advice"),
    ],
)
def test_text_speaks_for_its_category(text: str, category: str) -> None:
    found = suggest(text, DEFAULT_CATEGORIES)

    assert found is not None
    assert found.code == category


def test_text_that_names_nothing_suggests_nothing() -> None:
    assert suggest("你好", DEFAULT_CATEGORIES) is None


def test_longer_keyword_counts_more_and_ties_go_by_order() -> None:
    first, second = Category("a", "甲", "", keywords=("通道",)), Category("b", "乙", "", keywords=("消防通道",))
    third = Category("c", "丙", "", keywords=("通道",))

    assert suggest("消防通道", [first, second]) == second
    assert suggest("通道", [first, third]) == first


def test_category_of_the_program_is_offered_to_nobody() -> None:
    codes = {category.code for category in offered(DEFAULT_CATEGORIES)}

    assert ("coverage" in {category.code for category in DEFAULT_CATEGORIES}, "coverage" in codes) == (True, False)
    assert {"other", "feedback"} <= codes
