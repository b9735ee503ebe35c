"""The providers that the environment names."""

from collections.abc import Iterator, Mapping

from django.conf import settings

from linli.edges.sso.dingtalk import DingTalk
from linli.edges.sso.feishu import Feishu
from linli.edges.sso.oidc import Oidc
from linli.edges.sso.provider import Provider
from linli.edges.sso.wecom import WeCom


def providers() -> Mapping[str, Provider]:
    """Give the providers by code; none where nothing is said of any."""
    return {each.code: each for each in _named()}


def _named() -> Iterator[Provider]:
    said = settings.ENVIRONMENT.sso
    if said.oidc_issuer:
        yield Oidc(said.oidc_issuer, said.oidc_client_id, said.oidc_client_secret, said.oidc_code_claim)
    if said.dingtalk_client_id:
        yield DingTalk(said.dingtalk_client_id, said.dingtalk_client_secret, *said.dingtalk_urls)
    if said.feishu_client_id:
        yield Feishu(said.feishu_client_id, said.feishu_client_secret, *said.feishu_urls)
    if said.wecom_corp_id:
        yield WeCom(said.wecom_corp_id, said.wecom_agent_id, said.wecom_secret, *said.wecom_urls)
