"""The two headers that make changes safe: If-Match and Idempotency-Key."""

import json
import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated

from django.http import HttpResponse
from ninja import Header
from pydantic import BaseModel, Field

from linli.kernel.errors import InvalidInput, PreconditionFailed, PreconditionRequired

IF_MATCH, IDEMPOTENCY_KEY, ETAG = "If-Match", "Idempotency-Key", "ETag"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 200
# Proxies that compress weaken an ETag on its way back: W/"3" is taken as "3".
_VERSION = re.compile(r'(?:W/)?"(\d{1,9})"')


class KeyHeader(BaseModel):
    """A key so that it is done once."""

    key: Annotated[str, Field(alias=IDEMPOTENCY_KEY)] = ""


Key = Annotated[KeyHeader, Header()]


def version_of(if_match: str) -> int:
    """Read the version that a change names. Raises PreconditionRequired without one, PreconditionFailed for another."""
    if not if_match or if_match.strip() == "*":
        raise PreconditionRequired("if_match_missing", field=IF_MATCH)
    found = _VERSION.fullmatch(if_match.strip())
    if found is None:
        raise PreconditionFailed("if_match_unreadable", field=IF_MATCH)
    return int(found[1])


def with_version(response: HttpResponse, version: int) -> None:
    """Write a row's version as its ETag."""
    response.headers[ETAG] = f'"{version}"'


def checked_key(key: str) -> str:
    """Check an Idempotency-Key; "" for none. Raises InvalidInput."""
    if len(key) > LONGEST_KEY or "\0" in key:
        raise InvalidInput("key_too_long", field=IDEMPOTENCY_KEY)
    return key


def hash_of_form(told: Iterable[tuple[str, list[str]]]) -> str:
    """Hash a form's fields, whatever their order."""
    return sha256(json.dumps(sorted(told), ensure_ascii=False).encode()).hexdigest()


def hash_of(told: BaseModel, *more: str) -> str:
    """Hash what was sent, whatever the order of its names, so that a key is not used for something else."""
    plain = json.dumps([told.model_dump(mode="json"), *more], sort_keys=True, ensure_ascii=False)
    return sha256(plain.encode()).hexdigest()
