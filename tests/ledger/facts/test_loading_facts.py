"""Facts packed with their seal are those that recording and sealing would have left."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.district import AT

from linli.kernel.errors import Conflict, InvalidInput
from linli.kernel.ids import new_id
from linli.ledger.facts.actions import NewFact, load_facts, pack_facts, seal_new
from linli.ledger.facts.calc.seals import FactRow, fact_content, fact_leaf, fresh_leaf
from linli.ledger.facts.models import Fact, SealedFact
from linli.ledger.facts.queries import verify_ledger

HOME = "210106"
_WORDS = st.text(max_size=8).filter(lambda text: "\0" not in text)
_DATA = st.dictionaries(st.text("abc_", min_size=1, max_size=4), _WORDS | st.integers(-5, 5) | st.lists(_WORDS))


def facts(count: int, **more: Any) -> list[NewFact]:
    return [
        NewFact(district_id=HOME, kind="case.opened", subject_id=new_id(), at=AT + timedelta(seconds=n), recorded_at=AT,
                area_path="210106/210106003", data={"score": n, "text": "它说“\\”\n"}, **more)
        for n in range(count)
    ]  # fmt: skip


@given(path=st.sampled_from(["", "210106/1", '"', "\\"]), kind=_WORDS, data=_DATA, actor=st.none() | st.uuids())
def test_fresh_leaf_is_the_leaf(path: str, kind: str, data: dict[str, Any], actor: UUID | None) -> None:
    row = FactRow(UUID(int=7), HOME, kind, UUID(int=8), AT, AT + timedelta(seconds=1), actor, path, None, actor, data)

    assert fresh_leaf(fact_content(row)) == fact_leaf(fact_content(row))


def test_loaded_facts_are_sealed_and_the_next_seal_goes_on(db: None) -> None:
    load_facts(pack_facts(facts(5, actor_id=UUID(int=3)), seal_number=1), at=AT)
    load_facts(pack_facts(facts(3), seal_number=2), at=AT)
    assert seal_new(district_id=HOME, at=AT) is None

    report = verify_ledger(HOME)
    assert (report.is_sound, report.seals, report.sealed, report.unsealed) == (True, 2, 8, 0)
    assert Fact.objects.filter(actor_id=UUID(int=3), data__text="它说“\\”\n").count() == 5


def test_seal_of_another_number_is_refused(db: None) -> None:
    with pytest.raises(Conflict, match="seal_taken"):
        load_facts(pack_facts(facts(1), seal_number=2), at=AT)

    assert (Fact.objects.count(), SealedFact.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("wrong", "code"), [({"data": {"share": 0.5}}, "not_plain"), ({"at": AT.replace(tzinfo=None)}, "naive_time")]
)
def test_fact_that_can_not_be_recorded_can_not_be_packed(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        pack_facts([replace(facts(1)[0], **wrong)], seal_number=1)
