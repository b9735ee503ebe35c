"""DingTalk (钉钉), its signing in on other sites by scanning.

Source: open.dingtalk.com, 登录第三方网站: login.dingtalk.com/oauth2/auth, v1.0/oauth2/userAccessToken,
v1.0/contact/users/me.
It offers neither PKCE nor a nonce: the state, and the secret by which the code is changed, have to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from linli.edges.sso.calling import call
from linli.edges.sso.provider import Known, Trip, text_of


@dataclass(frozen=True, slots=True)
class DingTalk:
    """An app of the office's organisation there. login_url, api_url: where it is a DingTalk of the government's."""

    client_id: str
    client_secret: str
    login_url: str = "https://login.dingtalk.com"
    api_url: str = "https://api.dingtalk.com"
    code: str = "dingtalk"

    def leave(self, trip: Trip) -> str:
        """Give the address to which the browser goes."""
        query = {"response_type": "code", "scope": "openid", "prompt": "consent", "client_id": self.client_id,
                 "redirect_uri": trip.redirect_uri, "state": trip.state}  # fmt: skip
        return f"{self.login_url}/oauth2/auth?{urlencode(query)}"

    def come_back(self, trip: Trip, query: Mapping[str, str]) -> Known:
        """Change the code for a token and ask whose it is; the union id is the same for all apps of an organisation."""
        del trip
        body = {"clientId": self.client_id, "clientSecret": self.client_secret, "code": text_of(query, "authCode"),
                "grantType": "authorization_code"}  # fmt: skip
        token = text_of(call("POST", f"{self.api_url}/v1.0/oauth2/userAccessToken", body=body), "accessToken")
        me = call("GET", f"{self.api_url}/v1.0/contact/users/me", headers={"x-acs-dingtalk-access-token": token})
        return Known(text_of(me, "unionId"))
