"""How each service outside wants to be asked, and what its answer means; pure, so that each is tried by itself.

DingTalk: a group's own robot, signed with HMAC-SHA256 over milliseconds, a line's end and the secret. Source:
open.dingtalk.com, 自定义机器人安全设置. WeCom: a group's robot, the key is in its address; developer.work.weixin.qq.com
91770. Feishu: a group's own robot, the key of the signature made of seconds and secret; open.feishu.cn,
自定义机器人使用指南. SMS: one POST of JSON as the environment describes it; no maker's own protocol. Webhooks:
standardwebhooks.com, version 1.
"""

import hashlib
import hmac
import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from linli.kernel.outgoing import Answer, Request
from linli.support.notices.choices import Channel

_JSON = {"Content-Type": "application/json; charset=utf-8"}
# What a status says of asking again: these will never be taken, whoever asks.
_NEVER = frozenset({400, 401, 403, 404, 405, 410, 413, 422})
_MARK = re.compile(r"\{(?:phone|text|id)\}")
_MOST_BYTES = 2000  # WeCom takes 2,048 of a text


def robot_request(channel: str, *, url: str, secret: str, text: str, at_s: float) -> Request:
    """Ask the robot of a group to say something. at_s: seconds since 1970."""
    if channel == Channel.FEISHU:
        feishu: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if secret:
            seconds = str(int(at_s))
            feishu |= {"timestamp": seconds, "sign": _mac(f"{seconds}\n{secret}".encode(), b"")}
        return Request(url, _body(feishu), _JSON)
    if channel == Channel.DINGTALK and secret:
        stamp = str(int(at_s * 1000))
        sign = _mac(secret.encode(), f"{stamp}\n{secret}".encode())
        url += ("&" if "?" in url else "?") + urlencode({"timestamp": stamp, "sign": sign})
    return Request(url, _body({"msgtype": "text", "text": {"content": cut(text)}}), _JSON)


def robot_fault(answer: Answer) -> str:
    """Tell what a robot's answer means: "" for taken, else a code. They answer 200 with a number of their own."""
    if not answer.is_good:
        return f"status_{answer.status}"
    said = _object(answer)
    code = said.get("errcode", said.get("code", said.get("StatusCode")))
    return "" if code == 0 else f"code_{str(code)[:12]}"


def sms_request(
    *, url: str, headers: Mapping[str, str], template: str, phone: str, text: str, message_id: str
) -> Request:
    """Ask a gateway to send a text message, by its JSON with {phone}, {text} and {id} filled in where they stand.

    message_id goes as Idempotency-Key too, so that a gateway that knows it sends once however often it is asked.
    """
    values = {"{phone}": phone, "{text}": text, "{id}": message_id}
    return Request(
        url, _body(_filled(json.loads(template), values)), {**_JSON, **headers, "Idempotency-Key": message_id}
    )


def sms_fault(answer: Answer, good: tuple[str, str] | None) -> str:
    """Tell what a gateway's answer means: "" for taken, else a code. good: a field and the value that says so."""
    if not answer.is_good:
        return f"status_{answer.status}"
    if good is None:
        return ""
    said = str(_object(answer).get(good[0], ""))
    return "" if said == good[1] else f"code_{said[:12] or 'none'}"


def webhook_request(
    *, url: str, secrets: Sequence[bytes], message_id: str, body: Mapping[str, Any], at_s: float
) -> Request:
    """Tell another system of something: signed over "id.seconds.body", the same id over all tries.

    secrets: each signs, with a space between; whoever has one of them finds its signature.
    """
    raw, stamp = _body(body), str(int(at_s))
    signs = (webhook_signature(raw, secret=secret, message_id=message_id, stamp=stamp) for secret in secrets)
    return Request(url, raw, {**_JSON, "webhook-id": message_id, "webhook-timestamp": stamp,
                              "webhook-signature": " ".join(f"v1,{sign}" for sign in signs)})  # fmt: skip


def webhook_signature(raw: bytes, *, secret: bytes, message_id: str, stamp: str) -> str:
    """Sign what is sent: whoever has the secret can tell that it came from here, and when."""
    return _mac(secret, b".".join((message_id.encode(), stamp.encode(), raw)))


def is_final(fault: str, channel: str) -> bool:
    """Whether asking again is of no use. A webhook's system may be mended, so only "gone" ends its tries."""
    if channel == Channel.WEBHOOK:
        return fault == "status_410"
    return fault in {f"status_{status}" for status in _NEVER} or fault in {"bad_url", "private_address", "not_https"}


def cut(text: str, most: int = _MOST_BYTES) -> str:
    """Shorten to so many bytes of UTF-8, never within a character."""
    return text.encode()[:most].decode(errors="ignore")


def _mac(key: bytes, said: bytes) -> str:
    return b64encode(hmac.digest(key, said, hashlib.sha256)).decode()


def _body(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _object(answer: Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    """Fill in the strings of a document; a value can't break out of its string, nor be filled in itself."""
    if isinstance(part, dict):
        return {name: _filled(each, values) for name, each in part.items()}
    if isinstance(part, list):
        return [_filled(each, values) for each in part]
    if isinstance(part, str):
        return _MARK.sub(lambda found: values[found[0]], part)
    return part
