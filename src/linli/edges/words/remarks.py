"""Words for what came of what leaders said."""

from django.utils.translation import gettext as _

from linli.oversight.reviews.queries.follow_ups import FollowUp

_LIGHTS = {"late": "late", "open": "ok", "closed": "done"}


def light_of(row: FollowUp) -> str:
    """Choose the light of a follow-up; done too late is no longer red, the words say it."""
    return _LIGHTS[row.standing]


def say_standing(row: FollowUp) -> str:
    """Say how a follow-up stands, with what counts: done by its day or not."""
    if row.standing == "late":
        return _("overdue")
    if row.done_on is None:
        return _("not yet done") if row.is_open else _("closed without being done")
    if row.is_open:
        return _("done on time, being verified") if row.is_on_time else _("done late, being verified")
    return _("closed, on time") if row.is_on_time else _("closed, late")
