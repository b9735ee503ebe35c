"""The room of files, as Django knows it."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Registers the room's table."""

    name = "linli.support.files"
    label = "files"
