"""What can go wrong with visits.

LinliError
├── InvalidInput
│   └── CannotPlan          a campaign lacks something, or a set can't be drawn
├── Conflict
│   └── CampaignOver        it is over, or not begun yet
└── NotFound
    └── NoSuchVisit         no such campaign, target or visit, or none within reach
"""

from linli.kernel.errors import Conflict, InvalidInput, NotFound


class CannotPlan(InvalidInput):
    """A campaign lacks something, or a set can't be drawn."""


class CampaignOver(Conflict):
    """The campaign is over, or has not begun."""


class NoSuchVisit(NotFound):
    """There is no such campaign, target or visit, or none within reach."""
