"""The five rulebooks: read as tables, changed as a new version, the weights only after a look at what they would do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
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
from linli.edges.web.desk.rule_tables import RuleTable, rule_table
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.cases import RULEBOOKS, say_part, say_priority_level
from linli.edges.words.errors import say_error
from linli.edges.words.times import say_moment
from linli.kernel.decision import Decision
from linli.kernel.errors import InvalidInput, LinliError, NotFound
from linli.registry.people.choices import Verb
from linli.registry.people.queries import names_of
from linli.registry.people.rules import Viewer, may, may_somewhere

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
    """List the five documents with the version that counts."""
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
        "versions": _versions(viewer, read, at), "may_edit": bool(_may_edit(viewer)),
    }  # fmt: skip
    return render(request, "web/desk/rule.html", context)


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def edit_rule(request: ViewerRequest, kind: str) -> HttpResponse:
    """Change a document. Weights are shown at work on the last 30 days first, and only then put in force."""
    viewer, read = request.viewer, _kind(kind)
    _may_edit(viewer).require()
    if request.method == "GET":
        _number, content = rulebook_content(district_id=viewer.district_id, kind=read)
        return _form(request, read, content=content, text=_pretty(content), reason="", error=None)
    reason = request.POST.get("reason", "")
    try:
        content = _read_content(read, request.POST)
        if read is RulebookKind.PRIORITY and request.POST.get("seen") != _digest(content):
            return _show_replay(request, content, reason)
        number = publish_rulebook(
            district_id=viewer.district_id, kind=read, content=content, reason=reason, by=viewer, at=timezone.now()
        )
    except LinliError as error:
        return _form(request, read, content=_typed(read, request.POST), text=request.POST.get("content", ""),
                     reason=reason, error=error)  # fmt: skip
    messages.success(request, _("Version %(number)d is in force for cases from now on.") % {"number": number})
    return HttpResponseRedirect(reverse("rule", args=[kind]))


def _show_replay(request: ViewerRequest, content: Content, reason: str) -> HttpResponse:
    if not reason.strip():
        raise InvalidInput("reason_missing", field="reason")
    replay: Replay = replay_priority(viewer=request.viewer, content=content, at=timezone.now())
    context = {
        "replay": replay,
        "pairs": _pairs(replay),
        "moves": _moves(replay),
        "content": json.dumps(content),
        "seen": _digest(content),
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


def _form(
    request: ViewerRequest, kind: RulebookKind, *, content: Content, text: str, reason: str, error: LinliError | None
) -> HttpResponse:
    context: dict[str, Any] = {
        "kind": kind.value, "name": RULEBOOKS[kind], "text": text, "reason": reason,
        "error": say_error(error) if error else "", "field": error.field if error else "",
    }  # fmt: skip
    if kind is RulebookKind.PRIORITY:
        context |= _weights(content)
    template = "web/desk/rule_weights.html" if kind is RulebookKind.PRIORITY else "web/desk/rule_edit.html"
    return render(request, template, context, status=status_of(error) if error else 200)


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


def _read_content(kind: RulebookKind, sent: QueryDict) -> Content:
    """Read what was sent: the fields of the weights, or a document as JSON. Raises InvalidInput."""
    if kind is RulebookKind.PRIORITY and "content" not in sent:
        return _typed(kind, sent)
    try:
        content = json.loads(sent.get("content", ""))
    except json.JSONDecodeError as error:
        raise InvalidInput("not_json", field="content", params={"line": error.lineno}) from error
    if not isinstance(content, dict):
        raise InvalidInput("not_json", field="content", params={"line": 1})
    return content


def _typed(kind: RulebookKind, sent: QueryDict) -> Content:
    """Put the fields of the weights together again; a number that is none is -1, which is refused in words."""
    if kind is not RulebookKind.PRIORITY:
        return {}
    parts = (*URGENCY, *IMPORTANCE)
    found = {part: _split(sent.get(f"words-{part}", "")) for part in parts}
    return {
        "points": {part: _number(sent, f"points-{part}") for part in parts},
        "caps": {part: _number(sent, f"caps-{part}") for part in parts},
        "words": {part: words for part, words in found.items() if words},
        "bands": [_number(sent, "band-urgency"), _number(sent, "band-importance")],
        "levels": {band: _number(sent, f"level-{band}") for band in _BANDS},
    }


def _number(sent: Mapping[str, str], name: str) -> int:
    text = sent.get(name, "")
    return int(text) if text.isdecimal() else -1


def _split(text: str) -> list[str]:
    """Split words written with 、, commas or spaces between them, each once."""
    for mark in "，,；;\n\r\t　":
        text = text.replace(mark, "、")
    return list(dict.fromkeys(word.strip() for word in text.split("、") if word.strip()))


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


def _may_edit(viewer: Viewer) -> Decision:
    return may(viewer, Verb.EDIT_RULEBOOKS, district_id=viewer.district_id, area_path=viewer.district_id)


def _pretty(content: Content) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1)


def _digest(content: Content) -> str:
    """Mark exactly these weights, so that others can't be put in force unseen."""
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
