"""The fixed rota, the oldest way of choosing: everybody in turn, by the order of the list; nothing is drawn."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from linli.oversight.reviews.calc.programme import Stratum


def rota_of(strata: Sequence[Stratum], members: Mapping[str, Sequence[UUID]], *, turn: int) -> list[UUID]:
    """Say who reports at a turn of the rota, counted from 0. members: by stratum, in the order of the list.

    Each stratum goes on where it stopped, and from its end to its beginning.
    """
    chosen: list[UUID] = []
    for stratum in strata:
        row = members.get(stratum.id, ())
        take = min(stratum.take, len(row))
        chosen += [row[(turn * stratum.take + place) % len(row)] for place in range(take)]
    return chosen
