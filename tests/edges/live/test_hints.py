"""Whom a hint concerns."""

from uuid import UUID

import pytest

from linli.edges.live.hints import Hint, concerns, read_hint
from linli.registry.people.rules import NOBODY, HeldPost, Viewer

HOME, STREET = "210106/210106003/210106003006", "210106/210106003"
OFFICE, POST, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)


def viewer(*, reach: str = "area", verbs: frozenset[str] = frozenset({"see_cases"})) -> Viewer:
    post = HeldPost(POST, "role", "岗位", verbs, reach, OFFICE, "机关", HOME, "社区")
    return Viewer(UUID(int=9), UUID(int=8), "210106", "演示", (post,))


@pytest.mark.parametrize(("hint", "by_area", "by_organisation"), [
    (Hint("case.opened", "210106", f"{HOME}/21010600300601"), True, False),
    (Hint("case.opened", "210106", HOME, str(OFFICE)), True, True),
    (Hint("case.opened", "210106", f"{STREET}/210106003007"), False, False),
    (Hint("case.opened", "210106", f"{STREET}/210106003007", str(OFFICE)), False, True),
    (Hint("case.opened", "210106", f"{STREET}/210106003007", str(OTHER), str(POST)), True, True),
    (Hint("case.opened", "210106", STREET), False, False),
    (Hint("case.opened", "210105", HOME, str(OFFICE), str(POST)), False, False),
    (Hint("case.opened", "210106"), True, True),
])  # fmt: skip
def test_hint_concerns_those_whose_posts_reach_it(hint: Hint, by_area: bool, by_organisation: bool) -> None:  # noqa: FBT001
    assert concerns(viewer(), hint) == by_area
    assert concerns(viewer(reach="organisation"), hint) == by_organisation
    assert not concerns(NOBODY, hint)


def test_hint_concerns_who_reported_it_anywhere_in_the_district() -> None:
    elsewhere = f"{STREET}/210106003007"
    assert concerns(viewer(), Hint("case.accepted", "210106", elsewhere, opened_by=str(UUID(int=9))))
    assert not concerns(viewer(), Hint("case.accepted", "210106", elsewhere, opened_by=str(OTHER)))
    assert not concerns(viewer(), Hint("case.accepted", "210105", elsewhere, opened_by=str(UUID(int=9))))
    assert not concerns(NOBODY, Hint("case.accepted", "210106", elsewhere, opened_by="None"))


def test_post_that_sees_no_cases_is_not_concerned() -> None:
    assert not concerns(viewer(verbs=frozenset({"read_audit"})), Hint("case.opened", "210106", HOME))


@pytest.mark.parametrize("payload", ["", "x", "[]", "{}", '{"topic": "calendar"}', '{"topic": null}'])
def test_notice_that_is_not_ours_is_nothing(payload: str) -> None:
    assert read_hint(payload) is None


def test_notice_of_the_outbox_is_read() -> None:
    payload = (
        '{"topic":"case.opened","district":"210106","area_path":"210106/1","organisation":"","post":"","version":1}'
    )
    assert read_hint(payload) == Hint("case.opened", "210106", "210106/1")
