"""The rule of choosing: what each rule does to these very groups, computed on the spot, and the choice among them."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
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
from linli.edges.words.reviews import say_policy
from linli.kernel.errors import LinliError
from linli.oversight.reviews.actions.programmes import save_rules
from linli.oversight.reviews.calc.policies import Effect, Group, effect_of, rules_to_compare, why_impossible
from linli.oversight.reviews.calc.tickets import Rule
from linli.oversight.reviews.queries.programmes import ProgrammePage, get_programme

DRAWS_A_YEAR = 12
_COMPUTED = 512


@dataclass(frozen=True, slots=True)
class Line:
    """A rule with what it does to a group, in percent; effect: None where it can't be kept."""

    value: str
    words: str
    is_on: bool
    effects: tuple[tuple[str, str, str, str] | None, ...]


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def show_policy(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """Show what each rule does, to whoever may see reviews; who runs them chooses."""
    page = get_programme(viewer=request.viewer, programme_id=programme_id)
    if request.method == "GET":
        return _form(request, page)
    sent = request.POST
    kind, _dash, cooldown = sent.get("rule", "").partition("-")
    policy = replace(page.rules.policy, kind=kind[:1], cooldown=int(cooldown) if cooldown.isdecimal() else 0)
    seen = sent.get("seen", "")
    try:
        number = save_rules(
            programme_id=programme_id, rules=replace(page.rules, policy=policy), reason=sent.get("reason", ""),
            seen=int(seen) if seen.isdecimal() else 0, by=request.viewer, source_ip=address_of(request),
            at=timezone.now(),
        )  # fmt: skip
    except LinliError as error:
        return _form(request, page, error)
    said = _("Version %(number)s counts for what is frozen or opened from now on.") % {"number": number}
    messages.success(request, said)
    return HttpResponseRedirect(reverse("review_programme", args=[programme_id]))


def _form(request: ViewerRequest, page: ProgrammePage, error: LinliError | None = None) -> HttpResponse:
    held = Counter(member.stratum for member in page.members)
    groups = [Group(stratum.id, held[stratum.id], stratum.take) for stratum in page.rules.strata]
    now = page.rules.policy
    chosen = Rule(now.kind, now.ticket_cap, now.cooldown)
    rules = rules_to_compare([group for group in groups if group.size], ticket_cap=now.ticket_cap)
    context = {
        "page": page, "lines": [_line(rule, groups, chosen) for rule in rules],
        "strata": [(stratum.name, held[stratum.id], stratum.take) for stratum in page.rules.strata],
        "reason": request.POST.get("reason", ""), "seen": request.POST.get("seen", "") or page.number,
        "error": say_error(error) if error else "", "error_field": error.field if error else "",
    }  # fmt: skip
    return render(request, "web/reviews/policy.html", context, status=status_of(error) if error else 200)


def _line(rule: Rule, groups: list[Group], chosen: Rule) -> Line:
    value = f"{rule.kind}-{rule.cooldown}" if rule.cooldown else rule.kind
    is_on = (rule.kind, rule.cooldown) == (chosen.kind, chosen.cooldown)
    effects = tuple(
        None if why_impossible(rule, [group], draws_a_year=DRAWS_A_YEAR) else _percents(_effect(rule, group))
        for group in groups
    )
    return Line(value, say_policy(rule), is_on, effects)


@lru_cache(_COMPUTED)
def _effect(rule: Rule, group: Group) -> Effect:
    """Simulate once for each rule and size: the same seed gives the same figures, so nothing can go stale."""
    return effect_of(rule, group, draws_a_year=DRAWS_A_YEAR)


def _percents(effect: Effect) -> tuple[str, str, str, str]:
    never, repeat, safe, guess = (
        f"{100 * each:.1f}%" for each in (effect.never, effect.repeat, effect.safe, effect.guess)
    )
    return never, repeat, safe, guess
