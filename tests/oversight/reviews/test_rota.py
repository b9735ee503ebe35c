"""The fixed rota: everybody in turn, the same number of times."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.district import AT, DemoDistrict
from tests.factories.reviews import RULES, make_review_programme

from linli.kernel.errors import Conflict, NotAllowed
from linli.kernel.ids import new_id
from linli.oversight.reviews.actions.planning import make_year
from linli.oversight.reviews.actions.seating import seat_by_rota
from linli.oversight.reviews.calc.programme import Stratum
from linli.oversight.reviews.calc.rota import rota_of
from linli.oversight.reviews.choices import Choosing
from linli.oversight.reviews.models import Draw, Session, Turn

YEAR = AT.year + 1
ROTA = replace(RULES, choosing=Choosing.ROTA.value)


@given(take=st.integers(1, 5), size=st.integers(5, 20), turns=st.integers(1, 40))
def test_nobody_is_passed_over_by_the_rota(take: int, size: int, turns: int) -> None:
    row = [new_id() for _ in range(size)]
    strata = [Stratum("a", "甲", take, 0)]
    drawn = Counter(each for turn in range(turns) for each in rota_of(strata, {"a": row}, turn=turn))
    times = [drawn[each] for each in row]

    assert max(times) - min(times) <= 1
    assert sum(times) == take * turns


def test_rota_seats_a_month_once_and_goes_on_in_the_next(district: DemoDistrict) -> None:
    programme, office = make_review_programme(district, rules=ROTA), district.viewer("review_office")
    make_year(programme_id=programme, year=YEAR, by=office, at=AT)
    asked = {"programme_id": programme, "year": YEAR, "by": office, "at": AT}
    first = seat_by_rota(month=1, **asked)

    assert (seat_by_rota(month=1, **asked), len(seat_by_rota(month=2, **asked))) == (first, 3)
    turns = Turn.objects.order_by("session__month", "session__part", "position")
    by_month = [[t.organisation_id for t in turns.filter(session__month=month)] for month in (1, 2)]
    assert (by_month[0][0] != by_month[1][0], by_month[0] != by_month[1], Draw.objects.count()) == (True, True, 0)
    assert Session.objects.filter(draw__isnull=False).count() == 0


def test_rota_is_refused_where_presenters_are_drawn_and_to_others(district: DemoDistrict) -> None:
    programme, office = make_review_programme(district), district.viewer("review_office")
    make_year(programme_id=programme, year=YEAR, by=office, at=AT)
    with pytest.raises(Conflict):
        seat_by_rota(programme_id=programme, year=YEAR, month=1, by=office, at=AT)
    with pytest.raises(NotAllowed):
        seat_by_rota(programme_id=programme, year=YEAR, month=1, by=district.viewer("auditor"), at=AT)
