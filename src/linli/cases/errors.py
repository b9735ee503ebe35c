"""What can go wrong with a case.

LinliError
├── InvalidInput
│   └── CannotOpenCase      the report lacks something or names something unknown
├── Conflict
│   ├── StepNotPossible     the table of stages has no such step from the present state
│   └── EvidenceMissing     what the category asks for is not there yet
└── NotFound
    └── NoSuchCase          none, or none that this person may see
"""

from linli.kernel.errors import Conflict, InvalidInput, NotFound


class CannotOpenCase(InvalidInput):
    """The report lacks something or names something unknown."""


class StepNotPossible(Conflict):
    """The table of stages has no such step from the present state."""


class EvidenceMissing(Conflict):
    """What the category asks for before "report back" is not there yet."""


class NoSuchCase(NotFound):
    """There is none, or none that this person may see."""
