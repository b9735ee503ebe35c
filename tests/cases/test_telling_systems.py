"""Other systems are told what their scope reaches, once, signed, nothing of persons; the log gives what they missed."""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.district import AWAY, COMMUNITY, DemoDistrict
from tests.factories.services import FakeService, serving

from linli.cases.actions.opening import Contact
from linli.cases.actions.telling_systems import tell_systems
from linli.cases.choices import Action
from linli.cases.queries.facts import read_log_for
from linli.kernel.errors import NotAllowed
from linli.kernel.ids import new_id
from linli.ledger.facts.actions import record
from linli.ledger.facts.actions.sealing import seal_new
from linli.ledger.facts.queries.log import START
from linli.support.notices.actions.retrying import retry_delivery
from linli.support.notices.actions.systems import (
    GIVEN_UP_AFTER,
    GRACE,
    MadeSubscription,
    NewSubscription,
    call_systems,
    drop_old_secret,
    end_subscription,
    renew_secret,
    resume_subscription,
    subscribe_system,
)
from linli.support.notices.calc.protocols import webhook_signature
from linli.support.notices.models import Delivery, Notice, Subscription

SECRET, PHONE = "绝密水管", "13912345678"


@pytest.fixture
def service(settings: Any) -> Iterator[FakeService]:
    settings.OUTSIDE = replace(settings.OUTSIDE, networks=("127.0.0.0/8",))
    with serving(FakeService()) as running:
        yield running


def subscribe(district: DemoDistrict, service: FakeService, **more: Any) -> MadeSubscription:
    new = NewSubscription("市平台", f"{service.url}/hook", **more)
    return subscribe_system(by=district.viewer("system_admin"), new=new, at=timezone.now())


def happen(district: DemoDistrict, community: int = 1) -> Any:
    case = district.open_case_in(community=community, text=SECRET, contact=Contact("王小明", PHONE), at=timezone.now())
    district.take(case, Action.ACCEPT, by=district.actor("grid_worker", community=community))
    return case


def seal(district: DemoDistrict) -> None:
    seal_new(district_id=district.id, at=timezone.now())


def told(service: FakeService) -> list[tuple[str, str]]:
    return sorted((asked.said["type"], asked.said["data"]["subject_id"]) for asked in service.asked)


def test_system_is_told_once_of_what_happens_in_its_area_and_of_nobody(
    district: DemoDistrict, service: FakeService
) -> None:
    happen(district)  # before it subscribed
    seal(district)
    made = subscribe(district, service, area_code=COMMUNITY[1])
    case = happen(district)
    happen(district, community=2)
    seal(district)

    counts = [tell_systems(district_id=district.id, at=timezone.now()) for _ in range(2)]
    call_systems(district_id=district.id, at=timezone.now())

    secret = b64decode(made.secret.removeprefix("whsec_"))  # as who was told it has it
    assert counts == [2, 0]
    assert told(service) == [("case.accepted", str(case.id)), ("case.opened", str(case.id))]
    for asked in service.asked:
        said = asked.body.decode()
        assert [word for word in (SECRET, PHONE, "王小明", "actor", "opened_by", case.number) if word in said] == []
        stamp = asked.headers["webhook-timestamp"]
        signed = webhook_signature(asked.body, secret=secret, message_id=asked.said["data"]["id"], stamp=stamp)
        assert (asked.headers["webhook-id"], asked.headers["webhook-signature"]) == (
            asked.said["data"]["id"], f"v1,{signed}",
        )  # fmt: skip
    assert (made.secret.startswith("whsec_"), 24 <= len(secret) <= 64) == (True, True)  # as the specification has it
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_system_is_told_before_the_seal_and_not_again_after_it(district: DemoDistrict, service: FakeService) -> None:
    subscribe(district, service, area_code=COMMUNITY[1])
    case = happen(district)
    happen(district, community=2)
    district.open_case_in("other_district", text=SECRET, at=timezone.now())
    counts = [tell_systems(district_id=district.id, at=timezone.now()) for _ in range(2)]
    call_systems(district_id=district.id, at=timezone.now())
    at_once = told(service)
    seal(district)
    tell_systems(district_id=district.id, at=timezone.now())
    call_systems(district_id=district.id, at=timezone.now())

    assert (counts, at_once) == ([2, 0], [("case.accepted", str(case.id)), ("case.opened", str(case.id))])
    assert (told(service), Delivery.objects.count()) == (at_once, 2)
    assert Subscription.objects.get().seal_number == 1


