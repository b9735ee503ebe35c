"""A programme's rules as a form: read, changed and kept as the next version."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.edges.callers import address_of
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.edges.words.reviews import BALLOT_MODES, CHOOSINGS, OCCASIONS
from linli.kernel.errors import LinliError, NotAllowed
from linli.oversight.reviews.actions.programmes import save_rules
from linli.oversight.reviews.calc.programme import Group, Part, ProgrammeRules, Special, Times
from linli.oversight.reviews.choices import BallotMode, Choosing, Occasion
from linli.oversight.reviews.queries.programmes import ProgrammePage, get_programme

MOST_PARTS, MOST_GROUPS, MOST_SESSIONS = 6, 6, 3
_LONGEST = 80
_LONGEST_NUMBER = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of a list to choose from."""

    value: str
    words: str
    is_on: bool


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def show_rules(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """Show a programme's rules to who runs it, and keep what is changed."""
    page = get_programme(viewer=request.viewer, programme_id=programme_id)
    if not page.may_run:
        raise NotAllowed("no_post_allows")
    if request.method == "GET":
        return _form(request, page, page.rules)
    sent = request.POST
    rules = read_form(sent, page.rules)
    try:
        number = save_rules(programme_id=programme_id, rules=rules, seen=_number(sent, "seen"),
                            reason=sent.get("reason", ""), by=request.viewer, source_ip=address_of(request),
                            at=timezone.now())  # fmt: skip
    except LinliError as error:
        return _form(request, page, rules, error)
    messages.success(
        request, _("Version %(number)s counts for what is frozen or opened from now on.") % {"number": number}
    )
    return HttpResponseRedirect(reverse("review_programme", args=[programme_id]))


def read_form(sent: QueryDict, before: ProgrammeRules) -> ProgrammeRules:
    """Read the form over the rules it was made from; rows without a name are left out. Numbers that are none are 0."""
    parts = tuple(
        Part(sent.get(f"part_id_{n}", "") or f"part{n}", sent.get(f"part_{n}", "").strip()[:_LONGEST],
             sent.get(f"asks_{n}", "").strip()[:200], _number(sent, f"points_{n}"), bool(sent.get(f"own_{n}")))
        for n in range(MOST_PARTS) if sent.get(f"part_{n}", "").strip()
    )  # fmt: skip
    groups = tuple(
        Group(sent.get(f"group_id_{n}", "") or f"group{n}", sent.get(f"group_{n}", "").strip()[:_LONGEST],
              _number(sent, f"weight_{n}"))
        for n in range(MOST_GROUPS) if sent.get(f"group_{n}", "").strip()
    )  # fmt: skip
    jury = replace(before.jury, groups=groups, trim_percent=_number(sent, "trim"),
                   quorum=(_number(sent, "quorum"), _number(sent, "quorum_of")))  # fmt: skip
    times = Times(
        talk_s=_number(sent, "talk") * 60, comment_s=_number(sent, "comment") * 60,
        late_ballot_s=before.times.late_ballot_s, day=_number(sent, "day"), draw_min=_minutes(sent.get("draw_at", "")),
        sessions_min=tuple(_minutes(typed) for n in range(MOST_SESSIONS) if (typed := sent.get(f"session_{n}", ""))),
    )  # fmt: skip
    specials = tuple(
        Special(month, occasion) for month in range(1, 13)
        if (occasion := _known(Occasion, sent.get(f"special_{month}", ""), "")) not in {"", Occasion.REGULAR.value}
    )  # fmt: skip
    return replace(
        before, parts=parts, jury=jury, times=times, specials=specials,
        choosing=_known(Choosing, sent.get("choosing", ""), before.choosing),
        ballot_mode=_known(BallotMode, sent.get("ballot_mode", ""), before.ballot_mode),
        notice_days=_number(sent, "notice_days"),
        focuses=tuple(sent.get(f"focus_{n}", "").strip()[:_LONGEST] for n in range(4)),
        strata=tuple(replace(each, take=_number(sent, f"take_{each.id}"), reserve=_number(sent, f"reserve_{each.id}"))
                     for each in before.strata),
    )  # fmt: skip


def _form(
    request: ViewerRequest, page: ProgrammePage, rules: ProgrammeRules, error: LinliError | None = None
) -> HttpResponse:
    times, specials = rules.times, {special.month: special.occasion for special in rules.specials}
    context = {
        "page": page, "rules": rules, "reason": request.POST.get("reason", ""),
        "seen": request.POST.get("seen", "") or page.number,
        "choosings": _choices(CHOOSINGS, rules.choosing), "modes": _choices(BALLOT_MODES, rules.ballot_mode),
        "parts": _padded(rules.parts, MOST_PARTS), "groups": _padded(rules.jury.groups, MOST_GROUPS),
        "talk": times.talk_s // 60, "comment": times.comment_s // 60, "draw_at": _clock(times.draw_min),
        "sessions": [(n, _clock(times.sessions_min[n]) if n < len(times.sessions_min) else "")
                     for n in range(MOST_SESSIONS)],
        "focuses": list(enumerate(rules.focuses)),
        "specials": [(month, _choices(OCCASIONS, specials.get(month, Occasion.REGULAR.value)))
                     for month in range(1, 13)],
        "error": say_error(error) if error else "", "error_field": error.field if error else "",
    }  # fmt: skip
    return render(request, "web/reviews/rules.html", context, status=status_of(error) if error else 200)


def _choices(words: object, chosen: str) -> list[Choice]:
    return [Choice(str(value), str(said), value == chosen) for value, said in dict(words).items()]  # type: ignore[call-overload]


def _padded(rows: tuple[Part, ...] | tuple[Group, ...], most: int) -> list[tuple[int, Part | Group | None]]:
    return [(n, rows[n] if n < len(rows) else None) for n in range(most)]


def _known(kind: type[Choosing] | type[BallotMode] | type[Occasion], typed: str, otherwise: str) -> str:
    return typed if typed in set(kind) else otherwise


def _number(sent: QueryDict, name: str) -> int:
    typed = sent.get(name, "").strip()
    return int(typed) if typed.isdecimal() and len(typed) <= _LONGEST_NUMBER else 0


def _minutes(typed: str) -> int:
    hours, _colon, minutes = typed.partition(":")
    return int(hours) * 60 + int(minutes) if hours.isdecimal() and minutes.isdecimal() else -1


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}" if minutes >= 0 else ""
