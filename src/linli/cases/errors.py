"""What can go wrong with a case.

LinliError
├── InvalidInput
│   ├── CannotOpenCase      the report lacks something or names something unknown
│   └── CannotKeepView      the view has no name, too long a one, or one that is taken
├── Conflict
│   ├── StepNotPossible     the table of stages has no such step from the present state
│   ├── EvidenceMissing     what the category asks for is not there yet
│   └── ViewsChanged        there is no place for one more view, or another window was faster
└── NotFound
    ├── NoSuchCase          none, or none that this person may see
    └── NoSuchView          none, or somebody else's
"""

from linli.kernel.errors import Conflict, InvalidInput, NotFound


class CannotOpenCase(InvalidInput):
    """The report lacks something or names something unknown."""


class CannotKeepView(InvalidInput):
    """The view has no name, too long a one, or one that is taken."""


class StepNotPossible(Conflict):
    """The table of stages has no such step from the present state."""


class EvidenceMissing(Conflict):
    """What the category asks for before "report back" is not there yet."""


class ViewsChanged(Conflict):
    """There is no place for one more view, or another window was faster."""


class NoSuchCase(NotFound):
    """There is none, or none that this person may see."""


class NoSuchView(NotFound):
    """There is none, or it is somebody else's."""
