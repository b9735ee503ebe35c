"""What can go wrong with coverage.

LinliError
├── InvalidInput
│   └── FunctionsHaveFaults   the functions can't count as they are; names the first fault
└── Conflict
    └── FunctionsChanged      a newer version counts by now
"""

from linli.kernel.errors import Conflict, InvalidInput


class FunctionsHaveFaults(InvalidInput):
    """The functions can't count as they are."""


class FunctionsChanged(Conflict):
    """A newer version counts by now."""
