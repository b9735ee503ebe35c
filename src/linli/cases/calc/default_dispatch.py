"""The dispatch catalogue that a new district starts with.

Matters that belong to a department go there, never down to the community. Organisation codes are short names that
every district gives to its own departments. Source: 国办函〔2025〕66号, item 1, as told in our notes.
"""

from linli.cases.calc.dispatch import (
    ANY_CATEGORY,
    ANYWHERE,
    IN_COMPOUND,
    OUTSIDE_COMPOUNDS,
    DispatchCatalogue,
    DispatchRule,
)

_HANDLER = "department_handler"

DEFAULT_DISPATCH = DispatchCatalogue(
    rules=(
        DispatchRule("D01", "water_burst", IN_COMPOUND, "grid_worker"),
        DispatchRule("D02", "water_burst", OUTSIDE_COMPOUNDS, _HANDLER, "water_repair"),
        DispatchRule("D03", "drainage", IN_COMPOUND, "grid_worker"),
        DispatchRule("D04", "drainage", OUTSIDE_COMPOUNDS, _HANDLER, "drainage_team"),
        DispatchRule("D05", "heating", ANYWHERE, _HANDLER, "heating_office"),
        DispatchRule("D06", "power", IN_COMPOUND, "grid_worker"),
        DispatchRule("D07", "power", OUTSIDE_COMPOUNDS, _HANDLER, "power"),
        DispatchRule("D08", "gas", ANYWHERE, _HANDLER, "gas"),
        DispatchRule("D09", "streetlight", OUTSIDE_COMPOUNDS, _HANDLER, "lighting"),
        DispatchRule("D10", "streetlight", IN_COMPOUND, "grid_worker"),
        DispatchRule("D11", "road", OUTSIDE_COMPOUNDS, _HANDLER, "road_team"),
        DispatchRule("D12", "road", IN_COMPOUND, "grid_worker"),
        DispatchRule("D13", "snow_ice", OUTSIDE_COMPOUNDS, _HANDLER, "sanitation_centre"),
        DispatchRule("D14", "sanitation", OUTSIDE_COMPOUNDS, _HANDLER, "sanitation_centre"),
        DispatchRule("D15", "garbage", OUTSIDE_COMPOUNDS, _HANDLER, "sanitation_centre"),
        DispatchRule("D16", "illegal_parking", OUTSIDE_COMPOUNDS, _HANDLER, "police"),
        DispatchRule("D17", "stall", ANYWHERE, _HANDLER, "urban_management"),
        DispatchRule("D18", "illegal_building", ANYWHERE, _HANDLER, "urban_management"),
        DispatchRule("D19", "elevator", ANYWHERE, _HANDLER, "market"),
        DispatchRule("D20", "pollution", ANYWHERE, _HANDLER, "ecology"),
        DispatchRule("D21", "stray_animal", ANYWHERE, _HANDLER, "police"),
        DispatchRule("D22", "noise", OUTSIDE_COMPOUNDS, _HANDLER, "police"),
        DispatchRule("D23", "dispute", ANYWHERE, "community_clerk"),
        DispatchRule("D24", "elder_help", ANYWHERE, "community_clerk"),
        DispatchRule("D25", "advice", ANYWHERE, "community_clerk"),
        DispatchRule("D26", "feedback", ANYWHERE, "district_dispatcher"),
        DispatchRule("D99", ANY_CATEGORY, ANYWHERE, "grid_worker"),
    ),
    fallback_roles=("community_secretary", "subdistrict_dispatcher", "district_dispatcher"),
    levels=(
        ("grid", "grid_worker"),
        ("community", "community_secretary"),
        ("subdistrict", "subdistrict_dispatcher"),
        ("district", "district_dispatcher"),
    ),
)
