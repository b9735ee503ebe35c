"""What a browser says it is, as two codes: enough for people to know their own devices again, and no more."""

# The first mark that is found counts, so what pretends to be another one stands before it.
_BROWSERS = (
    ("MicroMessenger/", "wechat"), ("DingTalk/", "dingtalk"), ("Lark/", "feishu"), ("Edg/", "edge"), ("EdgA/", "edge"),
    ("QIHU", "other"), ("OPR/", "other"), ("MQQBrowser/", "other"), ("UCBrowser/", "other"), ("Firefox/", "firefox"),
    ("FxiOS/", "firefox"), ("Chrome/", "chrome"), ("CriOS/", "chrome"), ("Safari/", "safari"),
)  # fmt: skip
_SYSTEMS = (
    ("OpenHarmony", "harmony"), ("HarmonyOS", "harmony"), ("Windows", "windows"), ("Android", "android"),
    ("iPhone", "iphone"), ("iPad", "ipad"), ("Macintosh", "mac"), ("Linux", "linux"),
)  # fmt: skip
OTHER = "other"
BROWSERS = frozenset(code for _, code in _BROWSERS)
SYSTEMS = frozenset(code for _, code in _SYSTEMS) | {OTHER}


def device_of(user_agent: str) -> tuple[str, str]:
    """Tell browser and system from the header User-Agent; "other" for what is not known."""
    browser = next((code for mark, code in _BROWSERS if mark in user_agent), OTHER)
    system = next((code for mark, code in _SYSTEMS if mark in user_agent), OTHER)
    return browser, system
