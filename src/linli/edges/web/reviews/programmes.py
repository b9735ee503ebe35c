"""Programmes of monthly reviews: the list, a year by month, planning the next one by one click."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import tells_errors
from linli.edges.words.reviews import CHOOSINGS, DRAW_STATES, LEVELS, OCCASIONS, PHASES, say_policy
from linli.edges.words.times import say_day, say_moment
from linli.oversight.reviews.actions.planning import make_year
from linli.oversight.reviews.actions.programmes import set_public
from linli.oversight.reviews.actions.seating import seat_by_rota
from linli.oversight.reviews.calc.programme import ProgrammeRules
from linli.oversight.reviews.calc.tickets import Rule
from linli.oversight.reviews.choices import DrawState, Occasion, Phase
from linli.oversight.reviews.queries.programmes import (
    DrawLine,
    MonthLine,
    ProgrammePage,
    SessionLine,
    get_programme,
    list_programmes,
    list_year,
)
from linli.oversight.reviews.rules import may_run_reviews_somewhere, may_unseal_ballots

_YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A draw or a session of a month, in words. tone: of its tag."""

    id: UUID
    title: str
    when: str
    state: str
    tone: str
    more: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month in words; special: "" for a regular one."""

    number: int
    name: str
    special: str
    focus: str
    draws: tuple[Line, ...]
    sessions: tuple[Line, ...]
    waits_for_rota: bool


@require_GET
@staff_only
@tells_errors
def show_programmes(request: ViewerRequest) -> HttpResponse:
    """List the programmes of the district."""
    now = timezone.now()
    rows = [
        (row, str(LEVELS[row.level]), say_moment(row.next_at, now) if row.next_at else "")
        for row in list_programmes(viewer=request.viewer, at=now)
    ]
    return render(
        request, "web/reviews/programmes.html",
        {"rows": rows, "may_begin": bool(may_run_reviews_somewhere(request.viewer)),
         "may_unseal": bool(may_unseal_ballots(request.viewer, district_id=request.viewer.district_id))},
    )  # fmt: skip


@require_GET
@staff_only
@tells_errors
def show_programme(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """Show a programme's year, its rules in short and who can be drawn."""
    page = get_programme(viewer=request.viewer, programme_id=programme_id)
    today = timezone.localdate()
    year = _year(request.GET.get("year", ""), page, today)
    months = list_year(viewer=request.viewer, programme_id=programme_id, year=year)
    years = sorted({*page.years, today.year, today.year + 1}, reverse=True)
    held = Counter(member.stratum for member in page.members)
    context = {
        "page": page, "level": str(LEVELS[page.level]), "year": year, "years": years,
        "months": [_month(month, today) for month in months], "rules": say_rules(page.rules),
        "strata": [(each, held[each.id], [m.name for m in page.members if m.stratum == each.id])
                   for each in page.rules.strata],
    }  # fmt: skip
    return render(request, "web/reviews/programme.html", context)


