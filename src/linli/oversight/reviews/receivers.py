"""What the room tells lower rooms once the app is ready."""

from linli.oversight.reviews.queries.telling import tell_of_draws
from linli.support.notices.queries.subjects import tell_subjects


def subscribe() -> None:
    """Say how notices tell of draws."""
    tell_subjects("review_draw.", tell_of_draws)
