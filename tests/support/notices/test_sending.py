"""What goes outside: once to each, as each chose, gathered, tried again, and never with anything of anybody.

The services are fakes on this machine, after their public documents; none of the real ones was asked.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from tests.factories.district import AT, DemoDistrict
from tests.factories.services import FakeMail, FakeService, delivering, serving

from linli.cases.tasks import deliver_messages
from linli.config.outside import Mail
from linli.kernel.ids import new_id
from linli.ledger.commands.models import OutboxMessage
from linli.registry.people.models import Person, Post
from linli.support.notices.actions import forget_notices, notify, queue_deliveries
from linli.support.notices.actions.choosing import add_browser, add_mail, forget_choices, save_wish
from linli.support.notices.actions.retrying import retry_delivery
from linli.support.notices.actions.robots import NewRobot, add_robot, end_robot
from linli.support.notices.actions.sending import push_key, send_due
from linli.support.notices.actions.texts import publish_text
from linli.support.notices.calc.push import encoded, public_of
from linli.support.notices.choices import Whom
from linli.support.notices.models import Address, Delivery, Notice, Preference
from linli.support.notices.queries.preferences import FIRST, wish_of

NOW = AT + timedelta(hours=1)
TEXT = "家里老人摔倒了"
KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def service() -> Iterator[FakeService]:
    with serving(FakeService()) as running:
        yield running


@pytest.fixture
def outside(settings: Any, service: FakeService) -> Any:
    """Set up every way out towards the fake."""
    settings.OUTSIDE = replace(settings.OUTSIDE, site="https://linli.example", sms_url=f"{service.url}/sms",
                               sms_good=("code", "0"), networks=("127.0.0.0/8",))  # fmt: skip
    return settings


def worker(district: DemoDistrict) -> UUID:
    person_id = district.viewer("grid_worker").person_id
    assert person_id is not None
    return person_id


def tell(district: DemoDistrict, *, kind: str = "case.opened", message: UUID | None = None, **more: Any) -> UUID:
    """Tell the grid worker of a case."""
    case = district.open_case_in(text=TEXT)
    notify(district_id=district.id, people=[worker(district)], message_id=message or new_id(), kind=kind,
           subject_id=case.id, at=AT, **more)  # fmt: skip
    return case.id


def states() -> list[tuple[str, str, int, str]]:
    return list(Delivery.objects.order_by("id").values_list("channel", "state", "tries", "error"))


def mail(district: DemoDistrict) -> None:
    add_mail(district_id=district.id, person_id=worker(district), address="w@office.example", at=AT)


def browser(district: DemoDistrict, service: FakeService, name: str = "b1") -> None:
    parts = [f"{service.url}/push/{name}", encoded(public_of(KEY)), encoded(bytes(16))]
    add_browser(district_id=district.id, person_id=worker(district), parts=parts, device={}, at=AT)


def text_me(district: DemoDistrict, **changes: Any) -> None:
    """Let the grid worker choose text messages of new cases."""
    chosen = replace(FIRST, choices={"case.opened": ("sms",)}, **changes)
    save_wish(district_id=district.id, person_id=worker(district), wish=chosen)


def test_message_of_a_case_goes_out_once_by_what_was_chosen_and_in_the_program(
    district: DemoDistrict, outside: Any, service: FakeService
) -> None:
    browser(district, service)
    mail(district)
    case = district.open_case_in(text=TEXT, at=timezone.now())

    deliver_messages(0)
    OutboxMessage.objects.update(delivered_at=None)
    deliver_messages(0)

    assert list(Notice.objects.values_list("kind", "subject_id")) == [("case.opened", case.id)]
    assert sorted(row[:2] for row in states()) == [("email", "queued"), ("push", "queued")]


def test_text_message_holds_number_time_and_link_alone(
    district: DemoDistrict, outside: Any, service: FakeService, django_assert_max_num_queries: Any
) -> None:
    text_me(district)
    case_id = tell(district)
    service.answers = [(200, '{"code":0}')]

    with django_assert_max_num_queries(16):
        assert send_due(district_id=district.id, at=NOW) == 1

    (asked,) = service.asked
    (row,) = Delivery.objects.all()
    assert (row.state, row.via, row.settled_at) == ("sent", "http", NOW)
    assert asked.said["id"] == asked.headers["idempotency-key"] == str(row.id)
    assert asked.said["text"].startswith("新事项 10626-")
    assert asked.said["text"].endswith(f"https://linli.example/desk/cases/{case_id}/")
    assert TEXT not in asked.said["text"]
    assert send_due(district_id=district.id, at=NOW + timedelta(days=1)) == 0


def test_failure_is_tried_later_and_later_and_given_up(
    district: DemoDistrict, outside: Any, service: FakeService
) -> None:
    text_me(district, quiet_from=0, quiet_to=0)
    tell(district)
    service.answers = [(503, "")]
    at, waits = NOW, []

    for _ in range(10):
        send_due(district_id=district.id, at=at)
        (row,) = Delivery.objects.all()
        waits.append((row.next_try_at - at).total_seconds())
        assert send_due(district_id=district.id, at=at) == 0
        at = row.next_try_at

    assert states() == [("sms", "given_up", 10, "status_503")]
    assert all(later > sooner for sooner, later in pairwise(waits[:8]))
    ids = {asked.said["id"] for asked in service.asked}
    assert (len(service.asked), len(ids)) == (10, 1)
    service.answers = [(200, '{"code":"0"}')]
    retry_delivery(by=district.viewer("system_admin"), delivery_id=row.id, at=at)
    send_due(district_id=district.id, at=at)
    assert states() == [("sms", "sent", 0, "")]


def test_what_no_try_can_mend_is_given_up_at_once(district: DemoDistrict, outside: Any, service: FakeService) -> None:
    text_me(district)
    tell(district)
    Person.objects.update(work_phone=b"")
    send_due(district_id=district.id, at=NOW)

    assert (states(), service.asked) == ([("sms", "given_up", 1, "no_address")], [])


def test_several_become_one_digest_in_the_morning(district: DemoDistrict, outside: Any) -> None:
    with delivering(FakeMail()) as server:
        outside.OUTSIDE = replace(outside.OUTSIDE, mail=Mail("127.0.0.1", server.port, sender="linli@a.example"))
        outside.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        outside.EMAIL_HOST, outside.EMAIL_PORT = "127.0.0.1", server.port
        mail(district)
        for kind in ("case.opened", "case.returned", "case.joined"):
            tell(district, kind=kind)

        assert send_due(district_id=district.id, at=NOW) == 0
        assert send_due(district_id=district.id, at=AT.replace(hour=8) + timedelta(days=1)) == 3

    (got,) = server.got
    body = got.get_content()
    assert (got["To"], got["Subject"]) == ("w@office.example", "3 条新通知")
    told = ("新事项", "退回来的事项", "又有人反映", "https://linli.example/desk/notices/")
    assert [name for name in told if name not in body] == []
    assert TEXT not in body
    assert {row[:2] for row in states()} == {("email", "sent")}


def test_quiet_hours_hold_back_retries_too(district: DemoDistrict, outside: Any, service: FakeService) -> None:
    browser(district, service)
    tell(district)
    night = AT.replace(hour=23)

    assert send_due(district_id=district.id, at=night) == 1

    (row,) = Delivery.objects.all()
    assert (service.asked, row.state, row.next_try_at) == ([], "queued", AT.replace(hour=8) + timedelta(days=1))


def test_browsers_are_woken_sealed_and_lost_ones_let_go(
    district: DemoDistrict, outside: Any, service: FakeService
) -> None:
    for name in ("b1", "b2"):
        browser(district, service, name)
    tell(district)
    service.answers = [(201, ""), (410, "")]

    send_due(district_id=district.id, at=NOW)

    assert {asked.path for asked in service.asked} == {"/push/b1", "/push/b2"}
    assert all(asked.headers["authorization"].endswith(f"k={push_key()}") for asked in service.asked)
    assert all(TEXT.encode() not in asked.body and b"title" not in asked.body for asked in service.asked)
    assert (states()[0][1], Address.objects.count()) == ("sent", 1)


def test_group_of_the_organisation_hears_until_it_is_let_go(
    district: DemoDistrict, outside: Any, service: FakeService
) -> None:
    admin, committee = district.viewer("system_admin"), district.organisations["committee_1"]
    robot = NewRobot(committee, "dingtalk", "工作群", f"{service.url}/robot/send?access_token=t", "SEC1")
    robot_id = add_robot(by=admin, robot=robot, at=AT)
    service.answers = [(200, '{"errcode":0}')]
    tell(district, organisation_id=committee)
    tell(district, organisation_id=district.organisations["committee_2"])

    send_due(district_id=district.id, at=NOW)
    end_robot(by=admin, robot_id=robot_id, at=NOW)
    tell(district, organisation_id=committee)

    assert len(service.asked) == 1
    assert "&sign=" in service.asked[0].path
    assert service.asked[0].said["text"]["content"].startswith("新事项 10626-")
    assert states() == [("dingtalk", "sent", 0, "")]


def test_inner_address_of_a_robot_is_not_called(district: DemoDistrict, outside: Any, service: FakeService) -> None:
    outside.OUTSIDE = replace(outside.OUTSIDE, networks=())
    committee = district.organisations["committee_1"]
    add_robot(by=district.viewer("system_admin"), at=AT,
              robot=NewRobot(committee, "wecom", "工作群", f"{service.url}/send?key=k"))  # fmt: skip
    tell(district, organisation_id=committee)

    send_due(district_id=district.id, at=NOW)

    assert (states(), service.asked) == ([("wecom", "given_up", 1, "private_address")], [])


def test_without_a_gateway_it_goes_to_the_console_and_says_so(
    district: DemoDistrict, caplog: pytest.LogCaptureFixture
) -> None:
    text_me(district)
    tell(district)

    with caplog.at_level(logging.WARNING):
        send_due(district_id=district.id, at=NOW)

    (row,) = Delivery.objects.all()
    assert (row.state, row.via) == ("sent", "console")
    assert str(row.id) in caplog.text
    assert not any(said in caplog.text for said in (TEXT, "138", "新事项"))


def test_own_words_of_a_channel_go_before_those_for_all(
    district: DemoDistrict, outside: Any, service: FakeService
) -> None:
    admin = district.viewer("system_admin")
    more = {"by": admin, "kind": "case.opened", "language": "zh-hans", "at": AT}
    assert publish_text(channel="", text="各渠道 {number}", **more) == 1
    assert publish_text(channel="sms", text="短信 {number} {due}", **more) == 1
    assert publish_text(channel="sms", text="短信改 {number}", **more) == 2
    text_me(district)
    tell(district)
    send_due(district_id=district.id, at=NOW)

    assert service.asked[0].said["text"].startswith("短信改 10626-")
    publish_text(channel="sms", text="", **more)
    tell(district)
    send_due(district_id=district.id, at=NOW)
    assert service.asked[1].said["text"].startswith("各渠道 10626-")


def test_district_begins_and_people_choose_over_it(district: DemoDistrict) -> None:
    mine = worker(district)
    save_wish(district_id=district.id, person_id=None, wish=replace(FIRST, choices={"case.opened": ()}, quiet_to=7))
    save_wish(district_id=district.id, person_id=mine, wish=replace(FIRST, choices={"case.joined": ("sms",)}))

    found = wish_of(district_id=district.id, person_id=mine)

    assert (found.channels("case.opened"), found.channels("case.joined"), found.quiet_to) == ((), ("sms",), 8)
    assert wish_of(district_id=district.id, person_id=None).quiet_to == 7


def test_browser_of_a_shared_computer_belongs_to_who_came_last(district: DemoDistrict, service: FakeService) -> None:
    browser(district, service)
    clerk = district.viewer("community_clerk").person_id
    assert clerk is not None
    parts = [f"{service.url}/push/b1", encoded(public_of(KEY)), encoded(bytes(16))]
    add_browser(district_id=district.id, person_id=clerk, parts=parts, device={}, at=AT)

    assert list(Address.objects.values_list("person_id", flat=True)) == [clerk]


def test_who_serves_no_more_leaves_nothing_and_old_deliveries_go(district: DemoDistrict) -> None:
    mail(district)
    save_wish(district_id=district.id, person_id=worker(district), wish=FIRST)
    queue_deliveries(district_id=district.id, to=[(Whom.PERSON, worker(district), "email", AT)], message_id=new_id(),
                     kind="case.opened", subject_id=new_id(), at=AT)  # fmt: skip
    Delivery.objects.update(state="sent", settled_at=AT)
    post = district.post_of("grid_worker")

    assert forget_choices(district_id=district.id, at=NOW) == 0
    Post.objects.filter(id=post).update(ends_on=AT.date() - timedelta(days=1))
    assert forget_choices(district_id=district.id, at=NOW) == 2
    assert (Address.objects.count(), Preference.objects.count()) == (0, 0)
    assert forget_notices(district_id=district.id, at=AT + timedelta(days=31)) == 1
