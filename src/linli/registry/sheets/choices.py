"""Kinds of sheets, what a cell holds, what a row would do, how far an import is."""

from enum import StrEnum


class SheetKind(StrEnum):
    """What a sheet lists, in the order in which they are taken in: each needs the ones before."""

    AREAS = "areas"
    COMPOUNDS = "compounds"
    BUILDINGS = "buildings"
    ORGANISATIONS = "organisations"
    PEOPLE = "people"
    POSTS = "posts"


class CellKind(StrEnum):
    """What a cell holds, and so how it is read and written."""

    TEXT = "text"
    CODE = "code"
    PHONE = "phone"
    DAY = "day"
    COUNT = "count"
    DEGREES = "degrees"
    CHOICE = "choice"
    YES_NO = "yes_no"


class RowStatus(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


class Stage(StrEnum):
    """How far an import is. WAITING: to be compared; CHECKED: somebody has to say go; CONFIRMED: to be put in force."""

    WAITING = "waiting"
    CHECKED = "checked"
    CONFIRMED = "confirmed"
    DONE = "done"
    FAILED = "failed"
