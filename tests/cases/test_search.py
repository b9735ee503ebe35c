import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.district import AT, DemoDistrict

from linli.cases.calc.words import search_vector
from linli.cases.models import Case
from linli.cases.queries import words as words_module
from linli.cases.queries.lists import CaseFilter, list_cases

TEXTS = (
    "单元门口水管爆裂，水一直往外冒，三楼四楼都没有水了。",
    "楼道里堆着杂物，还有人飞线充电！消防通道也堵了；请尽快处理",
    "暖气不热，室温只有14度，家里有老人和孩子",
    "路灯坏了好几天，晚上走路看不见：孩子上学不安全",
    "电梯停在5层，门打不开（里面有人）",
)
MARKS = "，。！？；：、（）"


def found(district: DemoDistrict, wanted: str) -> list[str]:
    viewer = district.viewer("district_dispatcher")
    return [row.number for row in list_cases(viewer=viewer, wanted=CaseFilter(q=wanted), at=AT).rows]


@pytest.mark.parametrize("text", TEXTS)
def test_every_two_neighbouring_characters_find_the_case(district: DemoDistrict, text: str) -> None:
    """Recall is whole: every substring of two to five Chinese characters, over punctuation too, finds its case."""
    case = district.open_case_in(text=text)
    pieces = {text[i : i + size] for size in (2, 3, 5) for i in range(len(text) - size + 1)}
    wanted = sorted(piece for piece in pieces if not any(c.isdigit() and c.isascii() for c in piece)
                    and piece.strip(MARKS))  # fmt: skip

    assert len(wanted) > 30
    assert [piece for piece in wanted if found(district, piece) != [case.number]] == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E10), min_size=2, max_size=30), st.data())
def test_any_piece_is_found_and_only_where_it_is(district: DemoDistrict, text: str, data: st.DataObject) -> None:
    if not Case.objects.exists():
        district.open_case_in()
    Case.objects.update(search=search_vector(text))
    start = data.draw(st.integers(0, len(text) - 2))
    piece = text[start : data.draw(st.integers(start + 2, len(text)))]
    other = data.draw(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E10), min_size=2, max_size=4))

    assert len(found(district, piece)) == 1
    assert bool(found(district, other)) == (other in text)


@pytest.mark.parametrize("words", ["路灯", "路灯全坏", "灯"])
@pytest.mark.parametrize("first_look", [0, 2, 4, 10_000])
def test_words_are_found_page_by_page_however_far_the_first_look_goes(
    district: DemoDistrict, monkeypatch: pytest.MonkeyPatch, first_look: int, words: str
) -> None:
    monkeypatch.setattr(words_module, "_FIRST_LOOK", first_look)
    ids = []
    for number in range(9):
        case = district.open_case_in(text="路灯全坏了" if number % 2 else "楼道里堆着杂物", at=AT)
        ids += [case.id] if number % 2 else []
    viewer, seen, cursor = district.viewer("district_dispatcher"), [], ""
    for _page in range(3):
        page = list_cases(viewer=viewer, wanted=CaseFilter(q=words), at=AT, cursor=cursor, limit=2)
        seen += [row.id for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == ids[::-1]
    with CaptureQueriesContext(connection) as caught:
        list_cases(viewer=viewer, wanted=CaseFilter(q=words), at=AT, limit=2)
    assert len(caught) == (1 if first_look > 5 else 3)


@pytest.mark.parametrize("wanted", ["门管", "爆了", "水水", "冒三", "wifi"])
def test_characters_that_are_not_neighbours_find_nothing(district: DemoDistrict, wanted: str) -> None:
    district.open_case_in(text=TEXTS[0])

    assert found(district, wanted) == []


@pytest.mark.parametrize("wanted", ["水", "冒", "裂", "了", "水管 三楼", "水管，爆裂", " 水管 "])
def test_single_characters_and_several_words_find(district: DemoDistrict, wanted: str) -> None:
    case = district.open_case_in(text=TEXTS[0])

    assert found(district, wanted) == [case.number]


def test_number_address_and_place_find(district: DemoDistrict) -> None:
    case = district.open_case_in("compound", address="建设大路8号")
    district.open_case_in("open", community=2)

    assert [found(district, wanted) for wanted in (case.number, "建设大路", "花园小区", "8")] == [[case.number]] * 4


@pytest.mark.parametrize(
    "wanted", ["'", "'; DROP TABLE cases_case; --", "a & !b", "\\", ":*", "水管'", "<->", "（）", "\0", "水\0管"]
)
def test_odd_characters_are_harmless(district: DemoDistrict, wanted: str) -> None:
    district.open_case_in(text=TEXTS[0])

    assert len(found(district, wanted)) <= 1


def test_search_keeps_to_what_may_be_seen(district: DemoDistrict) -> None:
    district.open_case_in("compound", community=2, text=TEXTS[0])
    viewer = district.viewer("grid_worker", community=1)

    assert list_cases(viewer=viewer, wanted=CaseFilter(q="水管"), at=AT).rows == []


def numbers(district: DemoDistrict, role: str, wanted: str) -> list[str]:
    return [row.number for row in list_cases(viewer=district.viewer(role), wanted=CaseFilter(q=wanted), at=AT).rows]


@pytest.mark.parametrize("wanted", ["501", "3单元501", "12号楼3单元501", "单元", "没水 501", "门口左边"])
def test_door_is_found_by_whole_words_though_it_is_sealed(district: DemoDistrict, wanted: str) -> None:
    case = district.open_case_in(text="家里没水", address="花园小区12号楼3单元501门口左边")
    district.open_case_in(text="家里没水", address="花园小区12号楼4单元602")

    assert (found(district, wanted)[-1:], "501" in Case.objects.get(id=case.id).search) == ([case.number], False)
    assert len(found(district, wanted)) == (2 if wanted == "单元" else 1)


@pytest.mark.parametrize("wanted", ["50", "口", "元501门", "左口"])
def test_part_of_a_sealed_word_finds_nothing(district: DemoDistrict, wanted: str) -> None:
    district.open_case_in(text="家里没水", address="花园小区12号楼3单元501门口左边")

    assert found(district, wanted) == []


def test_door_is_found_by_nobody_who_may_not_read_it(district: DemoDistrict) -> None:
    """Who sees the case, but neither contacts nor has it, can't guess at the door by searching."""
    case = district.open_case_in(text="家里没水", address="花园小区12号楼3单元501")

    assert numbers(district, "subdistrict_secretary", "501") == [case.number]
    assert (numbers(district, "district_leader", "没水"), numbers(district, "district_leader", "501")) == (
        [case.number], [],
    )  # fmt: skip
    assert numbers(district, "district_leader", "没水 501") == []
