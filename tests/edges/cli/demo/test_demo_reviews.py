"""What a loaded demo plays: a month of reviews that everybody can check offline; and what it learns from its cases."""

import json
from datetime import datetime
from pathlib import Path

from linli.cases.actions.checking import check_cases
from linli.cases.queries.suggesting import get_learned
from linli.edges.cli.demo.loading import Wanted, learn_demo, load_demo, play_reviews
from linli.edges.cli.demo.stories import TIME_ZONE
from linli.edges.cli.progress import Progress
from linli.oversight.reviews.calc.verify_review import check as check_review
from linli.oversight.reviews.calc.verifying import check as check_record
from linli.oversight.reviews.models import DrawRecord, Hall, Publication, Remark, Session, Turn

DISTRICT = "210104"
AS_OF = datetime(2026, 11, 22, 10, 24, tzinfo=TIME_ZONE)


def test_month_of_the_demo_goes_from_the_throw_to_cases(db: None, tmp_path: Path) -> None:
    """Ten working committees and sixty-two leading groups; two and thirteen of them report at two sessions."""
    wanted, quiet = Wanted((DISTRICT,), 60, 9, AS_OF, drawn=(DISTRICT,), processes=1), Progress(is_quiet=True)
    assert load_demo(wanted, data=tmp_path, progress=quiet)
    play_reviews(wanted, progress=quiet)

    played = _drawn_as_its_record_says()
    _published_as_anybody_finds(played)
    _asked_for_are_cases_like_any_other()
    learn_demo(wanted, progress=quiet)
    learned = get_learned(DISTRICT)
    assert learned is not None
    assert 0 < learned.likest.tried <= learned.measured.total < learned.measured.learned
    years = Session.objects.order_by("year").values_list("programme__code", "year").distinct()
    assert sorted(set(years)) == [(code, year) for code in ("district", "street-210104002") for year in (2026, 2027)]


def _drawn_as_its_record_says() -> list[Session]:
    (record,) = DrawRecord.objects.all()
    assert all(holds for holds, _said in check_record(record.body.encode()).values())
    pool = json.loads(record.body)["commit"]["pool"]
    result = {stratum: len(each["drawn"]) for stratum, each in json.loads(record.body)["result"].items()}
    assert (len(pool), result) == (72, {"street": 2, "dept": 13})
    played = list(Session.objects.filter(draw=record.draw).order_by("part"))
    assert [(each.month, each.turns.count()) for each in played] == [(10, 8), (10, 7)]
    return played


def _published_as_anybody_finds(played: list[Session]) -> None:
    published = [json.loads(each.body) for each in Publication.objects.order_by("session__part")]
    assert [all(check_review(each).values()) for each in published] == [True, True]
    assert set(Hall.objects.values_list("phase", flat=True)) == {"closed"}
    turns = Turn.objects.filter(session__in=played)
    assert (turns.filter(talk_ms__isnull=True).count(), turns.filter(talk_overrun_ms__gt=0).count()) == (0, 2)


def _asked_for_are_cases_like_any_other() -> None:
    asked = Remark.objects.exclude(kind="comment")
    assert asked.filter(case__isnull=True).count() == 0
    assert (asked.filter(kind="assignment").count(), asked.filter(kind="deployment").count()) == (8, 2)
    assert check_cases(district_id=DISTRICT, sample=1, at=AS_OF).faults == ()
