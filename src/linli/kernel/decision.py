"""The answer to "may this person do that", with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from linli.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Decision:
    """A yes or a no, and why.

    reason: a code that edges put into words (`edges/words`); params: plain values for those words.
    """

    is_allowed: bool
    reason: str
    params: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))

    def __bool__(self) -> bool:
        return self.is_allowed

    def require(self) -> None:
        """Raise NotAllowed with the reason unless allowed."""
        if not self.is_allowed:
            raise NotAllowed(self.reason, params=dict(self.params))


def allowed(reason: str, **params: str | int) -> Decision:
    """Say yes, and by which rule."""
    return Decision(is_allowed=True, reason=reason, params=params)


def denied(reason: str, **params: str | int) -> Decision:
    """Say no, and by which rule."""
    return Decision(is_allowed=False, reason=reason, params=params)
