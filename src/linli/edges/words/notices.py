"""Ways out of the program and how deliveries stand, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from linli.support.notices.choices import Channel, Pace, State, Whom

CHANNELS: Mapping[str, Any] = {
    Channel.PUSH: gettext_lazy("Browser"),
    Channel.EMAIL: gettext_lazy("E-mail"),
    Channel.SMS: gettext_lazy("Text message"),
    Channel.DINGTALK: gettext_lazy("DingTalk group"),
    Channel.WECOM: gettext_lazy("WeCom group"),
    Channel.FEISHU: gettext_lazy("Feishu group"),
    Channel.WEBHOOK: gettext_lazy("Other system"),
}
STATES: Mapping[str, Any] = {
    State.QUEUED: gettext_lazy("on its way"),
    State.FAILED: gettext_lazy("failed, is tried again"),
    State.SENT: gettext_lazy("sent"),
    State.GIVEN_UP: gettext_lazy("given up"),
}
TONES: Mapping[str, str] = {State.QUEUED: "", State.FAILED: "warn", State.SENT: "ok", State.GIVEN_UP: "late"}
PACES: Mapping[str, Any] = {
    Pace.AT_ONCE: gettext_lazy("at once"),
    Pace.HOURLY: gettext_lazy("gathered, every hour"),
    Pace.MORNING: gettext_lazy("gathered, in the morning"),
}
WHOM: Mapping[str, Any] = {
    Whom.PERSON: gettext_lazy("staff"),
    Whom.REPORTER: gettext_lazy("reporter"),
    Whom.ROBOT: gettext_lazy("group chat"),
    Whom.SYSTEM: gettext_lazy("other system"),
}
_FAULTS: Mapping[str, Any] = {
    "no_address": gettext_lazy("no address left"),
    "timeout": gettext_lazy("no answer in time"),
    "no_connection": gettext_lazy("no connection"),
    "no_such_host": gettext_lazy("name unknown"),
    "private_address": gettext_lazy("address of an inner network"),
    "not_https": gettext_lazy("not encrypted"),
    "bad_url": gettext_lazy("address unreadable"),
    "tls": gettext_lazy("certificate not valid"),
    "recipient_refused": gettext_lazy("recipient refused"),
    "ended": gettext_lazy("switched off"),
}
NOTICE_ERRORS: Mapping[str, Any] = {
    "bad_choice": gettext_lazy("Choose one of what is offered. The rest is kept."),
    "bad_mail": gettext_lazy("That is no address of mail. Write it as name@office.cn; nothing was changed."),
    "bad_browser": gettext_lazy("This browser could not be registered. Allow notices in its settings and try again."),
    "bad_url": gettext_lazy("Write the whole address, beginning with https://. What you entered is kept."),
    "no_such_address": gettext_lazy("That address was removed meanwhile."),
    "no_such_robot": gettext_lazy("That group was removed meanwhile."),
    "no_such_subscription": gettext_lazy("There is no such subscription."),
    "no_such_delivery": gettext_lazy("It went out meanwhile, or there is no such delivery."),
    "notice_text_missing": gettext_lazy("Write what is to be sent."),
    "notice_text_too_long": gettext_lazy("At most %(most)s characters. What you wrote is still here."),
    "placeholder_unknown": gettext_lazy(
        "There is no placeholder “%(name)s” here. Use one of those named beside the field; what you wrote is kept."
    ),
    "placeholder_personal": gettext_lazy(
        "“%(name)s” would carry personal data outside. A number and an address to look at are enough; what you wrote is kept."
    ),
}


def say_delivery_fault(code: str) -> str:
    """Word what a service answered; a number of its own stays one."""
    return str(_FAULTS.get(code, code))
