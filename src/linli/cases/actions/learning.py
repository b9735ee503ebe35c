"""Learning from a district's own closed cases which category a text is of, and counting how often that was taken."""

from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from linli.cases.calc.alike import measure_likest
from linli.cases.calc.categories import OTHER
from linli.cases.calc.learning import learn, measure, pack
from linli.cases.choices import Source, State
from linli.cases.models import Case, LearnedModel
from linli.kernel.personal_words import hidden

MOST_LEARNED = 30_000  # the newest; about ten seconds and 60 MB
ANEW_AFTER = timedelta(days=7)


@transaction.atomic
def learn_from_closed(*, district_id: str, at: datetime, is_forced: bool = False) -> int:
    """Learn from the newest closed cases; returns how many, 0 if not yet due.

    Measured on the latest fifth of them, and so is how well cases are found alike.
    What was forgotten since is not among them any more, and the former model is deleted: so it is forgotten here, too.
    Numbers in the texts are hidden before they are read. Cases whose category the program had chosen by itself, that it
    opened, or that were put under "other" teach nothing. 4 queries; the longest work of a district, once a week.
    """
    old = LearnedModel.objects.select_for_update().filter(district_id=district_id)
    last = old.order_by("-made_at").first()
    if last is not None and at - last.made_at < ANEW_AFTER and not is_forced:
        return 0
    closed = Case.objects.filter(district_id=district_id, state=State.CLOSED, is_category_suggested=False)
    closed = closed.exclude(source__in=(Source.SYSTEM, Source.PREVENTION)).exclude(category=OTHER).exclude(text="")
    rows = list(closed.order_by("-id").values_list("text", "category")[:MOST_LEARNED])
    if not rows:  # all that it was learned from is forgotten, or not there yet
        old.delete()
        return 0
    texts = [(hidden(text), category) for text, category in reversed(rows)]
    model = learn(texts)
    figures = asdict(measure(texts)) | {"likest": asdict(measure_likest(texts))}
    old.delete()
    LearnedModel.objects.create(
        district_id=district_id, made_at=at, categories=list(model.categories), weights=pack(model),
        figures=figures, accepted=last.accepted if last else 0, declined=last.declined if last else 0,
    )  # fmt: skip
    return len(texts)


def count_answer(*, district_id: str, was_taken: bool) -> None:
    """Count that staff took the first suggestion or another category; of all together, by nobody's name. 1 query."""
    column = "accepted" if was_taken else "declined"
    LearnedModel.objects.filter(district_id=district_id).update(**{column: F(column) + 1})
