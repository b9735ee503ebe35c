"""The closed lists of the room."""

from enum import StrEnum


class PlaceKind(StrEnum):
    """What somebody has to be responsible for. A single building is a compound that has one building."""

    COMPOUND = "compound"
    SINGLE_BUILDING = "single_building"
    VILLAGE = "village"
