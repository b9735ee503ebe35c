"""The functions that a district starts with: one who leads, five for what has to be looked after on the spot."""

from linli.registry.coverage.calc.functions import Function
from linli.registry.coverage.choices import PlaceKind

_EVERYWHERE = tuple(PlaceKind)
_IN_THE_GRID = ("grid_worker", "grid_head")
_IN_THE_COMMUNITY = ("community_steward", "community_clerk")

DEFAULT_FUNCTIONS = (
    Function("lead", "统筹负责", _EVERYWHERE, "community", ("community_secretary",)),
    Function("safety", "治安防范", _EVERYWHERE, "grid", _IN_THE_GRID),
    Function("sanitation", "环境卫生", _EVERYWHERE, "grid", _IN_THE_GRID),
    Function("fire", "消防安全", _EVERYWHERE, "grid", _IN_THE_GRID),
    Function("mediation", "矛盾调解", _EVERYWHERE, "community", _IN_THE_COMMUNITY),
    Function("help", "帮扶救助", _EVERYWHERE, "community", _IN_THE_COMMUNITY),
)
