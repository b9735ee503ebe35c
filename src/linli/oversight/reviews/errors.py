"""What can go wrong in a review.

LinliError
├── Conflict
│   ├── RemarkMovedOn      409  somebody changed, showed or struck this remark meanwhile
│   ├── HallMovedOn        409  somebody at another console was faster: revision
│   └── DrawMovedOn        409  the draw is not where this step needs it: state
└── InvalidInput
    ├── CannotWriteRemark  422  the remark lacks its words, its owner or its day
    └── PolicyImpossible   422  the rule of choosing can't be kept with these numbers: stratum, why
"""

from linli.kernel.errors import Conflict, InvalidInput


class HallMovedOn(Conflict):
    """Somebody at another console was faster."""


class DrawMovedOn(Conflict):
    """The draw is not where this step needs it."""


class PolicyImpossible(InvalidInput):
    """The rule of choosing can't be kept with these numbers."""


class RemarkMovedOn(Conflict):
    """Somebody changed, showed or struck this remark meanwhile."""


class CannotWriteRemark(InvalidInput):
    """The remark lacks its words, its owner or its day."""
