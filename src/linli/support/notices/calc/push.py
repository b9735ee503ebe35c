"""Web push: a message sealed for one browser, and the proof of who sends it.

Source: RFC 8291 (encryption), RFC 8188 (aes128gcm, one record), RFC 8292 (VAPID), RFC 8030 (TTL, Topic).
"""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from linli.kernel.outgoing import Request

KEPT_S = 24 * 3600  # how long the service keeps it for a browser that is off
_SALT_BYTES, _RECORD = 16, 4096
_POINT_BYTES, _AUTH_BYTES = 65, 16
_GOOD_FOR_S = 12 * 3600
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that agreed to be told: the service's address for it, its public key (65 bytes) and secret (16)."""

    endpoint: str
    key: bytes
    auth: bytes

    def written(self) -> str:
        """Write it as text, for sealing."""
        return json.dumps([self.endpoint, encoded(self.key), encoded(self.auth)])


def read_browser(text: str) -> Browser:
    """Read what `written` wrote, or what a browser sent in its own three parts as a list. Raises ValueError."""
    parts = json.loads(text)
    if not isinstance(parts, list) or len(parts) != len(Browser.__slots__):
        raise ValueError("no browser")
    endpoint, key, auth = (str(part) for part in parts)
    found = Browser(endpoint, decoded(key), decoded(auth))
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), found.key)
    if len(found.key) != _POINT_BYTES or len(found.auth) != _AUTH_BYTES or urlsplit(endpoint).scheme == "":
        raise ValueError("no browser")
    return found


def key_of(seed: bytes) -> ec.EllipticCurvePrivateKey:
    """Make the sender's key of 32 bytes, always the same of the same."""
    return ec.derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, ec.SECP256R1())


def public_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Give the 65 bytes of its public point."""
    form = serialization.PublicFormat.UncompressedPoint
    return key.public_key().public_bytes(serialization.Encoding.X962, form)


def push_request(
    browser: Browser, *, said: dict[str, str], message_id: str, sender: ec.EllipticCurvePrivateKey, contact: str,
    at_s: float,
) -> Request:  # fmt: skip
    """Ask a push service to wake a browser. message_id: goes as the Topic, so a second one takes the first's place."""
    topic = encoded(hashlib.sha256(message_id.encode()).digest()[:24])
    headers = {
        "Authorization": f"vapid t={_token(browser.endpoint, sender, contact, at_s)}, k={encoded(public_of(sender))}",
        "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream", "TTL": str(KEPT_S),
        "Topic": topic, "Urgency": "normal",
    }  # fmt: skip
    plain = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    once = ec.generate_private_key(ec.SECP256R1())
    return Request(browser.endpoint, sealed_for(browser, plain, once=once, salt=os.urandom(_SALT_BYTES)), headers)


def sealed_for(browser: Browser, plain: bytes, *, once: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """Seal for a browser as one record. once: a key used for this message alone; salt: 16 bytes, likewise."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser.key)
    ours = public_of(once)
    shared = once.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, salt=browser.auth, info=b"WebPush: info\0" + browser.key + ours, length=32)
    key = _derived(secret, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(secret, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    head = salt + _RECORD.to_bytes(4) + len(ours).to_bytes(1) + ours
    return head + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def encoded(raw: bytes) -> str:
    """Write bytes in base64 for addresses, without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Read such bytes. Raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _token(endpoint: str, sender: ec.EllipticCurvePrivateKey, contact: str, at_s: float) -> str:
    """Sign for whom and until when, as a JWT with ES256."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(at_s) + _GOOD_FOR_S, "sub": contact}
    said = ".".join(encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(sender.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{said}.{encoded(r.to_bytes(32) + s.to_bytes(32))}"
