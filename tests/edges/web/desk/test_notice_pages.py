"""One's own notices and ways, nobody else's; ways out, words and deliveries for the system administrator alone."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.district import AT, ROLES, DemoDistrict

from linli.kernel.ids import new_id
from linli.ledger.audit.queries import list_lines
from linli.support.notices.actions import notify, queue_deliveries
from linli.support.notices.actions.choosing import add_mail
from linli.support.notices.actions.robots import NewRobot, add_robot
from linli.support.notices.calc.push import encoded, key_of, public_of
from linli.support.notices.choices import Whom
from linli.support.notices.models import Address, Delivery, Notice, Preference, Robot, Text
from linli.support.notices.queries.preferences import wish_of

MINE, WAYS = "/desk/notices/", "/desk/ways-out/"
PAGES = (WAYS, f"{WAYS}defaults/", f"{WAYS}texts/", f"{WAYS}systems/")
URL, SECRET = "https://oapi.example/robot/send?access_token=t0ken", "SECsecret"


def person_of(district: DemoDistrict, role: str) -> UUID:
    person_id = district.viewer(role).person_id
    assert person_id is not None
    return person_id


@pytest.fixture
def others(district: DemoDistrict) -> UUID:
    """Let the clerk have an address, a notice and a delivery."""
    clerk = person_of(district, "community_clerk")
    add_mail(district_id=district.id, person_id=clerk, address="clerk@office.example", at=AT)
    notify(district_id=district.id, people=[clerk], message_id=new_id(), kind="case.opened", subject_id=new_id(), at=AT)
    return Address.objects.get().id


@pytest.fixture
def robot(district: DemoDistrict) -> UUID:
    named = NewRobot(district.organisations["committee_1"], "dingtalk", "一网格群", URL, SECRET)
    return add_robot(by=district.viewer("system_admin"), robot=named, at=AT)


def test_own_page_keeps_choice_mail_and_browser(district: DemoDistrict, client: Client) -> None:
    signed_in, mine = district.login(client, "grid_worker"), person_of(district, "grid_worker")
    notify(district_id=district.id, people=[mine], message_id=new_id(), kind="case.opened", subject_id=new_id(),
           at=timezone.now())  # fmt: skip
    key = encoded(public_of(key_of(bytes(31) + b"\x07")))
    forms: list[dict[str, Any]] = [
        {"do": "mail", "email": "w@office.example"},
        {"do": "browser", "endpoint": "https://push.example/x", "p256dh": key, "auth": encoded(bytes(16))},
        {"do": "save", "case.opened|sms": "on", "pace_push": "hourly", "pace_email": "morning", "pace_sms": "at_once",
         "quiet_from": "22", "quiet_to": "7", "language": "en"},
        {"do": "try"}, {"do": "read"},
    ]  # fmt: skip

    assert [signed_in.post(MINE, form).status_code for form in forms] == [302] * 5
    page = signed_in.get(MINE).content.decode()

    assert ("w@office.example" in page, "push.example" in page) == (True, False)
    wish = wish_of(district_id=district.id, person_id=mine)
    assert (wish.channels("case.opened"), wish.pace("push"), wish.quiet_from, wish.language) == (
        ("sms",), "hourly", 22, "en",
    )  # fmt: skip
    assert sorted(Delivery.objects.filter(kind="notice.test").values_list("channel", flat=True)) == ["email", "push"]
    assert list(Notice.objects.values_list("is_read", flat=True)) == [True]


@pytest.mark.parametrize(("form", "status"), [
    ({"do": "mail", "email": "no mail"}, 422), ({"do": "browser", "endpoint": "x", "p256dh": "AA", "auth": "AA"}, 422),
    ({"do": "save", "quiet_from": "99"}, 422), ({"do": "nothing"}, 422), ({"do": "remove", "address": "7"}, 404),
    ({"do": "save", "case.opened|pigeon": "on", "quiet_from": "1", "quiet_to": "2", "language": "de"}, 422),
])  # fmt: skip
def test_bad_form_is_refused_in_words(
    district: DemoDistrict, client: Client, form: dict[str, str], status: int
) -> None:
    answer = district.login(client, "grid_worker").post(MINE, form)

    assert (answer.status_code, Address.objects.count(), Preference.objects.count()) == (status, 0, 0)


def test_nobody_sees_or_touches_what_is_anothers(district: DemoDistrict, client: Client, others: UUID) -> None:
    signed_in = district.login(client, "grid_worker")

    page = signed_in.get(MINE).content.decode()
    answers = [signed_in.post(MINE, form).status_code for form in ({"do": "remove", "address": str(others)},
                                                                   {"do": "try"}, {"do": "read"})]  # fmt: skip

    assert ("clerk@office" in page, answers) == (False, [404, 302, 302])
    assert (Address.objects.count(), Delivery.objects.exclude(kind="case.opened").count()) == (1, 0)
    assert list(Notice.objects.values_list("is_read", flat=True)) == [False]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "system_admin"])
def test_ways_out_are_the_system_administrators_alone(
    district: DemoDistrict, client: Client, robot: UUID, role: str
) -> None:
    signed_in = district.login(client, role)
    queue_deliveries(district_id=district.id, to=[(Whom.ROBOT, robot, "dingtalk", AT)], message_id=new_id(),
                     kind="case.opened", subject_id=new_id(), at=AT)  # fmt: skip
    Delivery.objects.update(state="failed")
    delivery = Delivery.objects.get()

    got = [signed_in.get(path).status_code for path in PAGES]
    sent = [signed_in.post(path, {"do": "end", "robot": str(robot), "kind": "case.opened", "text": "x"}).status_code
            for path in (*PAGES, f"/desk/deliveries/{delivery.id}/retry/")]  # fmt: skip

    assert (got, sent) == ([403] * 4, [403] * 5)
    delivery.refresh_from_db()
    assert (Robot.objects.get().ended_at, Text.objects.count(), Preference.objects.count(), delivery.state) == (
        None, 0, 0, "failed",
    )  # fmt: skip


def test_group_is_named_and_let_go_and_its_secret_never_shown(
    district: DemoDistrict, client: Client, robot: UUID
) -> None:
    signed_in = district.login(client, "system_admin")
    form = {"do": "add", "name": "二群", "channel": "wecom", "organisation": str(district.organisations["committee_1"])}

    bad = signed_in.post(WAYS, {**form, "url": "ftp://x"})
    good = signed_in.post(WAYS, {**form, "url": "https://qyapi.example/send?key=k3y"})
    page = signed_in.get(WAYS).content.decode()
    signed_in.post(WAYS, {"do": "end", "robot": str(robot)})

    assert (bad.status_code, good.status_code) == (422, 302)
    assert [word in page for word in ("一网格群", "二群", "t0ken", SECRET, "k3y")] == [True, True, False, False, False]
    ended = Robot.objects.get(id=robot)
    assert (bool(ended.ended_at), bytes(ended.url), bytes(ended.secret)) == (True, b"", b"")
    dids = [line.data.get("did") for line in list_lines(district_id=district.id, kinds=["settings_changed"]).lines]
    assert sorted(dids) == ["robot_added", "robot_ended"]


def test_organisation_of_another_district_has_no_group_here(district: DemoDistrict, client: Client) -> None:
    form = {"do": "add", "name": "群", "channel": "wecom", "url": "https://q.example/",
            "organisation": str(district.organisations["away-committee_1"])}  # fmt: skip

    assert district.login(client, "system_admin").post(WAYS, form).status_code == 422


def test_words_are_looked_at_first_and_guarded(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "system_admin")
    form = {"kind": "case.opened", "channel": "sms", "language": "zh-hans", "text": "请看 {number} {link}"}

    look = signed_in.post(f"{WAYS}texts/", {**form, "do": "look"})
    refused = signed_in.post(f"{WAYS}texts/", {**form, "do": "keep", "text": "{name}的 {number}"})
    assert (look.status_code, "请看 10626-000417" in look.content.decode(), Text.objects.count()) == (200, True, 0)
    assert (refused.status_code, "个人信息" in refused.content.decode()) == (422, True)

    kept = signed_in.post(f"{WAYS}texts/", {**form, "do": "keep"})
    page = signed_in.get(kept.headers["Location"]).content.decode()
    assert (kept.status_code, "请看 {number} {link}" in page, Text.objects.count()) == (302, True, 1)


def test_deliveries_are_filtered_and_hold_nothing_of_anybody(
    district: DemoDistrict, client: Client, others: UUID
) -> None:
    signed_in = district.login(client, "system_admin")

    page = signed_in.get("/desk/jobs/?state=queued&channel=email").content.decode()
    none = signed_in.get("/desk/jobs/?state=sent").content.decode()

    assert ("邮件 · 工作人员" in page, "clerk@office" in page, "邮件 · 工作人员" in none) == (True, False, False)
