"""The tabs over the pages about people: what this person's posts have a use for."""

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.registry.people.rules import Viewer, may_see_people


def people_tabs(viewer: Viewer) -> list[tuple[str, str, str]]:
    """List address, words and name of each tab; none where there is one page only. No query."""
    if not may_see_people(viewer):
        return []
    return [
        (reverse("people"), _("People"), "people"),
        (reverse("vacancies"), _("Vacancies"), "vacancies"),
        (reverse("chart"), _("Who is responsible"), "chart"),
        (reverse("roles"), _("Roles"), "roles"),
    ]
