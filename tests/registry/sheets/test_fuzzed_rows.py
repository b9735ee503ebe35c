"""Whatever stands in the cells of a sheet, planning says what is wrong with it: it never breaks off."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.district import AT, HOME

from linli.registry.sheets.calc.descriptions import Vocabulary, describe
from linli.registry.sheets.calc.planning import plan_file
from linli.registry.sheets.calc.plans import SentSheet
from linli.registry.sheets.calc.world import Registry
from linli.registry.sheets.choices import RowStatus, SheetKind

WORDS = Vocabulary((("community", "社区"), ("grid", "网格")), (("grid_worker", "网格员"), ("grid_head", "网格长")))
DESCRIBED = {kind: describe(kind, WORDS) for kind in SheetKind}
HEADERS = {kind: tuple(column.header for column in each.columns) for kind, each in DESCRIBED.items()}
_cell = st.text(max_size=20) | st.sampled_from(
    ["", "210106", "210106003006", "社区", "网格员", "是", "否", "2026-02-30", "9999-12-31", "1e999", "nan", "-1",
     "１２３", "2.10106003006010E+16", "POLYGON((0 0,1 1,0 0))", "[[[123,41],[124,41]]]", "0" * 5000]
)  # fmt: skip


@st.composite
def _sheets(draw: st.DrawFn) -> tuple[SentSheet, ...]:
    sent = []
    for kind in draw(st.lists(st.sampled_from(SheetKind), min_size=1, max_size=7)):
        extra = draw(st.lists(st.text(max_size=6) | st.sampled_from(HEADERS[kind]), max_size=2))
        columns = (*draw(st.permutations(HEADERS[kind]))[: draw(st.integers(1, 99))], *extra)
        rows = draw(st.lists(st.tuples(*[_cell] * len(columns)), max_size=5))
        title = draw(st.sampled_from([DESCRIBED[kind].title, "", "乱写"]))
        sent.append(SentSheet(title, tuple(columns), tuple(enumerate(rows, start=2))))
    return tuple(sent)


@settings(max_examples=400, deadline=None)
@given(sent=_sheets(), allowed=st.sets(st.sampled_from(SheetKind)))
def test_any_rows_are_planned(sent: tuple[SentSheet, ...], allowed: set[SheetKind]) -> None:
    registry = Registry(HOME, DESCRIBED, {kind: {} for kind in SheetKind}, {}, {})

    plan = plan_file(sent, registry, today=AT.date(), allowed=tuple(allowed))

    for sheet in plan.sheets:
        assert {row.status for row in sheet.rows} <= set(RowStatus)
        assert all(row.faults for row in sheet.rows if row.status is RowStatus.FAULTY)
