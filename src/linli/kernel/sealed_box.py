"""A document that nobody here can open again: sealed to a public key whose private half its holder keeps elsewhere.

X25519 with a key made for this one document, HKDF-SHA256, AES-256-GCM. The private half is a PKCS #8 file under a
passphrase; no server ever has it.
"""

import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

FORMAT = "linli-sealed/1"
PUBLIC_BYTES = 32
_NONCE_BYTES = 12


class CannotOpen(Exception):
    """The file is no sealed one, was changed, or was sealed to another key; or key file and passphrase don't fit."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A new pair. private: PEM under the passphrase; public: 32 bytes."""

    private: bytes
    public: bytes


def make_pair(passphrase: str) -> KeyPair:
    """Make a pair, its private half locked with a passphrase."""
    key = X25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode()))
    return KeyPair(pem, key.public_key().public_bytes_raw())


def write_public(public: bytes) -> str:
    """Write a public key as 44 letters."""
    return b64encode(public).decode()


def read_public(text: str) -> bytes | None:
    """Read what `write_public` wrote, None for anything else, and for keys to which nothing secret can be sealed."""
    try:
        public = b64decode("".join(text.split()), validate=True)
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return None
    return public


def fingerprint_of(public: bytes) -> str:
    """Give the first 80 bits of a public key's SHA-256, in hex: what two people compare."""
    return sha256(public).hexdigest()[:20]


def seal_to(public: bytes, document: object, *, about: str) -> bytes:
    """Seal what JSON can say to a public key. about: what it is of, in clear and bound to it. Returns JSON."""
    once, nonce = X25519PrivateKey.generate(), os.urandom(_NONCE_BYTES)
    ephemeral = once.public_key().public_bytes_raw()
    secret = once.exchange(X25519PublicKey.from_public_bytes(public))
    plain = json.dumps(document, ensure_ascii=False).encode()
    box = _cipher(secret, ephemeral, public).encrypt(nonce, plain, _bound(about))
    said = {"format": FORMAT, "about": about, "key": fingerprint_of(public)}
    parts = {"ephemeral": ephemeral, "nonce": nonce, "box": box}
    return json.dumps(said | {name: b64encode(part).decode() for name, part in parts.items()}).encode()


def open_sealed(sealed: bytes, *, private: bytes, passphrase: str) -> Any:
    """Open what `seal_to` made. Raises CannotOpen, saying which of the three does not fit."""
    try:
        key = load_pem_private_key(private, passphrase.encode())
    except (ValueError, TypeError):
        raise CannotOpen("passphrase") from None
    try:
        said = json.loads(sealed)
        ephemeral, nonce, box = (b64decode(said[name]) for name in ("ephemeral", "nonce", "box"))
        about, of_key, form = said["about"], said["key"], said["format"]
    except (ValueError, KeyError, TypeError):
        raise CannotOpen("form") from None
    if not isinstance(key, X25519PrivateKey) or fingerprint_of(key.public_key().public_bytes_raw()) != of_key:
        raise CannotOpen("key")
    try:
        secret = key.exchange(X25519PublicKey.from_public_bytes(ephemeral))
        plain = _cipher(secret, ephemeral, key.public_key().public_bytes_raw()).decrypt(nonce, box, _bound(about))
    except (InvalidTag, ValueError):
        raise CannotOpen("form") from None
    if form != FORMAT:
        raise CannotOpen("form")
    return json.loads(plain)


def _cipher(secret: bytes, ephemeral: bytes, public: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=ephemeral + public, info=FORMAT.encode()).derive(secret))


def _bound(about: str) -> bytes:
    return f"{FORMAT}|{about}".encode()
