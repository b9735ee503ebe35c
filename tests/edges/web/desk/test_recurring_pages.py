"""Pages of what comes back: what they show, where their numbers lead, and one tap."""

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from tests.factories.district import DemoDistrict

from linli.cases.models import Case

DAY = timedelta(days=1)


def test_third_time_is_told_on_the_case_and_leads_to_a_case_of_the_cause(
    district: DemoDistrict, client: Client
) -> None:
    now = timezone.now()
    cases = [district.open_case_in("compound", at=now - n * DAY) for n in (20, 10, 1)]
    signed_in = district.login(client, "community_clerk")
    one = f"/desk/recurring/{cases[-1].id}/"

    assert f'href="{one}"' in signed_in.get("/desk/recurring/").content.decode()
    assert f'href="{one}"' in signed_in.get(f"/desk/cases/{cases[-1].id}/").content.decode()
    assert "/desk/recurring/" + str(cases[0].id) not in signed_in.get(f"/desk/cases/{cases[0].id}/").content.decode()
    assert all(str(case.id) in signed_in.get(one).content.decode() for case in cases)
    opened = signed_in.post(f"{one}cause/", {"text": "查明原因"})
    assert opened.headers["Location"] == f"/desk/cases/{Case.objects.get(source='prevention').id}/"


def test_number_leads_to_its_cases_and_one_tap_gives_the_task(district: DemoDistrict, client: Client) -> None:
    now = timezone.now()
    made = [district.open_case_in("compound", at=now).id for _ in range(3)]
    then = now - 364 * DAY
    Case.objects.filter(id__in=made).update(
        state="closed", reported_at=then, closed_at=then, due_at=None, amber_at=None
    )
    signed_in = district.login(client, "community_clerk")
    page = signed_in.get("/desk/ahead/").content.decode()
    (url,) = re.findall(r'href="(/desk/cases/\?[^"]+)">3<', page)
    rows = signed_in.get(url.replace("&amp;", "&")).content.decode()

    assert all(str(case_id) in rows for case_id in made)
    sent = {"category": "water_burst", "area": "210106/210106003/210106003006"}
    given = signed_in.post("/desk/ahead/task/", sent)
    task = Case.objects.get(source="prevention")
    assert (given.status_code, given.headers["Location"]) == (302, f"/desk/cases/{task.id}/")
    assert signed_in.post("/desk/ahead/task/", sent).headers["Location"] == f"/desk/cases/{task.id}/"
    assert signed_in.post("/desk/ahead/task/", {**sent, "category": "noise"}).headers["Location"] == "/desk/ahead/"
