"""A security key made of software, which answers as WebAuthn asks: for tests, in place of one in somebody's hand."""

import json
import os
from base64 import urlsafe_b64encode
from hashlib import sha256
from struct import pack

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _WITH_KEY = 0x01, 0x40


class FakeKey:
    """Holds a pair of keys and counts its signatures."""

    def __init__(self) -> None:
        self.id = os.urandom(32)
        self.count = 0
        self._private = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: str, *, origin: str) -> str:
        """Make itself known: attestation "none"."""
        said = json.loads(options)
        numbers = self._private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        data = self._data(said["rp"]["id"], _PRESENT | _WITH_KEY) + bytes(16) + pack(">H", len(self.id)) + self.id
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data + cbor2.dumps(public)})
        client = _client("webauthn.create", said["challenge"], origin)
        return self._answer({"clientDataJSON": _text(client), "attestationObject": _text(attestation)})

    def get(self, options: str, *, origin: str) -> str:
        """Sign a challenge."""
        said = json.loads(options)
        self.count += 1
        data, client = self._data(said["rpId"], _PRESENT), _client("webauthn.get", said["challenge"], origin)
        signature = self._private.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": _text(client), "authenticatorData": _text(data),
                             "signature": _text(signature)})  # fmt: skip

    def _data(self, host: str, flags: int) -> bytes:
        return sha256(host.encode()).digest() + pack(">BI", flags, self.count)

    def _answer(self, response: dict[str, str]) -> str:
        return json.dumps({"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response})


def _client(deed: str, challenge: str, origin: str) -> bytes:
    return json.dumps({"type": deed, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
