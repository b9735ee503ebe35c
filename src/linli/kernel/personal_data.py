"""What a model declares of a field that holds personal data."""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass


class LegalBasis(enum.StrEnum):
    """Why personal data may be handled. Source: Personal Information Protection Law, art. 13(1)."""

    CONSENT = "consent"  # no. 1
    CONTRACT = "contract"  # no. 2, contracts and staff matters
    DUTY = "duty"  # no. 3, duties and powers laid down by law
    EMERGENCY = "emergency"  # no. 4
    NEWS = "news"  # no. 5
    PUBLISHED = "published"  # no. 6, what the person made public
    OTHER_LAW = "other_law"  # no. 7


class Whose(enum.StrEnum):
    """Whose data they are."""

    RESIDENT = "resident"
    STAFF = "staff"


def no_words(_value: str) -> Sequence[str]:
    """Give no words: the value is not searched by words."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Whose data a field holds, why, by which right, and for how long.

    purpose: an English msgid, worded at the edges. retention_days: days after the row's own business has ended (case
    closed, post left); None as long as the row.
    sealed_for: the purpose that `linli.kernel.crypto.encrypt` was told, "" if the column can be read by whoever can
    read the table; indexed_in: the field beside it that holds the blind index of the number in it (`kernel.phones`);
    is_index: this is such a field. searched_in: the search vector beside it that holds blind words of the value
    (`crypto.blind_words`) among others; search_words: what words those are made of.
    """

    whose: Whose
    purpose: str
    legal_basis: LegalBasis
    retention_days: int | None
    sealed_for: str = ""
    indexed_in: str = ""
    is_index: bool = False
    searched_in: str = ""
    search_words: Callable[[str], Sequence[str]] = no_words
