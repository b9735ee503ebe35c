"""The check of the ledger in the database and of its export: both say the same."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from linli.kernel.errors import Conflict, NotFound
from linli.ledger.facts.actions import record, seal_new
from linli.ledger.facts.calc.checking import Breach, VerifyReport
from linli.ledger.facts.calc.proofs import is_proven
from linli.ledger.facts.choices import Flaw
from linli.ledger.facts.models import Fact, Seal, SealedFact
from linli.ledger.facts.queries import export_ledger, inclusion_proof, list_seals, verify_export, verify_ledger

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DISTRICT = "210106"

pytestmark = pytest.mark.django_db


def record_one(number: int) -> UUID:
    data = {"category": "噪声", "photos": number}
    return record(district_id=DISTRICT, kind="case.opened", subject_id=UUID(int=number), at=AT, data=data)


@pytest.fixture
def ids(db: None) -> list[UUID]:
    """Two seals of 2 and 3 facts, and a sixth fact without a seal; another district's fact beside them."""
    made = sorted(record_one(number) for number in range(2))
    seal_new(district_id=DISTRICT, at=AT)
    made += sorted(record_one(number) for number in range(3))
    seal_new(district_id=DISTRICT, at=AT)
    record(district_id="210102", kind="case.opened", subject_id=UUID(int=9), at=AT)
    return [*made, record_one(5)]


def exported(folder: Path) -> Path:
    path = folder / "ledger.jsonl"
    with path.open("wb") as file:
        export_ledger(district_id=DISTRICT, file=file, at=AT, note="演示数据")
    return path


def test_verify_of_an_untouched_ledger_is_sound(ids: list[UUID], tmp_path: Path) -> None:
    last = list_seals(district_id=DISTRICT)[0]
    expected = VerifyReport(DISTRICT, seals=2, sealed=5, unsealed=1, chain=last.chain, breach=None)

    assert verify_ledger(DISTRICT) == expected
    assert verify_export(exported(tmp_path)) == expected


def test_verify_of_an_empty_ledger_is_sound(tmp_path: Path) -> None:
    expected = VerifyReport(DISTRICT, seals=0, sealed=0, unsealed=0, chain="0" * 64, breach=None)

    assert verify_ledger(DISTRICT) == expected
    assert verify_export(exported(tmp_path)) == expected


