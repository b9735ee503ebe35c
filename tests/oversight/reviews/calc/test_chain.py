"""A level's chain: what a walk recomputes, and what it refuses."""

import copy
from typing import Any

import pytest
from tests.factories.draws import chain_of, next_record

from linli.oversight.reviews.calc import records
from linli.oversight.reviews.calc.chain import history, next_number, walk
from linli.oversight.reviews.calc.tickets import COOLDOWN, Member, Rule
from linli.oversight.reviews.choices import RecordKind

YEAR = chain_of(12)
AT = "2026-03-20T14:00:00+08:00"
OFFICES = ("区委组织部", "区纪委监委")


def failed(chain: list[records.Record]) -> list[tuple[str, str]]:
    return [(link.draw_id, code) for link in walk(chain).links for code, holds in link.checks if not holds]


def members() -> list[Member]:
    return [Member(row["id"], row["stratum"]) for row in YEAR[0]["commit"]["pool"]]


def follow(chain: list[records.Record], number: int) -> records.Record:
    return next_record(chain, members(), number=number, rule=Rule(), take={"S": 2, "D": 13})


def again(record: records.Record, **changes: Any) -> records.Record:
    """Make a record anew from a changed commit, as somebody who cheats would."""
    commit = copy.deepcopy(record["commit"]) | changes
    thrown = [(each["id"], each["value"]) for each in record["reveal"]["entropy"]]
    return records.complete(commit, secret=record["reveal"]["secret"], entropy=thrown)


def test_year_is_sound_in_whatever_order_the_files_come_and_leaves_nobody_out() -> None:
    walked = walk(reversed(YEAR))

    assert walked.is_sound
    assert [link.draw_id for link in walked.links] == [f"district/2026-{month:02}/1" for month in range(1, 13)]
    drawn = {each for one in history(YEAR) for each in one.drawn}
    assert drawn == {row["id"] for row in YEAR[0]["commit"]["pool"]}


@pytest.mark.parametrize("gone", [0, 4, 10])
def test_record_taken_out_leaves_the_rest_loose(gone: int) -> None:
    walked = walk(YEAR[:gone] + YEAR[gone + 1 :])
    assert (walked.is_sound, len(walked.links), len(walked.loose)) == (False, gone, 11 - gone)


def test_second_record_in_the_same_place_is_loose() -> None:
    fork = again(YEAR[3], rules=YEAR[3]["commit"]["rules"] | {"note": "再来一次"})
    walked = walk([*YEAR[:4], fork])
    assert (walked.is_sound, walked.loose) == (False, (records.id_of(fork),))


def test_one_ticket_more_is_noticed_though_the_record_itself_is_valid() -> None:
    pool = copy.deepcopy(YEAR[3]["commit"]["pool"])
    pool[0]["tickets"] += 1
    assert failed([*YEAR[:3], again(YEAR[3], pool=pool)]) == [("district/2026-04/1", "history")]


def test_wrong_floor_and_wrong_due_are_noticed() -> None:
    strata = copy.deepcopy(YEAR[3]["commit"]["strata"])
    strata[1]["floor"] += 1
    pool = copy.deepcopy(YEAR[3]["commit"]["pool"])
    pool[5]["due"] = not pool[5]["due"]
    for changes in ({"strata": strata}, {"pool": pool}):
        assert failed([*YEAR[:3], again(YEAR[3], **changes)]) == [("district/2026-04/1", "history")]


def test_no_ticket_needs_a_reason_and_an_approver() -> None:
    pool = copy.deepcopy(YEAR[0]["commit"]["pool"])
    pool[0]["tickets"] = 0
    assert ("district/2026-01/1", "excused") in failed([again(YEAR[0], pool=pool)])
    pool[0]["excused"] = "disaster"
    assert failed([again(YEAR[0], pool=pool)]) == [("district/2026-01/1", "excused")]
    pool[0]["approver"] = "区委组织部"
    assert failed([again(YEAR[0], pool=pool)]) == []


def test_cooldown_is_walked_as_a_reason_of_its_own() -> None:
    assert walk(chain_of(5, rule=Rule(COOLDOWN, cooldown=3))).is_sound


