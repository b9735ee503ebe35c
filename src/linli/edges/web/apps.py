"""Pages, as Django knows them: templates and static files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers templates and static files; it has no tables."""

    name = "linli.edges.web"
    label = "web"
