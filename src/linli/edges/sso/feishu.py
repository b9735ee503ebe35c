"""Feishu (飞书), its signing in on other sites, with PKCE.

Source: open.feishu.cn, 获取授权码 (authen/v1/authorize), 获取 user_access_token (accounts.feishu.cn/oauth/v3/token),
获取用户信息 (authen/v1/user_info). It signs nothing about who it is, so there is no nonce.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from linli.edges.sso.calling import call
from linli.edges.sso.provider import Known, ProviderFailed, Trip, text_of, without_error


@dataclass(frozen=True, slots=True)
class Feishu:
    """An app of the office's organisation there. accounts_url, api_url: where it is a Feishu of one's own."""

    client_id: str
    client_secret: str
    accounts_url: str = "https://accounts.feishu.cn"
    api_url: str = "https://open.feishu.cn"
    code: str = "feishu"

    def leave(self, trip: Trip) -> str:
        """Give the address to which the browser goes, with a challenge in place of the verifier."""
        query = {"response_type": "code", "client_id": self.client_id, "redirect_uri": trip.redirect_uri,
                 "state": trip.state, "code_challenge": trip.challenge, "code_challenge_method": "S256"}  # fmt: skip
        return f"{self.accounts_url}/open-apis/authen/v1/authorize?{urlencode(query)}"

    def come_back(self, trip: Trip, query: Mapping[str, str]) -> Known:
        """Change the code for a token and ask whose it is; the roster's number comes where the app may read it."""
        body = {"grant_type": "authorization_code", "client_id": self.client_id, "client_secret": self.client_secret,
                "code": text_of(query, "code"), "redirect_uri": trip.redirect_uri,
                "code_verifier": trip.verifier}  # fmt: skip
        token = text_of(
            without_error(call("POST", f"{self.accounts_url}/oauth/v3/token", body=body), "code"), "access_token"
        )
        headers = {"Authorization": f"Bearer {token}"}
        me = without_error(call("GET", f"{self.api_url}/open-apis/authen/v1/user_info", headers=headers), "code").get(
            "data"
        )
        if not isinstance(me, dict):
            raise ProviderFailed("no_data")
        number = me.get("employee_no", "")
        return Known(text_of(me, "union_id"), number if isinstance(number, str) else "")
