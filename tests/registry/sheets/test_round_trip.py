"""What is written out can be sent again and changes nothing, here and in an empty district."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from tests.factories.district import AT, HOME, DemoDistrict
from tests.registry.sheets.books import content, exported, sent_again, statuses, taken_in

from linli.edges.sheets import write_out
from linli.ledger.facts.models import Fact
from linli.registry.orgs.models import Organisation
from linli.registry.people.models import Person, Post
from linli.registry.sheets.calc.cells import plain_value, written
from linli.registry.sheets.calc.descriptions import Column, SheetDescription, Value, Vocabulary, describe
from linli.registry.sheets.calc.planning import plan_file
from linli.registry.sheets.calc.plans import Entry
from linli.registry.sheets.calc.world import Registry
from linli.registry.sheets.choices import CellKind, RowStatus, SheetKind
from linli.registry.sheets.queries.writing_out import WrittenSheet
from linli.registry.territory.models import Area, Boundary, Building, Compound

WORDS = Vocabulary((("community", "社区"), ("grid", "网格")), (("grid_worker", "网格员"), ("grid_head", "网格长")))
TODAY = AT.date()

# What people write into names: everyday words, and what a spreadsheet would like to run.
_text = st.text("网格员 号楼ab=+-@'（）·#0１", min_size=1, max_size=12).map(str.strip).filter(bool)
_BY_KIND: dict[CellKind, SearchStrategy[Value]] = {
    CellKind.TEXT: _text,
    CellKind.CODE: st.text("0123456789", min_size=1, max_size=17) | st.text("ABz-_9", min_size=1, max_size=9),
    CellKind.PHONE: st.text("0123456789-", max_size=14),
    CellKind.DAY: st.none() | st.dates(date(1901, 1, 1), date(2199, 12, 31)),
    CellKind.COUNT: st.integers(0, 9_999_999),
    CellKind.DEGREES: st.floats(-180, 180, allow_nan=False),
    CellKind.YES_NO: st.booleans(),
}


def _values(column: Column) -> SearchStrategy[Value]:
    if column.kind is CellKind.CHOICE:
        return st.sampled_from([code for code, _word in column.choices])
    found = _BY_KIND[column.kind]
    return found.filter(lambda value: value is not None) if column.is_needed else found


@st.composite
def _registries(draw: st.DrawFn) -> Registry:
    described = {kind: describe(kind, WORDS) for kind in SheetKind}
    entries = {}
    for kind, each in described.items():
        rows = draw(st.lists(st.tuples(*map(_values, each.columns)), max_size=4))
        plain = [tuple(map(plain_value, each.columns, row)) for row in rows]
        identity = [each.place(key) for key in each.identity]
        entries[kind] = {
            tuple(row[at] for at in identity): Entry(UUID(int=number), row)
            for number, row in enumerate(plain) if all(row[at] != "" for at in identity)
        }  # fmt: skip
    return Registry(HOME, described, entries, {}, {})


def _sheets(registry: Registry) -> list[WrittenSheet]:
    def cells(each: SheetDescription, entry: Entry) -> tuple[Value, ...]:
        return tuple(map(written, each.columns, entry.values))

    return [
        WrittenSheet(each, [cells(each, entry) for entry in registry.entries[kind].values()])
        for kind, each in registry.descriptions.items()
    ]


@pytest.mark.parametrize("name", ["=", "'=", "''=1+1", "'@", "路'=灯", "'", "''"])
def test_a_name_in_its_plain_form_stays_so(name: str) -> None:
    column = next(each for each in describe(SheetKind.PEOPLE, WORDS).columns if each.key == "name")
    once = plain_value(column, name)
    assert plain_value(column, once) == once


@given(_registries())
@settings(max_examples=60, deadline=None)
def test_whatever_is_kept_comes_back_unchanged(registry: Registry) -> None:
    data = b"".join(write_out(_sheets(registry), notes=("演示数据", "由某人导出"), at=AT))

    plan = plan_file(sent_again(data) if any(registry.entries.values()) else (), registry, today=TODAY,
                     allowed=tuple(SheetKind))  # fmt: skip

    assert {status for sheet in plan.sheets for status in (row.status for row in sheet.rows)} <= {RowStatus.UNCHANGED}
    assert sum(len(sheet.rows) for sheet in plan.sheets) == sum(map(len, registry.entries.values()))


def test_what_is_written_out_changes_nothing_when_it_is_sent_again(district: DemoDistrict) -> None:
    before = Fact.objects.count()

    plan = taken_in(*sent_again(exported()))

    assert {kind: set(found) for kind, found in statuses(plan).items()} == {
        kind.value: {RowStatus.UNCHANGED} for kind in SheetKind
    }
    assert Fact.objects.count() == before


def test_empty_district_moves_in_with_what_another_wrote_out(district: DemoDistrict) -> None:
    data = exported()
    for model in (Post, Person, Organisation, Building, Compound, Boundary, Area):
        model.objects.filter(district_id=HOME)._raw_delete("default")

    plan = taken_in(*sent_again(data))

    assert {kind: set(found) for kind, found in statuses(plan).items()} == {
        kind.value: {RowStatus.NEW} for kind in SheetKind
    }
    assert content(exported()) == content(data)
    assert Fact.objects.filter(kind="post.made").count() == Post.objects.filter(district_id=HOME).count()
