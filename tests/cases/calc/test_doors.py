import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.calc.doors import door_words, masked_address, split_address

HOMES = [
    ("新喜小区12号楼3单元501", "新喜小区12号楼", "3单元501"),
    ("新喜小区12-3-501", "新喜小区12", "3-501"),
    ("新喜小区12#3-501", "新喜小区12#", "3-501"),
    ("12号楼501", "12号楼", "501"),
    ("2号院12号楼三楼", "2号院12号楼", "三楼"),
    ("12栋3门501", "12栋", "3门501"),
    ("A座1203", "A座", "1203"),
    ("12楼3单元501", "12楼", "3单元501"),
    ("12号楼 东户", "12号楼", "东户"),
    ("12号楼１单元５０１室", "12号楼", "１单元５０１室"),
    ("8楼801", "", "8楼801"),
    ("三单元502", "", "三单元502"),
]
OPEN = [
    "崇山东路12-3号", "黄河北大街12-1号楼", "12号楼13号楼之间", "2号院12号楼", "建设大路8号", "锅炉房旁边",
    "花园小区12号楼东侧", "花园小区12号楼单元门口", "社区活动室", "地下室", "长江街50米处", "3号楼与4号楼之间",
    "第三幼儿园2门口", "",
]  # fmt: skip


@pytest.mark.parametrize(("address", "building", "door"), HOMES)
def test_home_is_cut_behind_its_building(address: str, building: str, door: str) -> None:
    assert split_address(address) == (building, door)
    assert masked_address(address) == f"{building}****"


@pytest.mark.parametrize("address", OPEN)
def test_place_out_of_doors_stays_whole(address: str) -> None:
    assert (split_address(address), masked_address(address), door_words(address)) == ((address, ""), address, [])


@given(st.text("12三楼号栋单元室户-门座东新喜 ,A", max_size=20))
def test_nothing_but_loose_signs_is_lost_between(address: str) -> None:
    building, door = split_address(address)

    assert address.replace(building, "", 1).strip(" \t,，、·/-－—–").endswith(door)
    assert address.strip().startswith(building.strip()) or not building or address.lstrip(" ,-").startswith(building)
