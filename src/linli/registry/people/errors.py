"""What can go wrong with people, posts and logins.

LinliError
├── Conflict
│   ├── AdministratorsAreSeparate   one person would hold two of the three administrators' posts
│   └── CannotStandIn               the deputy named is away then, or the post has another deputy for some of the days
└── NotAllowed
    └── SignInRefused               wrong name, wrong password or a shut door: one answer for all three
"""

from linli.kernel.errors import Conflict, NotAllowed


class AdministratorsAreSeparate(Conflict):
    """One person would hold two of the three administrators' posts."""


class CannotStandIn(Conflict):
    """The deputy named is away or stands down then, or the post has another deputy for some of the days."""


class SignInRefused(NotAllowed):
    """Wrong name, wrong password or a shut door: one answer for all, so that names can't be tried out."""
