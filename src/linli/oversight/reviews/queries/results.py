"""Results as they were published: the one place they are read from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from linli.oversight.reviews.models import Publication


@dataclass(frozen=True, slots=True)
class Result:
    """A turn's result. present, counted: jurors; score, rank: None where too few scored for it to count."""

    present: int
    counted: int
    score: Fraction | None
    rank: int | None


def results_of(*, district_id: str, session_ids: Sequence[UUID]) -> dict[UUID, Result]:
    """Read what was published of sessions, by turn; a session that is not closed has none. 1 query."""
    found = Publication.objects.filter(district_id=district_id, session_id__in=session_ids)
    told: dict[UUID, Result] = {}
    for body in found.order_by("id").values_list("body", flat=True):
        published = json.loads(body)
        present = {turn["id"]: turn["present"] for turn in published["turns"]}
        for row in published["results"]:
            score = Fraction(row["score"]) if row["is_established"] else None
            told[UUID(row["turn"])] = Result(present[row["turn"]], row["counted"], score, row.get("rank"))
    return told