@pytest.mark.parametrize(
    "code", ["district/2026-03/2", "district/2026-02/3", "district/2025-12/1", "other/2026-03/1", "x"]
)
def test_numbers_have_no_gaps_and_do_not_go_back(code: str) -> None:
    broken = {code for _, code in failed([*YEAR[:2], again(YEAR[2], draw_id=code)])}
    assert broken & {"number", "level", "form"}


def test_void_before_the_throw_takes_its_number_and_its_place() -> None:
    lost = again(YEAR[2])["commit"]
    void = records.void_of(lost, code="misread", record="", offices=OFFICES, at=AT, previous=records.id_of(YEAR[1]))
    chain = [*YEAR[:2], void]
    new = again(follow(chain, 2), draw_id=next_number(["district/2026-03/1"], level="district", year=2026, month=3))

    walked = walk([*chain, new])

    assert walked.is_sound, failed([*chain, new])
    assert [(link.kind, link.draw_id) for link in walked.links[2:]] == [
        (RecordKind.VOID, "district/2026-03/1"), (RecordKind.DRAW, "district/2026-03/2"),
    ]  # fmt: skip


def test_void_of_a_draw_makes_it_as_if_it_had_not_been() -> None:
    void = records.void_of(
        YEAR[2]["commit"], code="wrong_pool", record=records.id_of(YEAR[2]), offices=OFFICES, at=AT,
        previous=records.id_of(YEAR[2]),
    )  # fmt: skip
    chain = [*YEAR[:3], void]

    assert walk(chain).is_sound
    assert history(chain) == history(YEAR[:2])
    assert walk([*chain, follow(chain, 3)]).is_sound
    assert failed([*chain, again(YEAR[3], prev_record=records.id_of(void))]) == [("district/2026-04/1", "history")]


@pytest.mark.parametrize("change", [
    {"signed": ["区委组织部"]}, {"signed": ["", "区纪委监委"]}, {"code": ""}, {"record": "0" * 64}, {"more": 1},
    {"commit_hash": "0" * 64}, {"draw_id": "district/2026-02/1"},
])  # fmt: skip
def test_void_without_code_two_signatures_or_the_right_draw_is_refused(change: dict[str, Any]) -> None:
    void = records.void_of(
        YEAR[2]["commit"], code="misread", record=records.id_of(YEAR[2]), offices=OFFICES, at=AT,
        previous=records.id_of(YEAR[2]),
    )  # fmt: skip
    assert not walk([*YEAR[:3], {"void": void["void"] | change}]).is_sound


def test_amendment_moves_the_next_in_rank_up_and_counts_from_then_on() -> None:
    gone = YEAR[2]["result"]["D"]["drawn"][0]
    amendment = records.amendment_of(
        YEAR[2], struck=[(gone, "dissolved")], offices=OFFICES, at=AT, previous=records.id_of(YEAR[2])
    )
    chain = [*YEAR[:3], amendment]

    assert walk(chain).is_sound
    assert gone not in history(chain)[-1].drawn
    assert YEAR[2]["result"]["D"]["reserve"][0] in history(chain)[-1].drawn
    assert walk([*chain, follow(chain, 3)]).is_sound
    amendment["amendment"]["result"]["D"]["drawn"][0] = gone
    assert failed(chain) == [("district/2026-03/1", "result")]


def test_walk_tells_who_joined_and_who_left() -> None:
    fewer = [each for each in members() if each.id != "D60"] + [Member("D61", "D")]
    chain = [*YEAR[:2], next_record(YEAR[:2], fewer, number=2, rule=Rule(), take={"S": 2, "D": 13})]
    walked = walk(chain)
    assert walked.is_sound
    assert (walked.links[-1].joined, walked.links[-1].left) == (("D61",), ("D60",))


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"void":{}}', b'{"x":{"prev_record":"","draw_id":""}}', b"{"])
def test_other_things_are_no_records(raw: bytes) -> None:
    with pytest.raises(records.NotARecord):
        records.parse(raw)


def test_broken_records_in_a_chain_are_named_not_fallen_over() -> None:
    broken = records.parse(b'{"amendment":{"prev_record":"%s","draw_id":"x","hash":"sha1"}}' % records.FIRST.encode())
    assert [link.checks for link in walk([broken]).links] == [(("form", False),)]
