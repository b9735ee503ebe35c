"""What can go wrong here.

LinliError
└── InvalidInput
    └── BadText      a notice's words that can't be used; names the placeholder
"""

from linli.kernel.errors import InvalidInput


class BadText(InvalidInput):
    """Words with a placeholder that is unknown, or that would carry personal data outside."""
