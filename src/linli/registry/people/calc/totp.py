"""Codes of an app that change each half minute. Source: RFC 6238, with SHA-1 and six digits, as apps expect."""

from datetime import datetime
from hmac import compare_digest

import pyotp

PERIOD_S, DIGITS = 30, 6
_AROUND = (0, -1, 1)  # half minutes: telephones go wrong a little, and people type slowly


def step_of(secret: str, code: str, *, at: datetime) -> int | None:
    """Tell which half minute since 1970 a code is of; None if it is of none around that time. secret: base 32."""
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    codes, now = pyotp.TOTP(secret), int(at.timestamp()) // PERIOD_S
    return next((now + off for off in _AROUND if compare_digest(codes.generate_otp(now + off), code)), None)


def address_of_secret(secret: str, *, username: str, issuer: str) -> str:
    """Write the address that an app reads from a QR code. Source: the key URI format of Google Authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)
