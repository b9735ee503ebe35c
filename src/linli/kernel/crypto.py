"""Sealing single values: personal data at rest, blind indexes, codes that can be told again but not guessed.

Keys lie in the data folder, mode 600, made on first use; whoever copies the database alone can read none of it.
"""

import hmac
import json
import os
import secrets
import zlib
from base64 import b64decode, b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12
_KEY_BYTES = 32
_FORMAT = b"\x01"


class CannotDecrypt(Exception):
    """The value was made with another key, for another field, or was changed."""


def encrypt(text: str, *, purpose: str) -> bytes:
    """Encrypt a value with AES-256-GCM; the purpose ("case.reporter.phone") is bound to it.

    Returns 1 byte of format, 12 of nonce, then ciphertext and tag; empty text gives empty bytes.
    """
    if not text:
        return b""
    nonce = os.urandom(_NONCE_BYTES)
    return _FORMAT + nonce + _cipher().encrypt(nonce, text.encode(), purpose.encode())


def decrypt(value: bytes | memoryview, *, purpose: str) -> str:
    """Read what `encrypt` made. Raises CannotDecrypt."""
    raw = bytes(value)
    if not raw:
        return ""
    nonce, body = raw[1 : 1 + _NONCE_BYTES], raw[1 + _NONCE_BYTES :]
    if not raw.startswith(_FORMAT) or len(nonce) < _NONCE_BYTES:
        raise CannotDecrypt(purpose)
    try:
        return _cipher().decrypt(nonce, body, purpose.encode()).decode()
    except InvalidTag as error:
        raise CannotDecrypt(purpose) from error


def seal_document(document: object, *, purpose: str) -> bytes:
    """Encrypt what JSON can say, packed: rows that wait for somebody to confirm them. As `encrypt`."""
    packed = zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
    return encrypt(b64encode(packed).decode(), purpose=purpose)


def open_document(value: bytes | memoryview, *, purpose: str) -> Any:
    """Read what `seal_document` made. Raises CannotDecrypt, for nothing at all too."""
    text = decrypt(value, purpose=purpose)
    if not text:
        raise CannotDecrypt(purpose)
    return json.loads(zlib.decompress(b64decode(text)))


def blind_index(text: str, *, purpose: str) -> bytes:
    """Make 16 bytes by which equal values can be found without being read; empty text gives empty bytes."""
    return keyed_digest(text, purpose=f"index:{purpose}")[:16] if text else b""


def keyed_digest(text: str, *, purpose: str) -> bytes:
    """HMAC-SHA256 of a text under our key: the same each time, and nobody else can make it."""
    return hmac.new(_key("digest.key"), f"{purpose}\0{text}".encode(), sha256).digest()


@cache
def _cipher() -> AESGCM:
    return AESGCM(_key("personal-data.key"))


@cache
def _key(name: str) -> bytes:
    path = Path(settings.DATA) / "keys" / name
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = _new_key(path)
    if len(key) != _KEY_BYTES:
        message = f"{path} does not hold {_KEY_BYTES} bytes: put back the key from the backup."
        raise CannotDecrypt(message)
    return key


def _new_key(path: Path) -> bytes:
    """Make the key file whole or not at all, so that two processes or threads starting at once agree on one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(_KEY_BYTES))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()
