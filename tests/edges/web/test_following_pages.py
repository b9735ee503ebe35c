"""Addresses that take what a reporter sent lead back to number and code when they are only opened."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.district import DemoDistrict

from linli.cases.queries.public import code_of

pytestmark = pytest.mark.usefixtures("contexts")


@pytest.mark.parametrize("name", ["follow_verify", "follow_part", "follow_news"])
def test_language_changed_after_sending_asks_for_the_code_again(
    district: DemoDistrict, client: Client, name: str
) -> None:
    case = district.open_case_in()
    sent = client.post(reverse(name), {"number": case.number, "code": code_of(case.id)})
    assert f'name="next" value="{reverse(name)}"' in sent.content.decode()

    back = client.post(reverse("display"), {"language": "en", "next": reverse(name)})["Location"]
    answer = client.get(back, follow=True)

    assert (answer.status_code, answer.redirect_chain[-1]) == (200, (reverse("follow"), 302))
    assert 'lang="en"' in answer.content.decode()
    assert [template.name for template in answer.templates].count("web/portal/follow_find.html") == 1