def test_what_has_no_area_is_told_to_who_is_told_of_the_whole_district(
    district: DemoDistrict, service: FakeService
) -> None:
    subscribe(district, service, kinds=("retention.applied", "person.made", "review_ballot.from_paper"))
    subscribe(district, service, area_code=COMMUNITY[1])
    for kind in ("retention.applied", "person.made", "review_ballot.from_paper"):
        record(district_id=district.id, kind=kind, subject_id=new_id(), at=timezone.now())
    record(district_id=AWAY, kind="retention.applied", subject_id=new_id(), at=timezone.now())
    tell_systems(district_id=district.id, at=timezone.now())
    call_systems(district_id=district.id, at=timezone.now())

    (asked,) = service.asked
    assert (asked.said["type"], asked.said["data"]["area_path"]) == ("retention.applied", "")
    seal(district)
    log = {
        role: {
            row.kind
            for _place, row in read_log_for(viewer=district.viewer(role), at=timezone.now()).rows
            if not row.area_path
        }
        for role in ("district_leader", "community_clerk", "auditor")
    }
    assert log == {"district_leader": {"retention.applied"}, "community_clerk": set(), "auditor": set()}


def test_telling_asks_the_same_for_few_and_many_facts_that_were_told(
    district: DemoDistrict, service: FakeService
) -> None:
    subscribe(district, service)

    def asked(cases: int) -> int:
        for _ in range(cases):
            happen(district)
        tell_systems(district_id=district.id, at=timezone.now())
        with CaptureQueriesContext(connection) as found:
            assert tell_systems(district_id=district.id, at=timezone.now()) == 0
        return len([query for query in found if "SAVEPOINT" not in query["sql"]])

    assert asked(1) == asked(3) <= 5


def test_kinds_are_chosen_and_other_districts_and_inner_addresses_left_alone(
    district: DemoDistrict, service: FakeService, settings: Any
) -> None:
    subscribe(district, service, kinds=("case.accepted",))
    district.open_case_in("other_district", text=SECRET, at=timezone.now())
    happen(district)
    seal(district)
    seal_new(district_id="210105", at=timezone.now())
    assert tell_systems(district_id=district.id, at=timezone.now()) == 1

    settings.OUTSIDE = replace(settings.OUTSIDE, networks=())
    call_systems(district_id=district.id, at=timezone.now())

    assert (service.asked, list(Delivery.objects.values_list("kind", "state", "error"))) == (
        [], [("case.accepted", "failed", "private_address")],
    )  # fmt: skip


def test_failing_system_is_ended_after_days_with_a_notice_and_told_all_once_back(
    district: DemoDistrict, service: FakeService
) -> None:
    subscribe(district, service)
    happen(district)
    seal(district)
    at = timezone.now()
    tell_systems(district_id=district.id, at=at)
    service.answers = [(500, "")]

    call_systems(district_id=district.id, at=at)
    assert (Subscription.objects.get().failing_since, Subscription.objects.get().ended_at) == (at, None)
    call_systems(district_id=district.id, at=at + GIVEN_UP_AFTER)

    row = Subscription.objects.get()
    admin = district.viewer("system_admin").person_id
    assert (row.ended_why, list(Notice.objects.values_list("kind", "person_id"))) == (
        "failing", [("webhook.disabled", admin)],
    )  # fmt: skip
    happen(district)
    seal(district)
    assert tell_systems(district_id=district.id, at=at) == 0
    resume_subscription(by=district.viewer("system_admin"), subscription_id=row.id)
    service.answers = [(200, "")]
    assert tell_systems(district_id=district.id, at=at) == 2
    later = at + GIVEN_UP_AFTER + timedelta(days=1)
    call_systems(district_id=district.id, at=later)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert Subscription.objects.get().failing_since is None


