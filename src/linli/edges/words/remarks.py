"""Words for what came of what leaders said, and for what a report got."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.edges.words.reviews import REMARKS
from linli.edges.words.times import say_day
from linli.oversight.reviews.calc.scores import shown
from linli.oversight.reviews.queries.follow_ups import FollowUp
from linli.oversight.reviews.queries.materials import Told
from linli.oversight.reviews.queries.results import Result

_LIGHTS = {"late": "late", "open": "ok", "closed": "done"}


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A follow-up as a report begins with it. url: of its case, "" where that is beyond the viewer's reach."""

    text: str
    kind: str
    said: str
    due: str
    light: str
    standing: str
    number: str
    url: str


def light_of(row: FollowUp | Told) -> str:
    """Choose the light of a follow-up; done too late is no longer red, the words say it."""
    return _LIGHTS[row.standing]


def say_standing(row: FollowUp) -> str:
    """Say how a follow-up stands, with what counts: done by its day or not."""
    return _standing(row.standing, is_done=row.done_on is not None, is_on_time=row.is_on_time)


def say_told(row: Told, today: date) -> ToldLine:
    """Word a follow-up of a material, as it stood when that was counted."""
    return ToldLine(
        row.text, str(REMARKS[row.kind]), row.session, say_day(date.fromisoformat(row.due_on), today), light_of(row),
        _standing(row.standing, is_done=row.is_done, is_on_time=row.is_on_time), row.case_number,
        reverse("desk_case", args=[row.case_id]) if row.may_open else "",
    )  # fmt: skip


def say_result(result: Result | None) -> tuple[str, str]:
    """Say what a report got, and from how many ballots; ("", "") where nothing was published."""
    if result is None:
        return "", ""
    how = _("%(counted)d of %(present)d jurors") % {"counted": result.counted, "present": result.present}
    if result.score is None or result.rank is None:
        return _("not established"), how
    return _("%(score)s, place %(rank)d") % {"score": shown(result.score), "rank": result.rank}, how


def _standing(standing: str, *, is_done: bool, is_on_time: bool) -> str:
    if standing == "late":
        return _("overdue")
    if not is_done:
        return _("not yet done") if standing == "open" else _("closed without being done")
    if standing == "open":
        return _("done on time, being verified") if is_on_time else _("done late, being verified")
    return _("closed, on time") if is_on_time else _("closed, late")
