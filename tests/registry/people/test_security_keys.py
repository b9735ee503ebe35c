"""Security keys: they sign in after the password, for one site, one challenge, never with a count that goes back."""

from datetime import timedelta
from typing import Any

import pytest
from tests.factories.district import AT, PASSWORD, DemoDistrict
from tests.factories.security_key import FakeKey

from linli.kernel.errors import Conflict, InvalidInput, LinliError, NotAllowed, NotFound
from linli.ledger.audit.models import AuditLine
from linli.registry.people.actions.second_factors import SetUp
from linli.registry.people.actions.security_keys import (
    MOST_KEYS,
    Offer,
    Site,
    add_key,
    ask_for_key,
    end_key,
    offer_key,
    sign_in_by_key,
)
from linli.registry.people.actions.signing_in import sign_in
from linli.registry.people.errors import SignInRefused
from linli.registry.people.models import Login, RecoveryCode, SecurityKey
from linli.registry.people.queries import count_administrators_without_second_factor

NAME, HERE = "security_admin", "10.0.0.9"
SITE = Site("linli.example.org", "https://linli.example.org")
EVIL = Site("linli.example.net", "https://linli.example.net")
DAY = timedelta(days=1)


def login_of(name: str = NAME) -> Login:
    return Login.objects.get(username=name)


def add(key: FakeKey, *, to: str = NAME, name: str = "蓝色钥匙", at: Any = AT - DAY) -> SetUp:
    login = login_of(to)
    offer = offer_key(login_id=login.id, password=PASSWORD, site=SITE)
    answer = key.create(offer.options, origin=SITE.origin)
    return add_key(login_id=login.id, name=name, answer=answer, challenge=offer.challenge, site=SITE, source_ip=HERE,
                   at=at)  # fmt: skip


def offered(login: Login) -> Offer:
    offer = ask_for_key(login_id=login.id, site=SITE)
    assert offer is not None
    return offer


def enters(login: Login, answer: str, challenge: bytes, site: Site = SITE) -> bool:
    try:
        done = sign_in_by_key(login_id=login.id, answer=answer, challenge=challenge, site=site, source_ip=HERE, at=AT)
    except SignInRefused:
        return False
    return done.means == "security_key"


def code_of(run: Any) -> str:
    with pytest.raises(LinliError) as caught:
        run()
    return caught.value.code


def test_key_signs_in_after_the_password(district: DemoDistrict) -> None:
    key = FakeKey()
    made = add(key)
    login = login_of()

    assert sign_in(username=NAME, password=PASSWORD, source_ip=HERE, at=AT).is_half
    offer = offered(login)
    assert enters(login, key.get(offer.options, origin=SITE.origin), offer.challenge)
    assert (len(made.recovery_codes), SecurityKey.objects.get().used_at) == (10, AT)
    lines = AuditLine.objects.order_by("kind").values_list("kind", "data")
    assert list(lines) == [("login", {"by": "security_key"}), ("second_factor_asked", {}),
                           ("second_factor_set", {"by": "security_key"})]  # fmt: skip


def test_recovery_codes_come_once(district: DemoDistrict) -> None:
    add(FakeKey())

    assert add(FakeKey(), name="第二把").recovery_codes == ()
    assert RecoveryCode.objects.count() == 10


def test_signature_counts_for_one_challenge(district: DemoDistrict) -> None:
    key = FakeKey()
    add(key)
    login = login_of()
    offer, other = offered(login), offered(login)
    answer = key.get(offer.options, origin=SITE.origin)

    assert [enters(login, answer, other.challenge), enters(login, answer, offer.challenge)] == [False, True]
    assert not enters(login, answer, b"")


def test_signature_for_a_false_page_counts_nowhere(district: DemoDistrict) -> None:
    key = FakeKey()
    add(key)
    login = login_of()
    offer = offered(login)
    phished = key.get(offer.options.replace(SITE.host, EVIL.host), origin=EVIL.origin)
    half = key.get(offer.options, origin=EVIL.origin)

    assert [enters(login, each, offer.challenge) for each in (phished, half)] == [False, False]


