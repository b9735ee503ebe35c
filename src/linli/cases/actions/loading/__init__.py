"""Loading whole lives of cases: a year of a demo, or what another system kept.

The table of stages, the clocks and the scores are those that single steps go through, run on rows in memory; the
database's constraints see every row. What a life says that the table does not allow is refused, with its number.
Lives are lived and packed without the database, by as many processes as there are cores; one writes what they packed.
"""

from linli.cases.actions.loading.living import Born, bear, live
from linli.cases.actions.loading.packing import Packed, begin_large_load, end_large_load, load_packed, pack
from linli.cases.actions.loading.rows import Batch, LifeStep

__all__ = [
    "Batch", "Born", "LifeStep", "Packed", "bear", "begin_large_load", "end_large_load", "live", "load_packed", "pack",
]  # fmt: skip
