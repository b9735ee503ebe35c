from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from linli.cases.calc.rates import LOCAL
from linli.cases.calc.series import SeriesRule, Spot, clusters, coming_weeks, expects, faults, last_weeks

RULE = SeriesRule()
_SPOTS = st.lists(st.tuples(st.sampled_from("ab"), st.floats(123.30, 123.303), st.floats(41.70, 41.703)), max_size=40)


@given(_SPOTS)
def test_clusters_hold_each_spot_once_and_the_first_within_reach(places: list[tuple[str, float, float]]) -> None:
    spots = [Spot(n, *place) for n, place in enumerate(places)]
    found = clusters(spots, metres=60, least=1)

    assert sorted(spot.key for one in found for spot in one) == list(range(len(spots)))
    assert all(len({spot.category for spot in one}) == 1 for one in found)
    firsts = [(one[0].category, one[0].lng, one[0].lat) for one in found]
    assert len(firsts) == len(found)


def test_spots_a_few_metres_apart_are_one_even_over_the_edge_of_a_cell() -> None:
    north = 60 / 111_320.0
    spots = [Spot(1, "a", 123.3, north * 80_000 - 1e-6), Spot(2, "a", 123.3, north * 80_000 + 1e-6)]

    assert [[spot.key for spot in one] for one in clusters(spots, metres=60, least=2)] == [[1, 2]]


def test_weeks_of_earlier_years_and_lately() -> None:
    at = datetime(2028, 2, 29, 15, tzinfo=LOCAL)

    assert [span.since.date().isoformat() for span in coming_weeks(at, 4)] == ["2027-02-28", "2026-02-28", "2025-02-28"]
    assert [span.since.date().isoformat() for span in last_weeks(at, 4)] == ["2028-02-01", "2028-01-04"]


def test_what_is_expected() -> None:
    cases = {(3, 3, 0): "season", (3, 0, 0): "season", (3, 1, 0): "", (2, 9, 9): "", (5, 0, 4): "season"}

    assert {years: expects(years, 0, 0, RULE) for years in cases} == cases
    assert [expects((0, 0, 0), now, before, RULE) for now, before in ((4, 2), (4, 3), (2, 0))] == ["rising", "", ""]


def test_rule_out_of_bounds_is_told() -> None:
    assert faults(RULE) == []
    assert [fault.field for fault in faults(SeriesRule(series_least=1, season_weeks=-1))] == [
        "series_least", "season_weeks",
    ]  # fmt: skip
