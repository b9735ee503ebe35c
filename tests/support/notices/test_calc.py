"""When somebody is told, in what words, and the protocols of services against their public documents."""

import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.outgoing import Answer
from linli.support.notices.calc.protocols import (
    cut,
    is_final,
    robot_fault,
    robot_request,
    sms_fault,
    sms_request,
    webhook_request,
    webhook_signature,
)
from linli.support.notices.calc.push import Browser, decoded, encoded, key_of, public_of, push_request, sealed_for
from linli.support.notices.calc.texts import LANGUAGES, check_text, default_text, fill, kinds, placeholders_of
from linli.support.notices.calc.timing import due_at, is_last, is_quiet, wait_after
from linli.support.notices.errors import BadText

NOON = datetime(2026, 11, 18, 12, 20, tzinfo=UTC)


@pytest.mark.parametrize(("at", "pace", "due"), [
    ("18T12:20", "at_once", "18T12:20"), ("18T21:00", "at_once", "19T08:00"), ("18T03:00", "at_once", "18T08:00"),
    ("18T12:20", "hourly", "18T13:00"), ("18T20:30", "hourly", "19T08:00"), ("18T12:20", "morning", "19T08:00"),
    ("18T07:59", "morning", "18T08:00"), ("18T08:00", "morning", "18T08:00"),
])  # fmt: skip
def test_due_by_pace_and_quiet_hours(at: str, pace: str, due: str) -> None:
    told = due_at(datetime.fromisoformat(f"2026-11-{at}"), pace=pace, quiet_from=21, quiet_to=8)

    assert told == datetime.fromisoformat(f"2026-11-{due}")


@settings(max_examples=100)
@given(
    st.integers(0, 23), st.integers(0, 23), st.integers(0, 60 * 48), st.sampled_from(("at_once", "hourly", "morning"))
)
def test_never_in_quiet_hours_nor_before_nor_much_later(begin: int, end: int, minutes: int, pace: str) -> None:
    at = NOON + timedelta(minutes=minutes)

    due = due_at(at, pace=pace, quiet_from=begin, quiet_to=end)

    assert not is_quiet(due.hour, quiet_from=begin, quiet_to=end)
    assert at <= due <= at + timedelta(days=2)


