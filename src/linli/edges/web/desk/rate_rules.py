"""Changing what rates are counted by: the form, then a month by the old and the new rules, and only then it counts."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.cases.actions.rulebooks import publish_rulebook
from linli.cases.calc.rate_scheme import DEFAULT_SCHEME
from linli.cases.calc.rates import RATES as RATE_NAMES
from linli.cases.calc.rates import Rate
from linli.cases.calc.rulebooks import Content
from linli.cases.choices import DueLeftOut, LeftOutKind, RulebookKind, Source, VerifiedBy
from linli.cases.errors import RulebookHasFaults
from linli.cases.queries.rate_table import RateLine, RatesPreview, preview_rates
from linli.cases.queries.rulebooks import current_rulebooks, rulebook_content
from linli.edges.request import ViewerRequest
from linli.edges.web.desk.due_lines import SHARES
from linli.edges.web.desk.rate_lines import say_rate, say_window
from linli.edges.web.desk.rule_editing import digest, newest, read_json, read_number
from linli.edges.web.desk.rule_rows import number
from linli.edges.web.desk.telling import status_of
from linli.edges.words.cases import DUE_LEFT_OUT, METHODS, RATES, RULEBOOKS, SOURCES, say_tenths
from linli.edges.words.errors import say_error
from linli.edges.words.rule_faults import say_fault
from linli.edges.words.times import LOCAL, say_moment
from linli.kernel.errors import InvalidInput, LinliError
from linli.registry.territory.queries import area_chains

_REACHING = (VerifiedBy.REPORTER, VerifiedBy.CALL, VerifiedBy.VISIT)
_MOST_LEFT_OUT, _FREE_LINES = 40, 2


@dataclass(frozen=True, slots=True)
class PairLine:
    """A unit by the old and the new rules: call-backs, the three rates and all together, each (old, new)."""

    name: str
    cells: tuple[tuple[str, str, bool], ...]


def edit_rates(request: ViewerRequest) -> HttpResponse:
    """Answer the form of the rules, its preview, and the agreement to it."""
    viewer, sent = request.viewer, request.POST
    if request.method == "GET":
        follows, content = rulebook_content(district_id=viewer.district_id, kind=RulebookKind.RATES)
        return _form(request, content=content, follows=follows, error=None)
    content = read_json(sent) if "content" in sent else _read_content(sent)
    try:
        if sent.get("seen") != digest(content):
            return _show_preview(request, content)
        published = publish_rulebook(
            district_id=viewer.district_id, kind=RulebookKind.RATES, content=content, follows=read_number(sent),
            reason=sent.get("reason", ""), by=viewer, at=timezone.now(),
        )  # fmt: skip
    except LinliError as error:
        return _form(request, content=content, follows=newest(error, read_number(sent)), error=error)
    messages.success(request, _("Version %(number)d is in force; all rates are counted by it.") % {"number": published})
    return HttpResponseRedirect(reverse("rule", args=["rates"]))


def _show_preview(request: ViewerRequest, content: Content) -> HttpResponse:
    viewer, at, reason = request.viewer, timezone.now(), request.POST.get("reason", "")
    if not reason.strip():
        raise InvalidInput("reason_missing", field="reason")
    follows = read_number(request.POST)
    preview = preview_rates(viewer=viewer, content=content, follows=follows, at=at)
    today = at.astimezone(LOCAL).date()
    windows = [
        (say_window(table.whole.window, today), say_moment(table.whole.window.since, at),
         say_moment(table.whole.window.until, at)) for table in (preview.old, preview.new)
    ]  # fmt: skip
    context = {
        "preview": preview, "windows": windows, "lines": _pairs(preview, at=at), "head": _head(),
        "due": [
            (words, *(_share(counts.rates[n]) for counts in preview.due)) for n, words in enumerate(SHARES.values())
        ],
        "content": json.dumps(content), "seen": digest(content), "follows": follows, "reason": reason,
    }  # fmt: skip
    return render(request, "web/desk/rate_rules_preview.html", context)


def _head() -> list[str]:
    return [_("Call-backs"), *(str(words) for words in RATES.values()), _("All together")]


def _share(rate: Rate) -> str:
    return f"{say_rate(rate.tenths, is_sampled=rate.is_sampled)} ({rate.numerator} ÷ {rate.denominator})"


def _pairs(preview: RatesPreview, *, at: Any) -> list[PairLine]:
    path, pairs = preview.old.area_path, preview.pairs()
    chains = area_chains([f"{path}/{key}" for key, _old, _new in pairs if key], at=at)
    names = {area.rsplit("/", 1)[-1]: chain[-1].name for area, chain in chains.items() if chain}
    whole = [RateLine("", "", "", t.whole.received, t.whole.closed, t.whole.said) for t in (preview.old, preview.new)]
    named = [(names.get(key, key) or _("in none of them"), old, new) for key, old, new in pairs]
    return [
        PairLine(name, tuple((old, new, old != new) for old, new in zip(_cells(one), _cells(other), strict=True)))
        for name, one, other in [*named, (_("Total of all lines"), whole[0], whole[1])]
    ]  # fmt: skip


def _cells(line: RateLine | None) -> list[str]:
    if line is None:
        return ["–"] * (len(RATE_NAMES) + 2)
    said, is_sampled = line.said, line.said.rates[0].is_sampled
    return [
        str(said.effective), *(say_rate(rate.tenths, is_sampled=is_sampled) for rate in said.rates),
        say_rate(said.together, is_sampled=is_sampled) if said.effective else say_tenths(None),
    ]  # fmt: skip


def _form(request: ViewerRequest, *, content: Content, follows: int, error: LinliError | None) -> HttpResponse:
    kinds = current_rulebooks(request.viewer.district_id).categories
    said, faults = "", []
    if isinstance(error, RulebookHasFaults):
        faults = [say_fault(fault, {code: kind.name for code, kind in kinds.items()}) for fault in error.faults]
    elif error is not None:
        said = say_error(error)
    left_out = [(row.get("kind", ""), row.get("code", ""), row.get("why", "")) for row in content["left_out"]]
    context = {
        "kind": RulebookKind.RATES.value, "name": RULEBOOKS[RulebookKind.RATES], "follows": follows, "error": said,
        "faults": faults, "field": error.field if error else "", "reason": request.POST.get("reason", ""),
        "rules": content["rules"], "content": content,
        "weights": list(zip(RATE_NAMES, RATES.values(), content["rules"]["weights"], strict=True)),
        "methods": [(method.value, METHODS[method], method in content["methods"]) for method in _REACHING],
        "due_without": [
            (code, words, code in content.get("due_without", DEFAULT_SCHEME.due_without))
            for code, words in DUE_LEFT_OUT.items()
        ],
        "left_out": [
            (f"{kind}:{code}", why) for kind, code, why in [*left_out, *[("", "", "")] * _FREE_LINES]
        ][:_MOST_LEFT_OUT],
        "categories": [(f"category:{code}", kind.name) for code, kind in kinds.items()],
        "sources": [(f"source:{code}", words) for code, words in SOURCES.items() if code != Source.SYSTEM],
    }  # fmt: skip
    return render(request, "web/desk/rate_rules.html", context, status=status_of(error) if error else 200)


def _read_content(sent: QueryDict) -> Content:
    """Read the fields; a number that is none is -1, refused in words."""
    chosen = zip(sent.getlist("out"), sent.getlist("why"), strict=False)
    rows = [(*what.partition(":")[::2], why.strip()) for what, why in chosen if what and what != ":"]
    return {
        "rules": {
            "weights": [number(sent.get(f"weight-{name}", "")) for name in RATE_NAMES],
            "basically_percent": number(sent.get("basically", "")), "smallest_sample": number(sent.get("sample", "")),
        },
        "methods": [method.value for method in _REACHING if method in sent.getlist("method")],
        "left_out": [
            {"kind": kind, "code": code, "why": why} for kind, code, why in rows[:_MOST_LEFT_OUT]
            if kind in set(LeftOutKind)
        ],
        "month_begins_on": number(sent.get("month", "")), "day_begins_at": number(sent.get("day", "")),
        "has_places": sent.get("places") == "on",
        "due_without": [code.value for code in DueLeftOut if code in sent.getlist("due_without")],
    }  # fmt: skip
