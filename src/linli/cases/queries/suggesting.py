"""What the district's own closed cases suggest for a text; nothing below a fair share of right ones."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from linli.cases.calc.alike import LikestMeasured, read_likest
from linli.cases.calc.categories import STAYS, offered
from linli.cases.calc.learning import Measured, Model, percent, read_measured, unpack
from linli.cases.models import LearnedModel
from linli.cases.queries.rulebooks import current_rulebooks
from linli.kernel.personal_words import hidden

LEAST_CASES = 200
LEAST_PERCENT = 50
LEAST_LENGTH = 4  # characters of a text; a shorter one says nothing


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Up to three categories, the likeliest first, with what is known of how often that is right, in percent."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    first_percent: int
    three_percent: int
    tried: int
    made_at: datetime

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Give code and name of each."""
        return tuple(zip(self.codes, self.names, strict=True))


@dataclass(frozen=True, slots=True)
class Learned:
    """The model in force and how it does. is_used: it is good enough and has seen enough to suggest anything.

    likest: how well closed cases are found alike, which takes no model and was measured with it.
    """

    made_at: datetime
    measured: Measured
    is_used: bool
    accepted: int
    declined: int
    likest: LikestMeasured


def suggest_categories(*, district_id: str, text: str) -> Suggestion | None:
    """Suggest categories for a text; None without a model that is good enough. 2 queries, 3 with a model new here."""
    if len(text.strip()) < LEAST_LENGTH:
        return None
    newest = _newest(district_id)
    if newest is None or not _is_used(newest[2]):
        return None
    kinds = {kind.code: kind.name for kind in offered(current_rulebooks(district_id).categories.values())}
    try:
        model = _model(newest[0])
    except LearnedModel.DoesNotExist:  # learned anew since: the next text is told from that one
        return None
    ranked = [code for code in model.rank(hidden(text)) if code in kinds and code not in STAYS]
    if not ranked:
        return None
    measured = newest[2]
    return Suggestion(
        tuple(ranked), tuple(kinds[code] for code in ranked), percent(measured.first, measured.total),
        percent(measured.three, measured.total), measured.total, newest[1],
    )  # fmt: skip


def get_learned(district_id: str) -> Learned | None:
    """Read the figures of the newest model; None before there is one. 1 query."""
    found = LearnedModel.objects.filter(district_id=district_id).order_by("-made_at")
    row = found.values_list("made_at", "figures", "accepted", "declined").first()
    if row is None:
        return None
    measured, likest = read_measured(row[1]), read_likest(row[1].get("likest", {}))
    return Learned(row[0], measured, _is_used(measured), row[2], row[3], likest)


def _newest(district_id: str) -> tuple[UUID, datetime, Measured] | None:
    found = LearnedModel.objects.filter(district_id=district_id).order_by("-made_at")
    row = found.values_list("id", "made_at", "figures").first()
    return (row[0], row[1], read_measured(row[2])) if row else None


def _is_used(measured: Measured) -> bool:
    """Whether it may suggest: it has seen enough, is right often enough, and oftener than the most frequent one."""
    is_right = percent(measured.first, measured.total) >= LEAST_PERCENT
    return measured.learned + measured.total >= LEAST_CASES and is_right and measured.first > measured.baseline


@lru_cache(maxsize=4)
def _model(model_id: UUID) -> Model:
    row = LearnedModel.objects.only("categories", "weights").get(id=model_id)
    return unpack(row.categories, bytes(row.weights))
