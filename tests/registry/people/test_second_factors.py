"""What is asked for after the password: each code lets in once, wrong ones shut the door, nothing is kept in clear."""

from datetime import datetime, timedelta

import pyotp
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.district import AT, PASSWORD, DemoDistrict

from linli.kernel.crypto import decrypt
from linli.kernel.errors import Conflict, InvalidInput, NotAllowed
from linli.ledger.audit.models import AuditLine
from linli.registry.people.actions.logins import reset_second_factor
from linli.registry.people.actions.second_factors import (
    RECOVERY_CODES,
    begin_totp,
    confirm_totp,
    end_totp,
    make_recovery_codes,
)
from linli.registry.people.actions.signing_in import SignedIn, sign_in, sign_in_by_code
from linli.registry.people.calc.totp import PERIOD_S, address_of_secret, step_of
from linli.registry.people.errors import SignInRefused
from linli.registry.people.models import Login, RecoveryCode, Totp
from linli.registry.people.queries import count_administrators_without_second_factor, session_stamp, session_viewer
from linli.registry.people.queries.factors import PURPOSE, second_factors_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NAME, HERE = "security_admin", "10.0.0.9"
HALF_MINUTE = timedelta(seconds=PERIOD_S)
DAY = timedelta(days=1)


@given(st.integers(min_value=PERIOD_S, max_value=4_000_000_000))
def test_code_is_of_its_half_minute_and_good_half_a_minute_around(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, tz=AT.tzinfo)
    code, step = pyotp.TOTP(SECRET).at(at), seconds // PERIOD_S

    assert step_of(SECRET, code, at=at) == step
    assert step_of(SECRET, code, at=at + HALF_MINUTE) in {step, step + 1, step + 2}
    assert step_of(SECRET, "x" * 6, at=at) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "１２３４５６", "12345a", "²23456"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert step_of(SECRET, code, at=AT) is None


def test_code_counts_no_longer_after_a_minute() -> None:
    code = pyotp.TOTP(SECRET).at(AT)

    assert step_of(SECRET, code, at=AT + 4 * HALF_MINUTE) is None


def test_address_names_account_and_program() -> None:
    assert address_of_secret(SECRET, username="a.b", issuer="Linli") == (
        f"otpauth://totp/Linli:a.b?secret={SECRET}&issuer=Linli"
    )


def login_of(name: str = NAME) -> Login:
    return Login.objects.get(username=name)


def secret_of(login: Login) -> str:
    totp = Totp.objects.get(login=login)
    return decrypt(totp.pending or totp.secret, purpose=PURPOSE)


def code_of(login: Login, at: datetime = AT) -> str:
    return pyotp.TOTP(secret_of(login)).at(at)


def set_up(name: str = NAME, at: datetime = AT - DAY) -> tuple[Login, tuple[str, ...]]:
    login = login_of(name)
    begin_totp(login_id=login.id, password=PASSWORD, at=at)
    made = confirm_totp(login_id=login.id, code=code_of(login, at), source_ip=HERE, at=at)
    return login, made.recovery_codes


def by_password(at: datetime = AT) -> SignedIn:
    return sign_in(username=NAME, password=PASSWORD, source_ip=HERE, at=at)


def by_code(login: Login, code: str, at: datetime = AT) -> bool:
    try:
        return sign_in_by_code(login_id=login.id, code=code, source_ip=HERE, at=at).means != "password"
    except SignInRefused:
        return False


def test_password_alone_signs_nobody_in_who_has_a_second_factor(district: DemoDistrict) -> None:
    login, _ = set_up()

    assert by_password().is_half
    assert login_of().last_login is None
    assert by_code(login, code_of(login))
    assert login_of().last_login == AT
    kinds = list(AuditLine.objects.order_by("kind").values_list("kind", "outcome", "data"))
    assert kinds == [
        ("login", "done", {"by": "totp"}), ("second_factor_asked", "done", {}), ("second_factor_set", "done", {}),
    ]  # fmt: skip


def test_same_code_lets_in_once(district: DemoDistrict) -> None:
    login, _ = set_up()
    code = code_of(login)

    assert [by_code(login, code), by_code(login, code), by_code(login, code, AT + HALF_MINUTE)] == [True, False, False]
    assert by_code(login, code_of(login, AT + HALF_MINUTE), AT + HALF_MINUTE)


def test_code_that_confirmed_lets_nobody_in(district: DemoDistrict) -> None:
    login, _ = set_up(at=AT)

    assert not by_code(login, code_of(login))


def test_code_is_taken_with_spaces(district: DemoDistrict) -> None:
    login, _ = set_up()
    code = code_of(login)

    assert by_code(login, f" {code[:3]} {code[3:]} ")


def test_wrong_codes_shut_the_door_though_the_password_is_given_again_and_again(district: DemoDistrict) -> None:
    login, _ = set_up()
    for _number in range(5):
        assert by_password().is_half
        assert not by_code(login, "000000")

    with pytest.raises(SignInRefused):
        by_password()
    assert not by_code(login, code_of(login))
    assert AuditLine.objects.filter(kind="login_locked", data={"by": "code"}).count() == 1
    later = AT + timedelta(minutes=16)
    assert by_code(login, code_of(login, later), later)


