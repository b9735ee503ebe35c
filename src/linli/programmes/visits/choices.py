"""The closed lists of the room; who visits whom, how often and how far is data, in target sets."""

from enum import StrEnum


class TargetKind(StrEnum):
    """What a set is drawn from: the doors of the registry's buildings, or its organisations. Never persons."""

    DOORS = "doors"
    ORGANISATIONS = "organisations"
