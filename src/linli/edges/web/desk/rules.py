"""The rulebooks: read as tables, changed as a new version, and only after a look at what it would do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.cases.actions.rulebooks import publish_rulebook
from linli.cases.calc.priority import IMPORTANCE, URGENCY
from linli.cases.calc.rulebooks import Content
from linli.cases.choices import RulebookKind
from linli.cases.queries.replay import Replay, Replayed, replay_priority
from linli.cases.queries.rulebooks import list_rulebook_versions, rulebook_content
from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.rate_rules import edit_rates
from linli.edges.web.desk.rule_editing import digest, edit_table, may_edit, newest, read_json, read_number
from linli.edges.web.desk.rule_rows import number, split_words
from linli.edges.web.desk.rule_tables import RuleTable, rule_table
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.cases import RULEBOOKS, say_part, say_priority_level
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_moment
from linli.kernel.errors import InvalidInput, LinliError, NotFound
from linli.registry.people.choices import Verb
from linli.registry.people.queries import names_of
from linli.registry.people.rules import Viewer, may_somewhere

_READERS = (Verb.EDIT_RULEBOOKS, Verb.DISPATCH, Verb.OVERRIDE_PRIORITY)
_BANDS = ("11", "10", "01", "00")


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the history of a document."""

    number: int
    made: str
    by: str
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class WeightLine:
    """A part of the weights as the form asks for it."""

    part: str
    name: str
    kind: str
    points: str
    cap: str
    words: str


@dataclass(frozen=True, slots=True)
class MoveLine:
    """How many cases go from one level to another."""

    old: str
    new: str
    count: int
    is_same: bool


@require_GET
@staff_only
@tells_errors
def show_rules(request: ViewerRequest) -> HttpResponse:
    """List the documents with the version that counts."""
    viewer, at = request.viewer, timezone.now()
    _require_reader(viewer)
    books = []
    for kind in RulebookKind:
        newest = list_rulebook_versions(district_id=viewer.district_id, kind=kind, limit=1)
        made = say_moment(newest[0].made_at, at) if newest else ""
        books.append((kind.value, RULEBOOKS[kind], newest[0].number if newest else 0, made))
    return render(request, "web/desk/rules.html", {"books": books})


@require_GET
@staff_only
@tells_errors
def show_rule(request: ViewerRequest, kind: str, number: int = 0) -> HttpResponse:
    """Show a document, the newest or a given version, with its history."""
    viewer, at = request.viewer, timezone.now()
    _require_reader(viewer)
    read = _kind(kind)
    shown, content = rulebook_content(district_id=viewer.district_id, kind=read, number=number)
    table: RuleTable = rule_table(read, content, viewer.district_id)
    context = {
        "kind": kind, "name": RULEBOOKS[read], "number": shown, "table": table, "is_old": bool(number),
        "versions": _versions(viewer, read, at), "may_edit": bool(may_edit(viewer)),
    }  # fmt: skip
    return render(request, "web/desk/rule.html", context)


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def edit_rule(request: ViewerRequest, kind: str) -> HttpResponse:
    """Change a document: its form, then what it would change, and only then is it put in force."""
    read = _kind(kind)
    may_edit(request.viewer).require()
    if read is RulebookKind.RATES:
        return edit_rates(request)
    return _edit_weights(request) if read is RulebookKind.PRIORITY else edit_table(request, read)


def _edit_weights(request: ViewerRequest) -> HttpResponse:
    """Change the weights, which are shown at work on the last 30 days first."""
    viewer, sent = request.viewer, request.POST
    if request.method == "GET":
        follows, content = rulebook_content(district_id=viewer.district_id, kind=RulebookKind.PRIORITY)
        return _form(request, content=content, follows=follows, error=None)
    content = _read_content(sent)
    try:
        if sent.get("seen") != digest(content):
            return _show_replay(request, content, sent.get("reason", ""))
        published = publish_rulebook(
            district_id=viewer.district_id, kind=RulebookKind.PRIORITY, content=content, follows=read_number(sent),
            reason=sent.get("reason", ""), by=viewer, at=timezone.now(),
        )  # fmt: skip
    except LinliError as error:
        return _form(request, content=content, follows=newest(error, read_number(sent)), error=error)
    messages.success(request, _("Version %(number)d is in force for cases from now on.") % {"number": published})
    return HttpResponseRedirect(reverse("rule", args=["priority"]))