def test_recovery_codes_let_in_once_each(district: DemoDistrict) -> None:
    login, codes = set_up()

    assert (len(set(codes)), len(codes)) == (RECOVERY_CODES, RECOVERY_CODES)
    assert [by_code(login, codes[0].replace("-", " ")), by_code(login, codes[0]), by_code(login, codes[1])] == [
        True,
        False,
        True,
    ]
    assert second_factors_of(login_id=login.id, pending_since=AT).codes_left == RECOVERY_CODES - 2
    assert list(AuditLine.objects.filter(kind="login").values_list("data", flat=True)) == [
        {"by": "recovery_code"}, {"by": "recovery_code"}]  # fmt: skip


def test_recovery_codes_of_somebody_else_let_nobody_in(district: DemoDistrict) -> None:
    login, _ = set_up()
    _, codes = set_up("auditor")

    assert not by_code(login, codes[0])


def test_new_recovery_codes_take_the_place_of_the_old(district: DemoDistrict) -> None:
    login, old = set_up()

    new = make_recovery_codes(login_id=login.id, password=PASSWORD, source_ip=HERE, at=AT)

    assert [by_code(login, old[0]), by_code(login, new[0])] == [False, True]


def test_neither_secret_nor_codes_are_kept_in_clear(district: DemoDistrict) -> None:
    login, codes = set_up()
    secret = secret_of(login)

    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM people_totp t UNION ALL SELECT r::text FROM people_recoverycode r")
        kept = str(cursor.fetchall())
    hidden = [secret, *codes, secret.encode().hex(), *(code.replace("-", "").encode().hex() for code in codes)]
    assert [each for each in hidden if each in kept] == []
    assert (len(kept) > 500, RecoveryCode.objects.count()) == (True, RECOVERY_CODES)


def test_another_telephone_counts_once_it_has_shown_a_code(district: DemoDistrict) -> None:
    login, _ = set_up()
    old = secret_of(login)
    begin_totp(login_id=login.id, password=PASSWORD, at=AT)

    assert by_code(login, pyotp.TOTP(old).at(AT))
    confirm_totp(login_id=login.id, code=code_of(login), source_ip=HERE, at=AT)
    later = AT + 4 * HALF_MINUTE
    assert not by_code(login, pyotp.TOTP(old).at(later), later)
    assert by_code(login, code_of(login, later), later)


def test_setting_up_asks_for_the_password(district: DemoDistrict) -> None:
    with pytest.raises(InvalidInput) as caught:
        begin_totp(login_id=login_of().id, password="wrong", at=AT)

    assert (caught.value.code, caught.value.field, Totp.objects.count()) == ("password_not_right", "password", 0)


def test_setting_up_ends_with_a_right_code_in_time_only(district: DemoDistrict) -> None:
    login = login_of()
    begin_totp(login_id=login.id, password=PASSWORD, at=AT)

    with pytest.raises(InvalidInput, match="code_wrong"):
        confirm_totp(login_id=login.id, code="000000", source_ip=HERE, at=AT)
    assert not by_password().is_half
    late = AT + timedelta(minutes=16)
    with pytest.raises(Conflict, match="set_up_too_late"):
        confirm_totp(login_id=login.id, code=code_of(login, late), source_ip=HERE, at=late)


def test_setting_up_ends_the_other_sessions(district: DemoDistrict) -> None:
    before = by_password(AT - 2 * DAY)
    set_up(at=AT)

    seen = session_viewer(
        login_id=before.login_id, password_changed_at=session_stamp(before.password_changed_at), on=AT.date()
    )
    assert not seen.is_known


def test_who_has_to_have_one_cannot_take_it_away(district: DemoDistrict, settings: pytest.FixtureRequest) -> None:
    settings.SECOND_FACTOR_REQUIRED = True  # type: ignore[attr-defined]
    set_up()
    set_up("grid_worker-1")

    with pytest.raises(NotAllowed, match="second_factor_required"):
        end_totp(by=district.viewer(NAME), password=PASSWORD, source_ip=HERE, at=AT)
    end_totp(by=district.viewer("grid_worker"), password=PASSWORD, source_ip=HERE, at=AT)
    assert list(Totp.objects.values_list("login__username", flat=True)) == [NAME]


def test_other_administrator_takes_it_away_with_an_audit_line(district: DemoDistrict) -> None:
    login, codes = set_up("grid_worker-1")
    person_id = district.viewer("grid_worker").person_id
    assert person_id is not None

    reset_second_factor(person_id=person_id, by=district.viewer(NAME), source_ip=HERE, at=AT)

    assert not by_code(login, codes[0])
    line = AuditLine.objects.get(kind="second_factor_reset")
    assert (line.object_id, line.actor_id) == ("grid_worker-1", district.viewer(NAME).person_id)
    assert login_of("grid_worker-1").sessions_ended_at == AT


@pytest.mark.parametrize("by", ["security_admin", "auditor", "system_admin", "community_secretary"])
def test_nobody_takes_away_their_own_or_without_the_right(district: DemoDistrict, by: str) -> None:
    set_up()
    person_id = district.viewer(NAME).person_id
    assert person_id is not None

    with pytest.raises(NotAllowed):
        reset_second_factor(person_id=person_id, by=district.viewer(by), source_ip=HERE, at=AT)
    assert Totp.objects.count() == 1


def test_administrators_without_one_are_counted(district: DemoDistrict) -> None:
    before = count_administrators_without_second_factor(on=AT.date())
    set_up()
    set_up("grid_worker-1")
    begin_totp(login_id=login_of("auditor").id, password=PASSWORD, at=AT)

    assert (before, count_administrators_without_second_factor(on=AT.date())) == (3, 2)
