"""The pages of a change of committees: prepared, looked at, kept, undone; nothing that was typed is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.district import COMMUNITY, DemoDistrict

from linli.registry.people.models import Election, Post

pytestmark = pytest.mark.usefixtures("contexts")

LIST, NEW = "/desk/people/elections/", "/desk/people/elections/new/"


@pytest.fixture
def admin(district: DemoDistrict, client: Client) -> Client:
    return district.login(client, "security_admin")


def sent(district: DemoDistrict, **more: object) -> dict[str, object]:
    first = timezone.localdate() + timedelta(days=5)
    return {
        "area": COMMUNITY[1], "key": "k1", "starts_on": first.isoformat(), "ends_on": "", "reason": "两委换届",
        "leaving": [str(district.post_of("community_secretary"))], "who_0": district.viewer("community_clerk").name,
        "role_0": "community_secretary", "organisation_0": str(district.organisations["committee_1"]), "do": "look",
    } | more  # fmt: skip


def test_area_is_found_and_its_posts_are_offered(district: DemoDistrict, admin: Client) -> None:
    found = admin.get(f"{LIST}?area=西边社区")
    page = admin.get(found.headers["Location"]).content.decode()

    assert (found.status_code, found.headers["Location"]) == (302, f"{NEW}?area={COMMUNITY[1]}")
    assert f'value="{district.post_of("community_secretary")}"' in page
    assert "西边社区居委会" in page
    assert admin.get(f"{LIST}?area=没有这里").status_code == 422


def test_what_changes_is_looked_at_before_anything_is_kept(district: DemoDistrict, admin: Client) -> None:
    look = admin.post(NEW, sent(district))
    page = look.content.decode()

    assert (look.status_code, Election.objects.exists()) == (200, False)
    for role in ("community_secretary", "community_clerk", "community_steward"):
        assert district.viewer(role).name in page
    fields = {name: [v for n, v in look.context["fields"] if n == name] for name, _value in look.context["fields"]}

    kept = admin.post(NEW, fields | {"do": "keep"}, follow=True)

    assert kept.redirect_chain == [(LIST, 302)]
    assert district.viewer("community_clerk").name in kept.content.decode()
    election = Election.objects.get()
    assert Post.objects.filter(starts_on=election.starts_on).count() == 1
    undone = admin.post(f"{LIST}{election.id}/undo/", follow=True)
    assert undone.redirect_chain == [(LIST, 302)]
    assert not Post.objects.filter(starts_on=election.starts_on).exists()


def test_back_to_the_form_keeps_what_was_typed(district: DemoDistrict, admin: Client) -> None:
    page = admin.post(NEW, sent(district, do="edit")).content.decode()

    assert 'value="两委换届"' in page
    assert f'value="{district.post_of("community_secretary")}" checked' in page
    assert f'value="{district.viewer("community_clerk").name}"' in page


@pytest.mark.parametrize("changed", [
    {"who_0": "没有这个人"}, {"reason": ""}, {"role_0": ""}, {"starts_on": "2020-01-01"}, {"starts_on": "x"},
])  # fmt: skip
def test_fault_is_told_and_nothing_typed_is_lost(
    district: DemoDistrict, admin: Client, changed: dict[str, object]
) -> None:
    answer = admin.post(NEW, sent(district, **changed))
    page = answer.content.decode()

    assert (answer.status_code, 'role="alert"' in page, Election.objects.exists()) == (422, True, False)
    assert f'value="{changed.get("who_0") or district.viewer("community_clerk").name}"' in page
