"""Changing rulebooks by their pages: weights are seen at work first, and what is wrong is said."""

import json
import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.district import DemoDistrict

from linli.cases.choices import RulebookKind
from linli.cases.queries.rulebooks import rulebook_content
from linli.edges.web.desk.calendar import YearBox
from linli.support.calendar.calc import DayException

pytestmark = pytest.mark.usefixtures("contexts")

PARTS = ("danger", "vulnerable", "time_pressure", "spread", "repeats", "key_place")


def weights(district: DemoDistrict, **changed: str) -> dict[str, str]:
    """Fill the form of the weights as the page does."""
    _number, content = rulebook_content(district_id=district.id, kind=RulebookKind.PRIORITY)
    form = {f"points-{part}": str(content["points"][part]) for part in PARTS}
    form |= {f"caps-{part}": str(content["caps"][part]) for part in PARTS}
    form |= {f"words-{part}": "、".join(content["words"].get(part, ())) for part in PARTS}
    form |= {f"level-{band}": str(level) for band, level in content["levels"].items()}
    form |= {"band-urgency": str(content["bands"][0]), "band-importance": str(content["bands"][1])}
    return form | {"reason": "冬天漏水更急", "follows": "1"} | changed


def newest(district: DemoDistrict, kind: RulebookKind) -> int:
    return rulebook_content(district_id=district.id, kind=kind)[0]


def test_weights_are_shown_before_they_count(district: DemoDistrict, client: Client) -> None:
    district.open_case_in("compound", at=timezone.now())
    signed_in = district.login(client, "catalogue_keeper")

    answer = signed_in.post("/desk/rules/priority/edit/", weights(district, **{"points-danger": "15"}))

    text = answer.content.decode()
    assert (answer.status_code, "水管爆裂" in text, newest(district, RulebookKind.PRIORITY)) == (200, True, 1)


def test_weights_count_after_they_were_seen(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")
    seen = signed_in.post("/desk/rules/priority/edit/", weights(district, **{"points-danger": "15"})).context

    answer = signed_in.post(
        "/desk/rules/priority/edit/", {name: str(seen[name]) for name in ("content", "seen", "reason", "follows")}
    )

    _number, content = rulebook_content(district_id=district.id, kind=RulebookKind.PRIORITY)
    assert (answer.status_code, newest(district, RulebookKind.PRIORITY), content["points"]["danger"]) == (302, 2, 15)


def test_weights_other_than_those_seen_do_not_count(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")
    seen = signed_in.post("/desk/rules/priority/edit/", weights(district)).context
    other = json.loads(seen["content"]) | {"bands": [1, 1]}

    signed_in.post("/desk/rules/priority/edit/", {"content": json.dumps(other), "seen": seen["seen"], "reason": "换"})

    assert newest(district, RulebookKind.PRIORITY) == 1


def test_weights_that_do_not_add_up_are_refused_with_what_was_typed(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")

    answer = signed_in.post("/desk/rules/priority/edit/", weights(district, **{"caps-danger": "31"}))

    text = answer.content.decode()
    field = re.search(r'name="caps-danger" value="(\d+)"', text)
    assert (answer.status_code, field and field[1], newest(district, RulebookKind.PRIORITY)) == (422, "31", 1)


def test_weights_made_from_an_older_version_do_not_count(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")
    seen = signed_in.post("/desk/rules/priority/edit/", weights(district)).context
    form = {"content": seen["content"], "seen": seen["seen"], "reason": "换", "follows": "0"}

    answer = signed_in.post("/desk/rules/priority/edit/", form)

    text = answer.content.decode()
    assert (answer.status_code, answer.context["follows"], 'value="-1"' in text) == (409, 1, False)


def test_replay_names_no_case_beyond_reach(district: DemoDistrict, client: Client) -> None:
    district.open_case_in("compound", text="看不见的事", at=timezone.now())
    signed_in = district.login(client, "system_admin")

    answer = signed_in.post("/desk/rules/priority/edit/", weights(district))

    text = answer.content.decode()
    assert (answer.status_code, answer.context["replay"].total, "看不见的事" in text) == (200, 1, False)


def test_calendar_puts_days_on_end_together() -> None:
    days = [DayException(date(2026, 10, day), is_workday=False, name="国庆节") for day in (3, 1, 2)]
    worked = DayException(date(2026, 10, 4), is_workday=True, name="国庆节")

    spans = YearBox(2026, [worked, *days]).spans

    assert [(span.first.day, span.last.day, span.is_workday) for span in spans] == [(1, 3, False), (4, 4, True)]


def test_calendar_is_published_by_its_page(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "catalogue_keeper")
    form = signed_in.get("/desk/calendar/edit/").context
    sent = {name: form[name] for name in ("table", "years", "hours")} | {"reason": "改上班时间"}

    published = signed_in.post("/desk/calendar/edit/", sent)
    refused = signed_in.post("/desk/calendar/edit/", sent | {"table": "date,is_workday,name\n2026-13-01,0,错"})

    assert (published.status_code, refused.status_code) == (302, 422)