def test_gone_system_is_ended_at_once_and_ended_one_is_not_called(district: DemoDistrict, service: FakeService) -> None:
    made = subscribe(district, service)
    happen(district)
    seal(district)
    tell_systems(district_id=district.id, at=timezone.now())
    service.answers = [(410, "")]
    end_subscription(by=district.viewer("system_admin"), subscription_id=made.id, at=timezone.now())

    call_systems(district_id=district.id, at=timezone.now())

    assert (service.asked, set(Delivery.objects.values_list("state", "error"))) == ([], {("given_up", "ended")})
    resume_subscription(by=district.viewer("system_admin"), subscription_id=made.id)
    first = Delivery.objects.order_by("id")[:1].get()
    retry_delivery(by=district.viewer("system_admin"), delivery_id=first.id, at=timezone.now())
    call_systems(district_id=district.id, at=timezone.now())
    assert (len(service.asked), Subscription.objects.get().ended_why) == (1, "gone")


def test_sent_call_is_sent_again_with_its_id_and_a_new_secret_counts(
    district: DemoDistrict, service: FakeService
) -> None:
    made = subscribe(district, service, kinds=("case.opened",))
    happen(district)
    seal(district)
    tell_systems(district_id=district.id, at=timezone.now())
    call_systems(district_id=district.id, at=timezone.now())
    other = renew_secret(by=district.viewer("system_admin"), subscription_id=made.id, at=timezone.now())
    retry_delivery(by=district.viewer("system_admin"), delivery_id=Delivery.objects.get().id, at=timezone.now())
    call_systems(district_id=district.id, at=timezone.now() + GRACE)

    first, again = service.asked
    assert (made.secret != other.secret, first.headers["webhook-id"] == again.headers["webhook-id"]) == (True, True)
    assert signers(again, made, other) == [other.secret]


def signers(asked: Any, *made: MadeSubscription) -> list[str]:
    """Tell by which secrets a call is signed, in the order of its signatures."""
    message_id, stamp = asked.headers["webhook-id"], asked.headers["webhook-timestamp"]
    said = {}
    for secret in (each.secret for each in made):
        key = b64decode(secret.removeprefix("whsec_"))
        said[f"v1,{webhook_signature(asked.body, secret=key, message_id=message_id, stamp=stamp)}"] = secret
    return [said[sign] for sign in asked.headers["webhook-signature"].split(" ")]


def test_old_secret_counts_beside_the_new_one_for_a_day_unless_it_is_dropped(
    district: DemoDistrict, service: FakeService
) -> None:
    made, admin = subscribe(district, service, kinds=("case.opened",)), district.viewer("system_admin")
    happen(district)
    seal(district)
    now = timezone.now()
    tell_systems(district_id=district.id, at=now)
    second = renew_secret(by=admin, subscription_id=made.id, at=now)
    third = renew_secret(by=admin, subscription_id=made.id, at=now)  # the first one is over by that
    call_systems(district_id=district.id, at=now + timedelta(hours=23))
    drop_old_secret(by=admin, subscription_id=made.id)
    retry_delivery(by=admin, delivery_id=Delivery.objects.get().id, at=now)
    call_systems(district_id=district.id, at=now + timedelta(hours=23))

    both, alone = (signers(asked, made, second, third) for asked in service.asked)
    assert (both, alone) == ([third.secret, second.secret], [third.secret])
    with pytest.raises(NotAllowed):
        drop_old_secret(by=district.viewer("auditor"), subscription_id=made.id)


def test_log_gives_everything_in_reach_once_in_pages_and_later_what_comes(district: DemoDistrict) -> None:
    for community in (1, 2, 1):
        happen(district, community)
    seal(district)
    viewer = district.viewer("community_clerk")
    at, after, seen = timezone.now(), START, []
    for _ in range(10):
        page = read_log_for(viewer=viewer, at=at, after=after, limit=2)
        seen += [row.id for _place, row in page.rows]
        after = page.after
        if page.is_end:
            break
    assert (len(seen), len(set(seen))) == (4, 4)

    happen(district)
    assert read_log_for(viewer=viewer, at=at, after=after).rows == ()
    seal(district)
    assert len(read_log_for(viewer=viewer, at=timezone.now(), after=after).rows) == 2


@pytest.mark.parametrize("role", ["system_admin", "auditor", "department_handler"])
def test_log_tells_nothing_out_of_reach(district: DemoDistrict, role: str) -> None:
    happen(district)
    seal(district)

    assert read_log_for(viewer=district.viewer(role, community=2), at=timezone.now()).rows == ()
