"""The room as Django knows it."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Registers the room's tables."""

    name = "linli.oversight.reviews"
    label = "reviews"

    def ready(self) -> None:
        """Say how its matters are told."""
        from linli.oversight.reviews import receivers

        receivers.subscribe()
