"""The draw against worked examples, and against chance itself."""

import hashlib
from pathlib import Path

from tests.factories.chances import proportion_bound, throw_often

from linli.oversight.reviews.calc import records
from linli.oversight.reviews.calc.drawing import Entrant, Quota, draw, draw_by, rank, take_from

EXAMPLE = Path(__file__).with_name("draw-example-sha256.json")


def test_example_comes_out_as_worked() -> None:
    example = records.parse(EXAMPLE.read_bytes())
    secret = hashlib.sha256(b"test vector secret, not for use").hexdigest()

    made = records.complete(
        example["commit"], secret=secret, entropy=[("dice", "08772473296991897540"), ("fc3d", "3.5.9.")]
    )

    assert made == example
    assert records.id_of(made) == "19cfad2fc9c07205019ffe6c4690e61f53096a265a467cd207a2768e691bcfcb"
    assert made["result"]["street"] == {"drawn": ["S08", "S11"], "reserve": ["S10", "S02"]}
    assert made["result"]["dept"]["drawn"] == [
        "D07", "D58", "D13", "D11", "D15", "D43", "D53", "D32", "D49", "D57", "D23", "D42", "D06",
    ]  # fmt: skip


def test_taking_one_off_the_list_moves_nobody_else() -> None:
    pool = [Entrant(f"D{number:02}", "dept", 1 + number % 4) for number in range(60)]
    seed = "ab" * 32
    before = rank(pool, "dept", seed)
    for gone in before[:20]:
        after = rank([one for one in pool if one.id != gone], "dept", seed)
        assert after == [each for each in before if each != gone]


def test_struck_one_makes_room_for_the_next_in_rank() -> None:
    example = records.parse(EXAMPLE.read_bytes())
    amended = draw_by(example["commit"], example["seed"], struck=["D13"])

    drawn = example["result"]["dept"]["drawn"]
    assert amended["dept"]["drawn"] == [each for each in drawn if each != "D13"] + ["D30"]
    assert amended["street"] == example["result"]["street"]


def test_kept_slots_go_to_those_due_in_rank_order() -> None:
    quota = Quota("s", take=3, reserve=2, floor=2)
    assert take_from(["a", "b", "c", "d", "e", "f"], ["f", "e", "d"], quota) == {
        "drawn": ["d", "e", "a"], "reserve": ["b", "c"],
    }  # fmt: skip


def test_excused_is_never_drawn() -> None:
    pool = [Entrant("a", "s", 0, is_due=True), Entrant("b", "s", 1), Entrant("c", "s", 1)]
    results = [draw(pool, [Quota("s", 2, 2, 1)], f"{number:064x}") for number in range(200)]
    assert {each for result in results for each in result["s"]["drawn"] + result["s"]["reserve"]} == {"b", "c"}


def test_ten_thousand_draws_favour_nobody_and_follow_the_tickets() -> None:
    often = throw_often(10_000)
    assert 0.001 < often.inclusion_p < 0.999
    assert often.off_proportion < proportion_bound(10_000)


def test_measure_of_chance_notices_one_who_is_drawn_more_often() -> None:
    fair = throw_often(1000)
    fair.equal["D07"] += 90
    assert fair.inclusion_p < 0.001
