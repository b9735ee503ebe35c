"""What every provider of single sign-on has: where to send the browser, and who it is that came back."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol


class ProviderFailed(Exception):
    """The provider did not answer, or not as it should; says a code, never what was sent."""


@dataclass(frozen=True, slots=True)
class Trip:
    """One signing in at a provider, from leaving to coming back; all of it random but the address to come back to.

    state: comes back as it went; nonce: stands in what the provider signs; verifier: proves that who left came back.
    """

    redirect_uri: str
    state: str
    nonce: str
    verifier: str

    @property
    def challenge(self) -> str:
        """Give what the provider is told of the verifier. Source: RFC 7636, S256."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Known:
    """Whom the provider knows. subject: never changes, never given to another; employee_code: "" if it does not say."""

    subject: str
    employee_code: str = ""


class Provider(Protocol):
    """A provider. code: in addresses and in the database; name: on the screen, as the environment says."""

    @property
    def code(self) -> str:
        """Its code."""

    def leave(self, trip: Trip) -> str:
        """Give the address to which the browser goes. Raises ProviderFailed."""

    def come_back(self, trip: Trip, query: Mapping[str, str]) -> Known:
        """Tell who came back with these values in the address. Raises ProviderFailed."""


def without_error(said: dict[str, Any], name: str) -> dict[str, Any]:
    """Hand on an answer unless there is a number other than 0 under that name. Raises ProviderFailed."""
    if said.get(name, 0) != 0:
        raise ProviderFailed(f"{name}_{said[name]}")
    return said


def text_of(said: Mapping[str, Any], name: str) -> str:
    """Read a text out of an answer. Raises ProviderFailed where there is none."""
    value = said.get(name)
    if not isinstance(value, str) or not value:
        raise ProviderFailed(f"no_{name}")
    return value
