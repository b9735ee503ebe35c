from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.district import AT, TODAY, DemoDistrict

from linli.kernel.errors import InvalidInput, NotFound
from linli.ledger.audit.models import AuditLine
from linli.registry.people.actions.tokens import MadeToken, make_token, revoke_token
from linli.registry.people.models import Login, Post, Token
from linli.registry.people.queries import list_tokens, login_of_token, viewer_of_token

DAY = timedelta(days=1)


def login_of(district: DemoDistrict, role: str = "grid_worker") -> UUID:
    login_id = district.viewer(role).login_id
    assert login_id is not None
    return login_id


def made(district: DemoDistrict, **more: Any) -> MadeToken:
    return make_token(login_id=login_of(district), source_ip="10.0.0.9", at=AT,
                      **({"name": "巡查程序", "scope": "read", "days": 30} | more))  # fmt: skip


def test_token_is_kept_as_a_digest_only(district: DemoDistrict) -> None:
    token = made(district)

    assert bytes(Token.objects.get().digest) == sha256(token.text.encode()).digest()
    assert token.text not in str(list(Token.objects.values())) + str(list(AuditLine.objects.values()))
    assert len(token.text) > 40


def test_token_stands_for_its_login(district: DemoDistrict) -> None:
    token = made(district)

    assert viewer_of_token(token=token.text, at=AT, on=TODAY) == (district.viewer("grid_worker"), "read")
    assert login_of_token(token=token.text, at=AT) == (login_of(district), "read")


@pytest.mark.parametrize("after", [30 * DAY, 31 * DAY])
def test_expired_token_is_refused(district: DemoDistrict, after: timedelta) -> None:
    token = made(district)

    assert viewer_of_token(token=token.text, at=AT + after, on=TODAY) is None
    assert login_of_token(token=token.text, at=AT + after) is None
    assert list_tokens(login_id=login_of(district), at=AT + after) == []


@pytest.mark.parametrize("text", ["", "linli_x", "\ud800", "x" * 10_000])
def test_unknown_token_is_refused(district: DemoDistrict, text: str) -> None:
    made(district)

    assert viewer_of_token(token=text, at=AT, on=TODAY) is None


def test_revoked_token_is_refused_and_leaves_a_line(district: DemoDistrict) -> None:
    token = made(district)
    revoke_token(login_id=login_of(district), token_id=token.id, source_ip="10.0.0.9", at=AT)

    assert viewer_of_token(token=token.text, at=AT, on=TODAY) is None
    kinds = AuditLine.objects.order_by("id").values_list("kind", "object_id")
    assert set(kinds) == {("token_made", str(token.id)), ("token_ended", str(token.id))}


def test_token_of_somebody_else_is_not_revoked(district: DemoDistrict) -> None:
    token = made(district)

    with pytest.raises(NotFound, match="no_such_token"):
        revoke_token(login_id=login_of(district, "auditor"), token_id=token.id, source_ip="", at=AT)
    assert viewer_of_token(token=token.text, at=AT, on=TODAY) is not None


def test_token_dies_with_its_login_and_with_its_posts(district: DemoDistrict) -> None:
    token = made(district)
    Post.objects.filter(id=district.post_of("grid_worker")).update(ends_on=TODAY - DAY)
    without_post = viewer_of_token(token=token.text, at=AT, on=TODAY)
    Post.objects.update(ends_on=None)
    Login.objects.filter(id=login_of(district)).update(is_active=False)

    assert (without_post, viewer_of_token(token=token.text, at=AT, on=TODAY)) == (None, None)


@pytest.mark.parametrize(
    ("more", "error"),
    [({"scope": "all"}, "unknown_scope scope"), ({"days": 0}, "days_out_of_range days"),
     ({"days": 366}, "days_out_of_range days"), ({"name": " "}, "name_missing name")],
)  # fmt: skip
def test_token_that_cannot_be_made(district: DemoDistrict, more: dict[str, Any], error: str) -> None:
    with pytest.raises(InvalidInput, match=error):
        made(district, **more)

    assert not Token.objects.exists()


def test_reading_a_token_costs_one_query(district: DemoDistrict) -> None:
    token = made(district)

    with CaptureQueriesContext(connection) as captured:
        viewer_of_token(token=token.text, at=AT, on=TODAY)

    assert len(captured) == 1
