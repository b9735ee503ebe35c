"""The one place from which Linli calls out: to a provider of single sign-on that the environment names."""

import json
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

import requests

from linli.edges.sso.provider import ProviderFailed

_WAIT_S = 5
_LARGEST = 256 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def call(
    method: Literal["GET", "POST"], url: str, *, query: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None, body: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None, basic: tuple[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Ask a provider and read the JSON object that it answers. Waits five seconds, follows nobody elsewhere.

    form: as a form; body: as JSON; basic: user and password. Raises ProviderFailed. No secret comes into its words.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise ProviderFailed("not_https")
    try:
        with requests.request(
            method, url, params=query, data=form, json=body, headers=headers, auth=basic, timeout=_WAIT_S,
            allow_redirects=False, stream=True,
        ) as answer:  # fmt: skip
            raw = answer.raw.read(_LARGEST + 1, decode_content=True)
            if answer.status_code != requests.codes.ok or len(raw) > _LARGEST:
                raise ProviderFailed(f"status_{answer.status_code}")
        said = json.loads(raw)
    except (requests.RequestException, ValueError) as error:
        raise ProviderFailed(type(error).__name__) from error
    if not isinstance(said, dict):
        raise ProviderFailed("no_object")
    return said
