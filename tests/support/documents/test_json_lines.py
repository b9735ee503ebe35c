"""Registers as json."""

import json

from tests.support.documents.sample import EMPTY, FULL, TITLE, written


def test_json_holds_title_notes_and_rows() -> None:
    assert json.loads(written([FULL, EMPTY], "json")) == {
        "title": TITLE,
        "notes": ["演示数据", "导出人：王示例　2026-03-02 09:00"],
        "rows": [
            {
                "number": "皇姑-2026-000001",
                "phone": "02400000000",
                "count": 12,
                "due_on": "2026-03-09",
                "opened_at": "2026-03-02T01:30:00+08:00",
            },
            {"number": "皇姑-2026-000002", "phone": "", "count": None, "due_on": None, "opened_at": None},
        ],
    }


def test_json_without_title_and_notes_is_a_bare_array() -> None:
    row = ("=1", "", None, None, None)
    nothing = {"phone": "", "count": None, "due_on": None, "opened_at": None}
    assert json.loads(written([row], "json", title="", notes="")) == [{"number": "=1", **nothing}]


def test_json_of_an_empty_register_is_an_empty_array() -> None:
    assert written([], "json", title="", notes="") == b"[]\n"


def test_json_of_an_empty_register_keeps_its_head() -> None:
    assert json.loads(written([], "json", notes="")) == {"title": TITLE, "notes": [], "rows": []}


def test_json_is_readable_chinese() -> None:
    assert "皇姑-2026-000001".encode() in written([FULL], "json")
