"""A new key reaches every value, while others write, and wherever it is stopped."""

import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from tests.factories.district import AT, DemoDistrict

from linli.cases.actions.opening import Contact
from linli.cases.models import Case, Reporter
from linli.cases.queries.lists import CaseFilter, list_cases
from linli.kernel import crypto
from linli.kernel.db import rekeying
from linli.kernel.db.rekeying import count_by_key, reseal_all
from linli.registry.people.models import Login, Person, Totp

# Seals anew one value at a time and says so, until it is killed.
_ONE_BY_ONE = """
import sys, time, django
django.setup()
from linli.kernel.db import rekeying
rekeying.BATCH = 1
def said(count):
    print(count, flush=True)
    time.sleep(0.2)
rekeying.reseal_all(key=1, advance=said)
"""


pytestmark = pytest.mark.usefixtures("own_keys")


def _contacts() -> set[str]:
    return {crypto.decrypt(row.phone, purpose="reporter.phone") for row in Reporter.objects.all()}


def _found(district: DemoDistrict, phone: str) -> int:
    viewer = district.viewer("community_clerk")
    return len(list_cases(viewer=viewer, wanted=CaseFilter(q=phone), at=AT).rows)


def test_secret_of_an_app_gets_the_new_key_though_its_table_is_for_all_districts(district: DemoDistrict) -> None:
    login = Login.objects.get(username="auditor")
    Totp.objects.create(login=login, secret=crypto.encrypt("SECRET", purpose="login.totp"))

    number = crypto.add_key()
    reseal_all(key=number, advance=lambda _: None)

    kept = bytes(Totp.objects.get().secret)
    assert (crypto.key_of(kept), crypto.decrypt(kept, purpose="login.totp")) == (number, "SECRET")


def test_every_value_gets_the_new_key_and_is_found_as_before(district: DemoDistrict) -> None:
    district.open_case_in(contact=Contact("王小明", "138 1234 5678"))
    district.open_case_in(contact=Contact("李大力", "13912345678"))
    people = {row.id: crypto.decrypt(row.work_phone, purpose="person.work_phone") for row in Person.objects.all()}
    assert set(count_by_key()) == {0}

    number, batches = crypto.add_key(), []
    done = reseal_all(key=number, advance=batches.append)

    assert count_by_key() == {1: done} == {1: sum(batches)}
    assert done == len(people) + 4
    assert _contacts() == {"138 1234 5678", "13912345678"}
    assert (_found(district, "13812345678"), _found(district, "13812345679")) == (1, 0)
    assert {row.id: crypto.decrypt(row.work_phone, purpose="person.work_phone")
            for row in Person.objects.all()} == people  # fmt: skip
    assert reseal_all(key=number, advance=batches.append) == 0


def test_what_is_reported_in_the_meantime_is_read_and_found(district: DemoDistrict) -> None:
    district.open_case_in(contact=Contact("王小明", "13812345678"))
    number = crypto.add_key()
    district.open_case_in(contact=Contact("王小明", "13812345678"))

    assert (set(count_by_key()), _found(district, "13812345678")) == ({0, 1}, 2)
    reseal_all(key=number, advance=lambda _count: None)
    assert (set(count_by_key()), _found(district, "13812345678")) == ({1}, 2)


def test_stopped_halfway_it_goes_on_with_what_is_left(district: DemoDistrict, monkeypatch: pytest.MonkeyPatch) -> None:
    for last in range(5):
        district.open_case_in(contact=Contact("", f"1381234567{last}"))
    monkeypatch.setattr(rekeying, "BATCH", 2)
    number = crypto.add_key()

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal_all(key=number, advance=stop)
    assert count_by_key()[1] == 2
    assert len(_contacts()) == 5
    reseal_all(key=number, advance=lambda _count: None)
    assert set(count_by_key()) == {1}
    assert len(_contacts()) == 5


@pytest.mark.slow
def test_killed_halfway_nothing_is_lost(committed_district: DemoDistrict) -> None:
    for last in range(4):
        committed_district.open_case_in(contact=Contact("", f"1381234567{last}"))
    crypto.add_key()
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    known = os.environ | {
        "DJANGO_SETTINGS_MODULE": "linli.config.settings.test", "LINLI_DATA": str(settings.DATA), "DATABASE_URL": url,
    }  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", _ONE_BY_ONE], env=known, stdout=subprocess.PIPE, text=True) as other:  # noqa: S603 - our own
        assert other.stdout is not None
        assert [other.stdout.readline() for _time in range(2)] == ["1\n", "1\n"]
        other.send_signal(signal.SIGKILL)

    halfway = count_by_key()
    assert halfway[1] >= 2
    assert halfway[0] >= 1
    assert len(_contacts()) == 4
    reseal_all(key=1, advance=lambda _count: None)
    assert (set(count_by_key()), len(_contacts())) == ({1}, 4)


def test_number_is_found_only_by_who_may_see_contacts_there(district: DemoDistrict) -> None:
    district.open_case_in(contact=Contact("王小明", "13812345678"))
    district.open_case_in(community=2, contact=Contact("王小明", "13812345678"))
    wanted = CaseFilter(q="138-1234-5678")
    found = {
        role: len(list_cases(viewer=district.viewer(role), wanted=wanted, at=AT).rows)
        for role in ("community_clerk", "district_dispatcher", "district_leader", "property_manager", "auditor")
    }

    assert found == {"community_clerk": 1, "district_dispatcher": 2, "district_leader": 0, "property_manager": 0,
                     "auditor": 0}  # fmt: skip


def test_door_of_a_case_is_found_before_between_and_after(district: DemoDistrict) -> None:
    """Words of the door are blind, made with a key: they change with it, and nothing else in the index does."""
    district.open_case_in(text="家里没水", address="花园小区12号楼3单元501")
    wanted = ("501", "3单元", "没水", "花园小区", "家里没水")
    before = Case.objects.get().search

    number = crypto.add_key()
    district.open_case_in(text="家里没水", address="花园小区12号楼3单元501")
    between = [_found(district, each) for each in wanted]
    reseal_all(key=number, advance=lambda _: None)
    after = [_found(district, each) for each in wanted]
    crypto.key_path(0).unlink()
    crypto.forget_keys()

    assert (between, after) == ([2] * 5, [2] * 5)
    assert [_found(district, each) for each in wanted] == [2] * 5
    assert before not in set(Case.objects.values_list("search", flat=True))
    assert len(set(Case.objects.values_list("search", flat=True))) == 1
