from datetime import timedelta

import pytest
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.resuming import resume_due
from linli.cases.actions.rulebooks import publish_rulebook
from linli.cases.calc.rulebooks import default_contents
from linli.cases.choices import Action, RulebookKind, State
from linli.cases.models import ClockSegment
from linli.kernel.errors import InvalidInput


def test_suspended_case_comes_back_on_its_day_and_not_before(district: DemoDistrict) -> None:
    case = district.open_case_in()
    worker = district.actor("grid_worker")
    district.take(case, Action.ACCEPT, by=worker)
    district.take(case, Action.SUSPEND, by=worker, reason="waits_for_season", review_on=(AT + timedelta(days=3)).date())

    assert resume_due(district_id="210106", at=AT + timedelta(days=2)) == 0
    assert resume_due(district_id="210106", at=AT + timedelta(days=3)) == 1
    case.refresh_from_db()
    assert (case.state, case.review_on) == (State.ACCEPTED, None)
    assert ClockSegment.objects.filter(case=case, clock="solution", stopped_at=None).count() == 1


@pytest.mark.parametrize("days", [0, -1, 400])
def test_review_day_out_of_range_is_refused(district: DemoDistrict, days: int) -> None:
    case = district.open_case_in()
    worker = district.actor("grid_worker")
    district.take(case, Action.ACCEPT, by=worker)

    with pytest.raises(InvalidInput, match="review_date_out_of_range"):
        district.take(case, Action.SUSPEND, by=worker, reason="waits_for_season",
                      review_on=(AT + timedelta(days=days)).date())  # fmt: skip


def test_case_on_hold_whose_table_leaves_it_to_people_waits_and_holds_up_no_other(district: DemoDistrict) -> None:
    worker, day = district.actor("grid_worker"), AT + timedelta(days=3)
    for number in range(2):
        case = district.open_case_in(text=f"第{number}件")
        district.take(case, Action.ACCEPT, by=worker)
        district.take(case, Action.SUSPEND, by=worker, reason="waits_for_season", review_on=day.date())
    content = default_contents()[RulebookKind.WORKFLOW]
    for row in content["transitions"]:
        row["by"] = [who for who in row["by"] if row["action"] != "resume" or who != "system"]
    publish_rulebook(
        district_id=district.id, kind=RulebookKind.WORKFLOW, content=content, follows=1, reason="由人恢复",
        by=district.viewer("catalogue_keeper"), at=AT,
    )  # fmt: skip

    assert resume_due(district_id=district.id, at=day) == 0
