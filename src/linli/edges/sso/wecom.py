"""WeCom (企业微信), its signing in on web pages by scanning.

Source: developer.work.weixin.qq.com, 企业微信登录: login.work.weixin.qq.com/wwlogin/sso/login, cgi-bin/gettoken,
cgi-bin/auth/getuserinfo. It offers neither PKCE nor a nonce: the state, and the secret, have to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from linli.edges.sso.calling import call
from linli.edges.sso.provider import Known, Trip, text_of, without_error


@dataclass(frozen=True, slots=True)
class WeCom:
    """An app of the office's organisation there. login_url, api_url: where it is a WeCom of the government's."""

    corp_id: str
    agent_id: str
    secret: str
    login_url: str = "https://login.work.weixin.qq.com"
    api_url: str = "https://qyapi.weixin.qq.com"
    code: str = "wecom"

    def leave(self, trip: Trip) -> str:
        """Give the address to which the browser goes."""
        query = {"login_type": "CorpApp", "appid": self.corp_id, "agentid": self.agent_id,
                 "redirect_uri": trip.redirect_uri, "state": trip.state}  # fmt: skip
        return f"{self.login_url}/wwlogin/sso/login?{urlencode(query)}"

    def come_back(self, trip: Trip, query: Mapping[str, str]) -> Known:
        """Get a token for the app and ask whose the code is; somebody outside the organisation has no user id."""
        del trip
        asked = {"corpid": self.corp_id, "corpsecret": self.secret}
        token = text_of(self._ask("gettoken", asked), "access_token")
        return Known(
            text_of(self._ask("auth/getuserinfo", {"access_token": token, "code": text_of(query, "code")}), "userid")
        )

    def _ask(self, what: str, query: Mapping[str, str]) -> dict[str, Any]:
        return without_error(call("GET", f"{self.api_url}/cgi-bin/{what}", query=query), "errcode")
