"""Writing coverage: looking for holes, and saying what functions there are."""

from linli.registry.coverage.actions.functions import publish_functions
from linli.registry.coverage.actions.watching import Watched, check_coverage

__all__ = ["Watched", "check_coverage", "publish_functions"]
