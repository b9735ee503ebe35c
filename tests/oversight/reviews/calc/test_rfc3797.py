"""RFC 3797 against the RFC's own example and two real draws."""

import math

import pytest

from linli.oversight.reviews.calc.rfc3797 import bits_needed, key_of, outcome_bits, select

NAMES = """
John Mary Bashful Dopey Sleepy Grouchy Doc Sneazy Handsome Cassandra Pollyanna Pendragon Pandora Faith Hope
Charity Lee Longsuffering Chastity Smith Pride Sloth Envy Anger Kasczynski
""".split()  # noqa: SIM905 - as printed
STEPS = """
990DD0A5692A029A98B5E01AA28F3459 25 17
3691E55CB63FCC37914430B2F70B5EC6 24 7
FE814EDF564C190AC1D25753979990FA 23 2
1863CCACEB568C31D7DDBDF1D4E91387 22 16
F4AB33DF4889F0AF29C513905BE1D758 21 25
13EAEB529F61ACFB9A29D0BA3A60DE4A 20 23
992DB77C382CA2BDB9727001F3CDCCD9 19 8
63AB4258ECA922976811C7F55C383CE7 18 24
DFBC5AC97CED01B3A6E348E3CC63F40D 17 19
31CB111C4A4EBE9287CEAE16FE51B909 16 13
07FA46C122F164C215BBC72793B189A3 15 22
AC52F8D75CCBE2E61AFEB3387637D501 14 5
53306F73E14FC0B2FBF434218D25948E 13 18
B5D1403501A81F9A47318BE7893B347C 12 9
85B10B356AA06663EF1B1B407765100A 11 1
3269E6CE559ABD57E2BA6AAB495EB9BD 10 4
"""
OF_2022 = "7.8.11.18.28.40.48./15.16.21.31.36.65./8.12.13.17.21.26.35.42./1.5.10.13.14.16.21.25.27./"
OF_2013 = [[7, 8, 11, 17, 19, 25, 46], [int("08285182")], [60115701], [2, 3, 18, 26, 32, 33, 42]]


def test_example_of_the_rfc() -> None:
    key = key_of([[9319], [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]])
    picks = select(key, pool_size=25, count=16)

    assert key == "9319./2.5.8.10.12./9.18.26.34.41.45./"
    assert "".join(f"\n{each.digest} {each.among} {each.position}" for each in picks) + "\n" == STEPS
    assert [NAMES[each.position - 1] for each in picks[:4]] == ["Lee", "Doc", "Mary", "Charity"]


def test_real_draw_of_2022() -> None:
    picks = select(OF_2022, pool_size=267, count=10)
    assert [each.position for each in picks] == [171, 245, 68, 190, 70, 126, 110, 128, 138, 173]
    assert [picks[0].digest, picks[9].digest] == [
        "D0BD0C1947856D9EC8892BFD7B8F537A", "4937ABAC4E80B067F4297150F1E30B97",
    ]  # fmt: skip


def test_real_draw_of_2013_drops_the_leading_zero() -> None:
    picks = select(key_of(OF_2013), pool_size=154, count=10)
    assert [each.position for each in picks] == [138, 151, 89, 112, 117, 145, 118, 143, 144, 122]
    assert picks[0].digest == "D31D1C4AC453CA37989E9920B4E9BC03"


def test_entropy_table() -> None:
    sizes = (20, 25, 30, 35, 40, 50, 60, 75, 100, 120)
    assert [math.ceil(bits_needed(size, 10)) for size in sizes] == [18, 22, 25, 28, 30, 34, 37, 40, 44, 47]


def test_twenty_dice_are_more_than_a_draw_can_use() -> None:
    assert outcome_bits([(12, 2), (60, 13)]) == pytest.approx(48.3, abs=0.05)
    assert 20 * math.log2(10) > outcome_bits([(12, 2), (60, 13)])