@require_POST
@staff_only
@tells_errors
def plan(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """Write a year's draws and sessions that are not there yet."""
    typed = request.POST.get("year", "")
    year = int(typed) if typed.isdecimal() and len(typed) == _YEAR_DIGITS else 0
    draws, sessions = make_year(programme_id=programme_id, year=year, by=request.viewer, at=timezone.now())
    if draws or sessions:
        said = _("Planned: %(draws)s draws, %(sessions)s sessions, all on working days.")
        messages.success(request, said % {"draws": draws, "sessions": sessions})
    else:
        messages.info(request, _("The year is planned already. Nothing was changed."))
    return HttpResponseRedirect(f"{reverse('review_programme', args=[programme_id])}?year={year}")


@require_POST
@staff_only
@tells_errors
def seat(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """Seat those whose turn it is by the rota."""
    year, month = (int(typed) if typed.isdecimal() and len(typed) <= _YEAR_DIGITS else 0
                   for typed in (request.POST.get("year", ""), request.POST.get("month", "")))  # fmt: skip
    turns = seat_by_rota(programme_id=programme_id, year=year, month=month, by=request.viewer, at=timezone.now())
    said = ngettext("%(n)s organisation is seated by rota.", "%(n)s organisations are seated by rota.", len(turns))
    messages.success(request, said % {"n": len(turns)})
    return HttpResponseRedirect(f"{reverse('review_programme', args=[programme_id])}?year={year}")


@require_POST
@staff_only
@tells_errors
def publish(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """Open what is published to everybody, or close it again."""
    is_public = request.POST.get("is_public") == "yes"
    set_public(programme_id=programme_id, is_public=is_public, by=request.viewer, source_ip=address_of(request),
               at=timezone.now())  # fmt: skip
    messages.success(request, _("Everybody can read records and ballots now.") if is_public
                     else _("Records and ballots are read within the district only."))  # fmt: skip
    return HttpResponseRedirect(reverse("review_programme", args=[programme_id]))


def say_rules(rules: ProgrammeRules) -> list[tuple[str, str]]:
    """Word a programme's rules: pairs of what and how."""
    takes = " + ".join(str(stratum.take) for stratum in rules.strata)
    strata = "、".join(f"{stratum.name} {stratum.take}" for stratum in rules.strata)
    minutes = {"talk": rules.times.talk_s // 60, "comment": rules.times.comment_s // 60}
    groups = "、".join(group.name for group in rules.jury.groups)
    return [
        (_("Drawn each time"), f"{takes}（{strata}）"),
        (_("Chosen by"), str(CHOOSINGS[rules.choosing])),
        (_("Rule of choosing"), say_policy(Rule(rules.policy.kind, rules.policy.ticket_cap, rules.policy.cooldown))),
        (_("Split over the sessions"), " + ".join(map(str, rules.split))),
        (_("Report and comment"), _("%(talk)s minutes, %(comment)s minutes") % minutes),
        (_("What a report holds"), "、".join(f"{part.title} {part.points}" for part in rules.parts)),
        (_("Jury"), groups),
    ]  # fmt: skip


def _year(typed: str, page: ProgrammePage, today: date) -> int:
    if typed.isdecimal() and len(typed) == _YEAR_DIGITS:
        return int(typed)
    return today.year if today.year in page.years or not page.years else page.years[0]


def _month(month: MonthLine, today: date) -> Month:
    held = {draw.occasion for draw in month.draws} | {session.occasion for session in month.sessions}
    occasions = held - {Occasion.REGULAR.value}
    focus = next((session.focus for session in month.sessions if session.focus), "")
    special = "、".join(str(OCCASIONS[each]) for each in sorted(occasions))
    return Month(
        month.month, _("Month %(number)s") % {"number": month.month}, special, focus,
        tuple(_draw(draw, today) for draw in month.draws),
        tuple(_session(session) for session in month.sessions),
        not month.draws and not any(session.turns for session in month.sessions),
    )  # fmt: skip


def _draw(draw: DrawLine, today: date) -> Line:
    tone = {DrawState.DRAWN.value: "ok", DrawState.VOID.value: "late"}.get(draw.state, "")
    return Line(
        draw.id, _("Draw"), say_day(draw.planned_on, today), str(DRAW_STATES[draw.state]), tone,
        str(CHOOSINGS[draw.choosing]),
    )  # fmt: skip


def _session(session: SessionLine) -> Line:
    said = PHASES[session.phase] if session.phase else (_("seated") if session.turns else _("planned"))
    tone = {Phase.CLOSED.value: "ok", None: ""}.get(session.phase, "warn")
    at = timezone.localtime(session.planned_at)
    turns = ngettext("%(n)s reports", "%(n)s report", session.turns) % {"n": session.turns} if session.turns else ""
    return Line(
        session.id, _("Session %(part)s") % {"part": session.part}, f"{at:%m-%d %H:%M}", str(said), tone,
        "，".join(each for each in (session.place, turns) if each),
    )  # fmt: skip
