"""OpenID Connect: code flow with state, nonce and PKCE. Source: OpenID Connect Core 1.0, Discovery 1.0; RFC 7636."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from linli.edges.sso.calling import call
from linli.edges.sso.provider import Known, ProviderFailed, Trip, text_of

# Signatures with a public key alone: with a shared one whoever knows the secret could sign.
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_LEEWAY_S = 60


@dataclass(frozen=True, slots=True)
class Oidc:
    """A provider at an address. code_claim: which claim holds the number of the roster, "" for none."""

    issuer: str
    client_id: str
    client_secret: str
    code_claim: str = ""
    code: str = "oidc"

    def leave(self, trip: Trip) -> str:
        """Give the address to which the browser goes, with a challenge in place of the verifier."""
        query = {
            "response_type": "code", "scope": "openid profile", "client_id": self.client_id,
            "redirect_uri": trip.redirect_uri, "state": trip.state, "nonce": trip.nonce,
            "code_challenge": trip.challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{text_of(self._found(), 'authorization_endpoint')}?{urlencode(query)}"

    def come_back(self, trip: Trip, query: Mapping[str, str]) -> Known:
        """Change the code for a signed word on who it is, and check signature, issuer, audience, time and nonce."""
        found = self._found()
        form = {"grant_type": "authorization_code", "code": text_of(query, "code"), "redirect_uri": trip.redirect_uri,
                "code_verifier": trip.verifier}  # fmt: skip
        basic = (self.client_id, self.client_secret)
        token = text_of(call("POST", text_of(found, "token_endpoint"), form=form, basic=basic), "id_token")
        claims = self._claims(token, call("GET", text_of(found, "jwks_uri")), trip)
        said = claims.get(self.code_claim, "") if self.code_claim else ""
        return Known(text_of(claims, "sub"), said if isinstance(said, str) else "")

    def _found(self) -> dict[str, Any]:
        """Ask the provider where its doors are; it has to call itself as the environment does."""
        found = call("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise ProviderFailed("other_issuer")
        return found

    def _claims(self, token: str, keys: Mapping[str, Any], trip: Trip) -> dict[str, Any]:
        wanted = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_S, iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id}, nonce={"essential": True, "value": trip.nonce},
            exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
        )  # fmt: skip
        try:
            read = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=_ALGORITHMS)  # type: ignore[arg-type]
            wanted.validate(read.claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderFailed(type(error).__name__) from error
        claims: dict[str, Any] = read.claims
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self.client_id:
            raise ProviderFailed("other_party")
        return claims
