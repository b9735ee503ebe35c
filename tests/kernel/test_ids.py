import time
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.ids import id_at, new_id


def test_new_id_is_a_uuid_of_version_7_of_this_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id()
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= after


def test_new_ids_differ() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**80))
def test_id_of_an_instant_keeps_version_variant_and_time(milliseconds: int, randomness: int) -> None:
    made = id_at(milliseconds, randomness)

    assert (made.version, made.variant, made.int >> 80) == (7, RFC_4122, milliseconds)
    assert made == id_at(milliseconds, randomness)


@given(st.integers(0, 2**48 - 2), st.integers(0, 2**74 - 1), st.integers(0, 2**74 - 1))
def test_ids_sort_by_their_instant(milliseconds: int, first: int, second: int) -> None:
    assert id_at(milliseconds, first) < id_at(milliseconds + 1, second)
    assert (id_at(milliseconds, first) < id_at(milliseconds, second)) == (first < second)


def test_example_of_the_standard() -> None:
    """RFC 9562, appendix A.6: 2022-02-22 14:22:22 -05:00, 017F22E2-79B0-7CC3-98C4-DC0C0C07398F."""
    randomness = (0xCC3 << 62) | 0x18C4DC0C0C07398F

    assert id_at(0x017F22E279B0, randomness) == UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")