def _show_replay(request: ViewerRequest, content: Content, reason: str) -> HttpResponse:
    if not reason.strip():
        raise InvalidInput("reason_missing", field="reason")
    replay: Replay = replay_priority(viewer=request.viewer, content=content, at=timezone.now())
    context = {
        "replay": replay,
        "pairs": _pairs(replay),
        "moves": _moves(replay),
        "content": json.dumps(content),
        "seen": digest(content),
        "follows": read_number(request.POST),
        "reason": reason,
        "changed": sum(not move.is_same and move.count for move in _moves(replay)),
    }
    return render(request, "web/desk/rule_replay.html", context)


def _pairs(replay: Replay) -> list[tuple[int, Replayed, Replayed]]:
    """Lay both orders beside each other, place by place."""
    pairs = zip(replay.by_old, replay.by_new, strict=True)
    return [(place, old, new) for place, (old, new) in enumerate(pairs, start=1)]


def _moves(replay: Replay) -> list[MoveLine]:
    return [
        MoveLine(say_priority_level(old), say_priority_level(new), count, old == new)
        for (old, new), count in sorted(replay.moves.items())
    ]


def _form(request: ViewerRequest, *, content: Content, follows: int, error: LinliError | None) -> HttpResponse:
    context: dict[str, Any] = {
        "kind": RulebookKind.PRIORITY.value, "name": RULEBOOKS[RulebookKind.PRIORITY], "follows": follows,
        "reason": request.POST.get("reason", ""), "error": say_error(error) if error else "",
        "field": error.field if error else "", **_weights(content),
    }  # fmt: skip
    return render(request, "web/desk/rule_weights.html", context, status=status_of(error) if error else 200)


def _weights(content: Content) -> dict[str, Any]:
    points, caps, words = content.get("points", {}), content.get("caps", {}), content.get("words", {})
    bands, levels = list(content.get("bands", ("", ""))), content.get("levels", {})
    labels = {
        "11": _("urgent and weighty"), "10": _("urgent only"), "01": _("weighty only"), "00": _("neither of them")
    }  # fmt: skip
    return {
        "weights": [
            WeightLine(
                part,
                say_part(part),
                _("urgent") if part in URGENCY else _("weighty"),
                str(points.get(part, "")),
                str(caps.get(part, "")),
                "、".join(words.get(part, ())),
            )
            for part in (*URGENCY, *IMPORTANCE)
        ],
        "band_urgency": bands[0],
        "band_importance": bands[1],
        "levels": [(band, labels[band], levels.get(band, "")) for band in _BANDS],
    }


def _read_content(sent: QueryDict) -> Content:
    """Read what was sent: what was looked at, else the fields. A number that is none is -1, refused in words."""
    if "content" in sent:
        return read_json(sent)
    parts = (*URGENCY, *IMPORTANCE)
    found = {part: split_words(sent.get(f"words-{part}", "")) for part in parts}
    return {
        "points": {part: _number(sent, f"points-{part}") for part in parts},
        "caps": {part: _number(sent, f"caps-{part}") for part in parts},
        "words": {part: words for part, words in found.items() if words},
        "bands": [_number(sent, "band-urgency"), _number(sent, "band-importance")],
        "levels": {band: _number(sent, f"level-{band}") for band in _BANDS},
    }


def _number(sent: Mapping[str, str], name: str) -> int:
    return number(sent.get(name, ""))


def _versions(viewer: Viewer, kind: RulebookKind, at: datetime) -> list[VersionLine]:
    versions = list_rulebook_versions(district_id=viewer.district_id, kind=kind)
    people = names_of(district_id=viewer.district_id, person_ids=[each.made_by for each in versions if each.made_by])
    return [
        VersionLine(
            each.number, say_moment(each.made_at, at), people.get(each.made_by, "") if each.made_by else "",
            each.reason, reverse("rule_version", args=[kind.value, each.number]),
        )
        for each in versions
    ]  # fmt: skip


def _kind(text: str) -> RulebookKind:
    if text not in set(RulebookKind):
        raise NotFound("no_such_rulebook")
    return RulebookKind(text)


def _require_reader(viewer: Viewer) -> None:
    if not any(may_somewhere(viewer, verb) for verb in _READERS):
        may_somewhere(viewer, Verb.EDIT_RULEBOOKS).require()
