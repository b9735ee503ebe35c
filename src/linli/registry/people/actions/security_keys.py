"""Security keys (WebAuthn): added, asked for after the password, taken away.

Attestation is not asked for: which maker's key it is says nothing here. A key need not ask for a PIN of its own, since
the password came before.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from linli.kernel.errors import Conflict, InvalidInput, NotFound
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.people.actions.second_factors import SetUp, new_codes, prove
from linli.registry.people.actions.signing_in import SignedIn, note_second_factor, signed_in_by
from linli.registry.people.models import Login, RecoveryCode, SecurityKey
from linli.registry.people.queries.factors import count_factors
from linli.registry.people.rules import Viewer, may_end_second_factor

MOST_KEYS = 5
LONGEST_NAME = 40
_DISCOURAGED = UserVerificationRequirement.DISCOURAGED


@dataclass(frozen=True, slots=True)
class Site:
    """Where the browser is: host is its name, origin its address; a key made for one signs for no other."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What the browser hands to the key, as JSON, and the challenge in it, which the edge keeps."""

    options: str
    challenge: bytes


@transaction.atomic
def offer_key(*, login_id: UUID, password: str, site: Site) -> Offer:
    """Begin to add a key. 2 queries. Raises InvalidInput naming password, Conflict (keys enough)."""
    login = prove(login_id, password)
    known = _known(login_id)
    if len(known) >= MOST_KEYS:
        raise Conflict("keys_enough", params={"most": MOST_KEYS})
    options = generate_registration_options(
        rp_id=site.host, rp_name="Linli", user_id=login.id.bytes, user_name=login.username, exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=_DISCOURAGED
        ),
    )  # fmt: skip
    return Offer(options_to_json(options), options.challenge)


@transaction.atomic
def add_key(
    *, login_id: UUID, name: str, answer: str, challenge: bytes, site: Site, source_ip: str, at: datetime
) -> SetUp:
    """Add the key that signed the challenge; all sessions begun before end. At most 8 queries; audit line.

    Recovery codes come with the first second factor alone. Raises InvalidInput naming name or key, Conflict.
    """
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise InvalidInput("key_name_length", field="name", params={"most": LONGEST_NAME})
    login = Login.objects.select_for_update().get(id=login_id)
    try:
        made = verify_registration_response(
            credential=_read(answer), expected_challenge=challenge, expected_rp_id=site.host,
            expected_origin=site.origin, require_user_verification=False,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise InvalidInput("key_refused", field="key") from error
    key = SecurityKey(login=login, credential_id=made.credential_id, public_key=made.credential_public_key,
                      sign_count=made.sign_count, name=name.strip(), made_at=at)  # fmt: skip
    SecurityKey.objects.bulk_create([key], ignore_conflicts=True)
    if not SecurityKey.objects.filter(id=key.id).exists():
        raise Conflict("key_known")
    login.sessions_ended_at = at
    login.save(update_fields=["sessions_ended_at"])
    codes = () if RecoveryCode.objects.filter(login=login).exists() else new_codes(login)
    _write(LineKind.SECOND_FACTOR_SET, login, source_ip, at)
    return SetUp(codes, login.stamped_at)


def ask_for_key(*, login_id: UUID, site: Site) -> Offer | None:
    """Ask for one of a login's keys; None if it has none. 1 query."""
    known = _known(login_id)
    if not known:
        return None
    options = generate_authentication_options(
        rp_id=site.host, allow_credentials=known, user_verification=_DISCOURAGED
    )  # fmt: skip
    return Offer(options_to_json(options), options.challenge)


def sign_in_by_key(
    *, login_id: UUID, answer: str, challenge: bytes, site: Site, source_ip: str, at: datetime
) -> SignedIn:
    """Check a key's signature after the password. 5 queries; the line of audit stays. Raises SignInRefused."""
    with transaction.atomic():
        login = Login.objects.select_for_update().get(id=login_id)
        is_right = login.is_open(at) and _is_signed(login, answer, challenge, site, at)
        means = "security_key" if is_right else ""
        note_second_factor(login, means, tried="security_key", source_ip=source_ip, at=at)
    return signed_in_by(login, means)


@transaction.atomic
def end_key(*, by: Viewer, key_id: UUID, password: str, source_ip: str, at: datetime) -> None:
    """Take one of one's own keys away. 6 queries; audit line.

    Raises NotFound, InvalidInput naming password, NotAllowed for the last factor of who has to have one.
    """
    login = prove(by.login_id, password)
    if count_factors(login.id) == 1:
        may_end_second_factor(by, is_required=settings.SECOND_FACTOR_REQUIRED).require()
    gone, _ = SecurityKey.objects.filter(id=key_id, login=login).delete()
    if not gone:
        raise NotFound("no_such_key")
    if count_factors(login.id) == 0:
        RecoveryCode.objects.filter(login=login).delete()
    _write(LineKind.SECOND_FACTOR_ENDED, login, source_ip, at)


def _known(login_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    ids = (
        SecurityKey.objects.filter(login_id=login_id).order_by("made_at", "id").values_list("credential_id", flat=True)
    )
    return [PublicKeyCredentialDescriptor(id=bytes(each)) for each in ids]


def _read(answer: str) -> dict[str, Any]:
    """Read what the browser sent. Raises ValueError."""
    said = json.loads(answer)
    if not isinstance(said, dict):
        raise ValueError(type(said))  # noqa: TRY004 - callers catch what JSON raises
    return said


def _is_signed(login: Login, answer: str, challenge: bytes, site: Site, at: datetime) -> bool:
    try:
        said = _read(answer)
        key = SecurityKey.objects.filter(login=login, credential_id=base64url_to_bytes(said["rawId"])).first()
        if key is None:
            return False
        signed = verify_authentication_response(
            credential=said, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin,
            credential_public_key=bytes(key.public_key), credential_current_sign_count=key.sign_count,
            require_user_verification=False,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return False
    key.sign_count, key.used_at = signed.new_sign_count, at
    key.save(update_fields=["sign_count", "used_at"])
    return True


def _write(kind: LineKind, login: Login, source_ip: str, at: datetime) -> None:
    write_line(district_id=login.district_code, kind=kind, at=at, actor_id=login.person_id, actor_name=login.username,
               object_kind="login", source_ip=source_ip, data={"by": "security_key"})  # fmt: skip
