"""The tabs over the pages about people: what this person's posts have a use for."""

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.registry.coverage.rules import may_see_coverage
from linli.registry.people.choices import Verb
from linli.registry.people.rules import Viewer, may_see_people


def people_tabs(viewer: Viewer) -> list[tuple[str, str, str]]:
    """List address, words and name of each tab; none where there is one page only. No query."""
    chart, coverage = (
        (reverse("chart"), _("Who is responsible"), "chart"),
        (reverse("coverage"), _("Coverage"), "coverage"),
    )
    if not may_see_people(viewer):
        return [chart, coverage] if may_see_coverage(viewer) else []
    return [
        (reverse("people"), _("People"), "people"),
        (reverse("vacancies"), _("Vacancies"), "vacancies"),
        chart,
        coverage,
        *(
            [(reverse("elections"), _("Change of committees"), "elections")]
            if viewer.posts_with(Verb.MANAGE_POSTS)
            else []
        ),
        (reverse("roles"), _("Roles"), "roles"),
    ]
