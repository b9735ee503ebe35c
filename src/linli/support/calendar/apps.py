"""The room of the calendar, as Django knows it."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Registers the room's tables."""

    name = "linli.support.calendar"
    label = "calendar"
