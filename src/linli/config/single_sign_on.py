"""What the environment says of providers of single sign-on: each of them whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass

_TWO = 2


class HalfAProvider(Exception):
    """A provider of which something is missing; the message names the variable."""


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """The variables of the README's table; "" and () for what is not named."""

    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_code_claim: str = ""
    dingtalk_client_id: str = ""
    dingtalk_client_secret: str = ""
    dingtalk_urls: tuple[str, ...] = ()
    feishu_client_id: str = ""
    feishu_client_secret: str = ""
    feishu_urls: tuple[str, ...] = ()
    wecom_corp_id: str = ""
    wecom_agent_id: str = ""
    wecom_secret: str = ""
    wecom_urls: tuple[str, ...] = ()


def read_single_sign_on(env: Mapping[str, str]) -> SingleSignOn:
    """Read and check the variables. Raises HalfAProvider."""
    said = SingleSignOn(
        oidc_issuer=env.get("LINLI_OIDC_ISSUER", ""),
        oidc_client_id=env.get("LINLI_OIDC_CLIENT_ID", ""),
        oidc_client_secret=env.get("LINLI_OIDC_CLIENT_SECRET", ""),
        oidc_code_claim=env.get("LINLI_OIDC_CODE_CLAIM", ""),
        dingtalk_client_id=env.get("LINLI_DINGTALK_CLIENT_ID", ""),
        dingtalk_client_secret=env.get("LINLI_DINGTALK_CLIENT_SECRET", ""),
        dingtalk_urls=_two("LINLI_DINGTALK_URLS", env.get("LINLI_DINGTALK_URLS", "")),
        feishu_client_id=env.get("LINLI_FEISHU_CLIENT_ID", ""),
        feishu_client_secret=env.get("LINLI_FEISHU_CLIENT_SECRET", ""),
        feishu_urls=_two("LINLI_FEISHU_URLS", env.get("LINLI_FEISHU_URLS", "")),
        wecom_corp_id=env.get("LINLI_WECOM_CORP_ID", ""),
        wecom_agent_id=env.get("LINLI_WECOM_AGENT_ID", ""),
        wecom_secret=env.get("LINLI_WECOM_SECRET", ""),
        wecom_urls=_two("LINLI_WECOM_URLS", env.get("LINLI_WECOM_URLS", "")),
    )
    for names in (("oidc_issuer", "oidc_client_id", "oidc_client_secret"),
                  ("dingtalk_client_id", "dingtalk_client_secret"), ("feishu_client_id", "feishu_client_secret"),
                  ("wecom_corp_id", "wecom_agent_id", "wecom_secret")):  # fmt: skip
        missing = [name for name in names if not getattr(said, name)]
        if missing and len(missing) < len(names):
            raise HalfAProvider(f"LINLI_{missing[0].upper()} is missing: single sign-on needs all of its variables.")
    return said


def _two(name: str, text: str) -> tuple[str, ...]:
    urls = tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
    if urls and (len(urls) != _TWO or not all(url.startswith("https://") for url in urls)):
        raise HalfAProvider(f"{name}={text!r} can't be used: write two addresses with https:// and a comma between.")
    return urls