def test_verify_query_count(ids: list[UUID], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(7):  # savepoint, last number, seals, places, facts, unsealed, release
        verify_ledger(DISTRICT)


def _change_data(ids: list[UUID]) -> Breach:
    Fact.objects.filter(id=ids[3]).update(data={"category": "噪声", "photos": 7})
    return Breach(Flaw.FACT_CHANGED, 2, 1, str(ids[3]))


def _change_time(ids: list[UUID]) -> Breach:
    Fact.objects.filter(id=ids[0]).update(recorded_at=AT)
    return Breach(Flaw.FACT_CHANGED, 1, 0, str(ids[0]))


def _make_unreadable(ids: list[UUID]) -> Breach:
    Fact.objects.filter(id=ids[4]).update(data={"photos": 0.5})
    return Breach(Flaw.FACT_LOST, 2, 2, str(ids[4]))


def _remove(ids: list[UUID]) -> Breach:
    Fact.objects.filter(id=ids[2]).delete()
    return Breach(Flaw.FACT_LOST, 2, 0, str(ids[2]))


def _remove_with_its_place(ids: list[UUID]) -> Breach:
    Fact.objects.filter(id=ids[4]).delete()
    SealedFact.objects.filter(fact_id=ids[4]).delete()
    return Breach(Flaw.FACT_LOST, 2, 2)


def _reorder(ids: list[UUID]) -> Breach:
    for fact_id, position in ((ids[2], 9), (ids[3], 0), (ids[2], 1)):
        SealedFact.objects.filter(fact_id=fact_id).update(position=position)
    return Breach(Flaw.FACT_REORDERED, 2, 1, str(ids[2]))


def _insert_into_a_seal(ids: list[UUID]) -> Breach:
    SealedFact.objects.create(district_id=DISTRICT, fact_id=ids[5], seal_number=1, position=2, leaf=b"0" * 32)
    return Breach(Flaw.FACT_INSERTED, 1, 2, str(ids[5]))


def _remove_first_seal(ids: list[UUID]) -> Breach:
    Seal.objects.filter(number=1).delete()
    return Breach(Flaw.SEAL_MISSING, 1)


def _remove_last_seal(ids: list[UUID]) -> Breach:
    Seal.objects.filter(number=2).delete()
    return Breach(Flaw.SEAL_MISSING, 2)


def _change_seal(ids: list[UUID]) -> Breach:
    Seal.objects.filter(number=2).update(made_at=datetime(2026, 3, 1, tzinfo=UTC))
    return Breach(Flaw.SEAL_CHANGED, 2)


@pytest.mark.parametrize(
    "tamper",
    [
        _change_data,
        _change_time,
        _make_unreadable,
        _remove,
        _remove_with_its_place,
        _reorder,
        _insert_into_a_seal,
        _remove_first_seal,
        _remove_last_seal,
        _change_seal,
    ],
)
def test_tampering_in_the_database_is_named_in_it_and_in_its_export(
    tamper: Callable[[list[UUID]], Breach], ids: list[UUID], tmp_path: Path
) -> None:
    expected = tamper(ids)

    in_database, in_export = verify_ledger(DISTRICT), verify_export(exported(tmp_path))

    assert in_database.breach == expected
    assert in_export == in_database


def test_last_seal_taken_away_whole_shows_against_a_note(ids: list[UUID]) -> None:
    noted = {seal.number: seal.chain for seal in list_seals(district_id=DISTRICT)}
    Seal.objects.filter(number=2).delete()
    SealedFact.objects.filter(seal_number=2).delete()

    assert verify_ledger(DISTRICT).unsealed == 4
    assert verify_ledger(DISTRICT, noted=noted).breach == Breach(Flaw.SEAL_MISSING, 2)


def test_unsealed_fact_that_is_unreadable_is_named(ids: list[UUID]) -> None:
    Fact.objects.filter(id=ids[5]).update(data={"photos": None})

    assert verify_ledger(DISTRICT).breach == Breach(Flaw.FACT_LOST, None, None, str(ids[5]))


def test_export_carries_its_mark_and_only_its_district(ids: list[UUID]) -> None:
    file = BytesIO()

    export_ledger(district_id=DISTRICT, file=file, at=AT, note="演示数据")

    lines = file.getvalue().decode().splitlines()
    assert lines[0] == (
        '{"district_id":"210106","exported_at":"2026-03-02T01:00:00.000000Z","format":"linli-ledger/1",'
        '"line":"header","note":"演示数据"}'
    )
    assert len(lines) == 1 + 2 + 5 + 1 + 1
    assert "210102" not in file.getvalue().decode()


@pytest.mark.parametrize("place", range(5))
def test_inclusion_proof_of_every_sealed_fact_holds(
    place: int, ids: list[UUID], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):
        proof = inclusion_proof(district_id=DISTRICT, fact_id=ids[place])

    assert (proof.seal.number, proof.content["id"]) == (1 if place < 2 else 2, str(ids[place]))
    assert is_proven(proof)
    assert not is_proven(dataclasses.replace(proof, content={**proof.content, "kind": "case.closed"}))
    assert not is_proven(dataclasses.replace(proof, seal=dataclasses.replace(proof.seal, size=8)))


def test_inclusion_proof_of_an_unsealed_fact_is_refused(ids: list[UUID]) -> None:
    with pytest.raises(Conflict, match="not_sealed_yet"):
        inclusion_proof(district_id=DISTRICT, fact_id=ids[5])


def test_inclusion_proof_in_another_district_is_not_found(ids: list[UUID]) -> None:
    with pytest.raises(NotFound, match="fact_not_found"):
        inclusion_proof(district_id="210102", fact_id=ids[0])


@pytest.mark.parametrize(("seal_number", "position"), [(3, 0), (1, 1)])
def test_fact_is_sealed_once_and_a_place_taken_once(seal_number: int, position: int, ids: list[UUID]) -> None:
    fact_id = ids[0] if seal_number == 3 else ids[5]

    with pytest.raises(IntegrityError), transaction.atomic():
        SealedFact.objects.create(
            district_id=DISTRICT, fact_id=fact_id, seal_number=seal_number, position=position, leaf=b"0" * 32
        )