def test_waits_double_and_differ_and_end() -> None:
    ids = [UUID(int=seed * 7919**9 + seed) for seed in range(50)]

    assert len({wait_after(3, each) for each in ids}) > 10
    assert all(timedelta(seconds=90) <= wait_after(3, each) <= timedelta(seconds=150) for each in ids)
    assert (is_last(9, "sms"), is_last(10, "sms"), is_last(19, "webhook"), is_last(20, "webhook")) == (
        False, True, False, True,
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_default_words_can_be_published_and_filled(language: str) -> None:
    for kind in kinds():
        words = check_text(default_text(kind, language), kind)
        assert "{" not in fill(words, dict.fromkeys(placeholders_of(kind), "x"))


@pytest.mark.parametrize(("text", "code"), [
    ("给 {name} 的", "placeholder_personal"), ("{phone}", "placeholder_personal"), ("{lines}", "placeholder_unknown"),
    ("{number", "placeholder_unknown"), ("{}", "placeholder_unknown"), ("{number.x}", "placeholder_unknown"),
    (" ", "notice_text_missing"), ("长" * 501, "notice_text_too_long"),
])  # fmt: skip
def test_words_with_other_placeholders_are_refused(text: str, code: str) -> None:
    with pytest.raises(BadText) as refused:
        check_text(text, "case.opened")
    assert refused.value.code == code


def test_value_is_not_filled_in_again() -> None:
    assert fill("{number} {link}", {"number": "{link}", "link": "x"}) == "{link} x"


def test_dingtalk_signs_time_and_secret() -> None:
    request = robot_request("dingtalk", url="https://d.example/robot/send?access_token=t", secret="SEC1", text="新事项",
                            at_s=1700000000.5)  # fmt: skip
    query = parse_qs(urlsplit(request.url).query)

    assert query["timestamp"] == ["1700000000500"]
    assert query["sign"] == ["gr4PvsdR5VWsd/SeS6HzgM4+8vxCvVNXpWN3iKyplmI="]
    assert json.loads(request.body) == {"msgtype": "text", "text": {"content": "新事项"}}


def test_wecom_and_feishu_say_text_in_their_own_shape() -> None:
    wecom = robot_request("wecom", url="https://w.example/send?key=k", secret="", text="新" * 900, at_s=1.0)
    feishu = robot_request("feishu", url="https://f.example/hook/x", secret="s", text="新", at_s=1700000000.0)

    assert wecom.url == "https://w.example/send?key=k"
    assert len(json.loads(wecom.body)["text"]["content"].encode()) <= 2048
    said = json.loads(feishu.body)
    assert (said["msg_type"], said["content"], said["timestamp"]) == ("text", {"text": "新"}, "1700000000")
    assert said["sign"] == "+z1fiKH1w9xoRwSUZju5W5ZBj/d5cwS4H+5mTClDOl4="


@pytest.mark.parametrize(("status", "body", "fault"), [
    (200, '{"errcode":0}', ""), (200, '{"code":0,"msg":"success"}', ""), (200, '{"errcode":310000}', "code_310000"),
    (200, "<html>", "code_None"), (502, "", "status_502"),
])  # fmt: skip
def test_robots_answer_in_their_body(status: int, body: str, fault: str) -> None:
    assert robot_fault(Answer(status, body.encode())) == fault


def test_sms_fills_json_without_breaking_out() -> None:
    text = '新事项"}, {phone} \\ {id}'

    request = sms_request(
        url="https://s.example", headers={"Authorization": "Bearer t"}, phone="13800000000", text=text, message_id="m1",
        template='{"to":["{phone}"],"args":{"content":"【邻里】{text}"},"n":1,"ref":"{id}"}',
    )  # fmt: skip

    assert json.loads(request.body) == {
        "to": ["13800000000"], "args": {"content": f"【邻里】{text}"}, "n": 1, "ref": "m1",
    }  # fmt: skip
    assert (request.headers["Authorization"], request.headers["Idempotency-Key"]) == ("Bearer t", "m1")


def test_sms_answer_is_judged_by_its_field() -> None:
    good = Answer(200, b'{"code":"0"}')

    assert [sms_fault(good, ("code", "0")), sms_fault(good, None), sms_fault(Answer(200, b'{"code":7}'), ("code", "0")),
            sms_fault(Answer(429, b""), None)] == ["", "", "code_7", "status_429"]  # fmt: skip
    assert [is_final(code, "sms") for code in ("status_401", "status_500", "timeout")] == [True, False, False]
    assert [is_final(code, "webhook") for code in ("status_401", "status_410")] == [False, True]


def test_webhook_is_signed_as_the_reference_libraries_do() -> None:
    """The vector of Standard Webhooks' own libraries (test of signing in Go and JavaScript, release 1.0)."""
    said = {"secret": b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "message_id": "msg_p5jXN8AQM9LWM0D4loKWxJek"}

    assert webhook_signature(b'{"test": 2432232314}', stamp="1614265330", **said) == (
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
    request = webhook_request(url="https://x.example", body={"a": 1}, at_s=1614265330.9, secrets=[said["secret"]],
                              message_id=said["message_id"])  # fmt: skip
    signed = webhook_signature(request.body, stamp="1614265330", **said)
    assert {name: value for name, value in request.headers.items() if name.startswith("webhook-")} == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
        "webhook-signature": f"v1,{signed}",
    }  # fmt: skip


# RFC 8291, section 5 and appendix A.
_UA = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
_SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_push_seals_as_the_example_of_the_standard() -> None:
    browser = Browser("https://p.example", decoded(_UA), decoded("BTBZMqHH6r4Tts7J_aSIgg"))
    once = ec.derive_private_key(int.from_bytes(decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), ec.SECP256R1())

    sealed = sealed_for(browser, b"When I grow up, I want to be a watermelon", once=once,
                        salt=decoded("DGv6ra1nlYgDCS1FRnbzlw"))  # fmt: skip

    assert encoded(sealed) == _SEALED


def test_push_proves_who_sends() -> None:
    sender = key_of(sha256(b"seed").digest())
    browser = Browser("https://push.example/x/y", decoded(_UA), bytes(16))

    request = push_request(browser, said={"title": "新事项"}, message_id="m", sender=sender, contact="mailto:a@b.cn",
                           at_s=1700000000.0)  # fmt: skip

    token, key = request.headers["Authorization"].removeprefix("vapid t=").split(", k=")
    head, claims, sign = token.split(".")
    assert json.loads(decoded(claims)) == {"aud": "https://push.example", "exp": 1700043200, "sub": "mailto:a@b.cn"}
    raw = decoded(sign)
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key)).verify(
        signature, f"{head}.{claims}".encode(), ec.ECDSA(SHA256())
    )
    assert (key, len(request.headers["Topic"])) == (encoded(public_of(sender)), 32)


def test_cut_never_splits_a_character() -> None:
    assert cut("新事项", 7) == "新事"