def test_copied_key_is_found_out_by_its_count(district: DemoDistrict) -> None:
    key = FakeKey()
    add(key)
    login = login_of()
    key.count = 7
    offer = offered(login)
    assert enters(login, key.get(offer.options, origin=SITE.origin), offer.challenge)

    key.count = 3
    offer = offered(login)
    assert not enters(login, key.get(offer.options, origin=SITE.origin), offer.challenge)


def test_key_of_somebody_else_does_not_sign_in(district: DemoDistrict) -> None:
    mine, theirs = FakeKey(), FakeKey()
    add(mine)
    add(theirs, to="auditor")
    login = login_of()
    offer = offered(login)

    assert not enters(login, theirs.get(offer.options, origin=SITE.origin), offer.challenge)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"rawId": 5}', '{"rawId": "AAAA"}', "{", '{"rawId": "é"}'])
def test_nonsense_is_refused_like_a_wrong_code(district: DemoDistrict, answer: str) -> None:
    add(FakeKey())
    login = login_of()

    assert not enters(login, answer, offered(login).challenge)
    assert Login.objects.get(id=login.id).failures == 1
    run = lambda: add_key(login_id=login.id, name="x", answer=answer, challenge=b"x" * 32, site=SITE,  # noqa: E731
                          source_ip=HERE, at=AT)  # fmt: skip
    assert code_of(run) == "key_refused"


def test_five_wrong_answers_shut_the_door(district: DemoDistrict) -> None:
    key = FakeKey()
    add(key)
    login = login_of()
    for _ in range(5):
        assert not enters(login, "{}", b"x")

    offer = offered(login)
    assert not enters(login, key.get(offer.options, origin=SITE.origin), offer.challenge)


def test_adding_asks_for_the_password_and_a_name(district: DemoDistrict) -> None:
    login = login_of()
    with pytest.raises(InvalidInput, match="password_not_right"):
        offer_key(login_id=login.id, password="wrong", site=SITE)
    for name in ("", " ", "x" * 41):
        assert code_of(lambda name=name: add(FakeKey(), name=name)) == "key_name_length"

    assert SecurityKey.objects.count() == 0


def test_same_key_is_added_once_and_not_to_two_people(district: DemoDistrict) -> None:
    key = FakeKey()
    add(key)

    with pytest.raises(Conflict, match="key_known"):
        add(key, to="auditor")
    assert SecurityKey.objects.count() == 1


def test_only_so_many_keys(district: DemoDistrict) -> None:
    for number in range(MOST_KEYS):
        add(FakeKey(), name=str(number))

    with pytest.raises(Conflict, match="keys_enough"):
        add(FakeKey())


def test_last_factor_of_an_administrator_stays(district: DemoDistrict, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    add(FakeKey())
    add(FakeKey(), name="第二把")
    first, last = SecurityKey.objects.order_by("made_at", "id")
    said = {"by": district.viewer(NAME), "password": PASSWORD, "source_ip": HERE, "at": AT}

    end_key(key_id=first.id, **said)
    with pytest.raises(NotAllowed, match="second_factor_required"):
        end_key(key_id=last.id, **said)
    assert (SecurityKey.objects.get().id, RecoveryCode.objects.count()) == (last.id, 10)


def test_with_the_last_factor_go_the_recovery_codes(district: DemoDistrict) -> None:
    add(FakeKey())
    said = {"by": district.viewer(NAME), "password": PASSWORD, "source_ip": HERE, "at": AT}

    end_key(key_id=SecurityKey.objects.get().id, **said)

    assert (RecoveryCode.objects.count(), sign_in(username=NAME, password=PASSWORD, source_ip=HERE, at=AT).is_half) == (
        0, False)  # fmt: skip


def test_key_of_somebody_else_is_not_taken_away(district: DemoDistrict) -> None:
    add(FakeKey())
    add(FakeKey(), to="auditor")
    theirs = SecurityKey.objects.get(login__username="auditor")

    with pytest.raises(NotFound):
        end_key(by=district.viewer(NAME), key_id=theirs.id, password=PASSWORD, source_ip=HERE, at=AT)
    assert SecurityKey.objects.count() == 2


def test_administrator_with_a_key_needs_no_app(district: DemoDistrict) -> None:
    add(FakeKey())

    assert count_administrators_without_second_factor(on=AT.date()) == 2
