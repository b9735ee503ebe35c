"""Devices and places that somebody signs in from, in words."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

BROWSERS: Mapping[str, Any] = {
    "chrome": gettext_lazy("Chrome"),
    "edge": gettext_lazy("Edge"),
    "firefox": gettext_lazy("Firefox"),
    "safari": gettext_lazy("Safari"),
    "wechat": gettext_lazy("WeChat"),
    "dingtalk": gettext_lazy("DingTalk"),
    "feishu": gettext_lazy("Feishu"),
    "other": gettext_lazy("another browser"),
}
SYSTEMS: Mapping[str, Any] = {
    "windows": gettext_lazy("Windows computer"),
    "mac": gettext_lazy("Mac computer"),
    "linux": gettext_lazy("Linux computer"),
    "android": gettext_lazy("Android telephone or tablet"),
    "harmony": gettext_lazy("HarmonyOS device"),
    "iphone": gettext_lazy("iPhone"),
    "ipad": gettext_lazy("iPad"),
    "other": gettext_lazy("another device"),
}
PROVIDERS: Mapping[str, Any] = {
    "oidc": gettext_lazy("Single sign-on of the office"),
    "dingtalk": gettext_lazy("DingTalk"),
    "feishu": gettext_lazy("Feishu"),
    "wecom": gettext_lazy("WeCom"),
}
MEANS: Mapping[str, Any] = {
    **PROVIDERS,
    "password": gettext_lazy("password"),
    "totp": gettext_lazy("password and code of the app"),
    "security_key": gettext_lazy("password and security key"),
    "recovery_code": gettext_lazy("password and recovery code"),
}


def say_device(browser: str, system: str) -> str:
    """Name a device: "Windows computer, Edge"."""
    return _("%(system)s, %(browser)s") % {
        "system": SYSTEMS.get(system, SYSTEMS["other"]), "browser": BROWSERS.get(browser, BROWSERS["other"]),
    }  # fmt: skip


def say_place(address: str) -> str:
    """Say where an address lies, as far as it tells by itself: this machine, the office's network or elsewhere."""
    try:
        found = ip_address(address)
    except ValueError:
        return _("unknown")
    if found.is_loopback:
        return _("the server itself")
    return _("inside, %(address)s") % {"address": address} if found.is_private else address
