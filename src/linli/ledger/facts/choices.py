"""What can be wrong with a ledger."""

from enum import StrEnum


class Flaw(StrEnum):
    """The first thing a check found broken."""

    SEAL_MISSING = "seal_missing"  # a number is skipped, or facts name a seal that is not there
    SEAL_CHANGED = "seal_changed"  # its chain value does not follow from its own fields
    CHAIN_BROKEN = "chain_broken"  # it does not continue the seal before
    NOT_AS_NOTED = "not_as_noted"  # its chain value differs from the one somebody wrote down earlier
    WRONG_DISTRICT = "wrong_district"
    FACT_LOST = "fact_lost"  # sealed, but gone or no longer readable
    FACT_CHANGED = "fact_changed"
    FACT_INSERTED = "fact_inserted"  # more facts than were sealed
    FACT_REORDERED = "fact_reordered"
    ROOT_DIFFERS = "root_differs"  # leaves and root were not made from each other
    FILE_MALFORMED = "file_malformed"  # an export that is cut, has another form, or other bytes than it says
