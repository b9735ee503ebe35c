"""What can go wrong when somebody asks about their data.

LinliError
└── Conflict
    └── RequestAnswered   409  somebody answered it meanwhile
"""

from linli.kernel.errors import Conflict


class RequestAnswered(Conflict):
    """Somebody answered it meanwhile."""
