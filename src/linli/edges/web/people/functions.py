"""What somebody has to be responsible for: the functions of a district, seen by everybody, changed by its keeper."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.web.people.tabs import people_tabs
from linli.edges.words.coverage import PLACE_KINDS
from linli.edges.words.errors import say_error
from linli.kernel.errors import LinliError
from linli.registry.coverage.actions import publish_functions
from linli.registry.coverage.calc.functions import LONGEST_NAME, MOST, Function
from linli.registry.coverage.choices import PlaceKind
from linli.registry.coverage.queries import current_functions
from linli.registry.coverage.rules import may_change_functions, may_see_coverage
from linli.registry.people.choices import BY_AREA
from linli.registry.people.queries.managing import list_roles
from linli.registry.territory.queries import list_levels

_NEW = ("community", ())


@dataclass(frozen=True, slots=True)
class Entry:
    """A function as the form shows it. number: of its fields; the ticks: (code, words, whether ticked).

    order: its roles as they come one after the other, joined by ","; ticks have none.
    """

    number: int
    code: str
    name: str
    kinds: tuple[tuple[str, str, bool], ...]
    levels: tuple[tuple[str, str, bool], ...]
    roles: tuple[tuple[str, str, bool], ...]
    summary: str
    order: str


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def show_functions(request: ViewerRequest) -> HttpResponse:
    """Show the functions, and change them."""
    viewer, sent = request.viewer, request.POST
    may_see_coverage(viewer).require()
    number, functions = current_functions(viewer.district_id)
    if request.method == "GET":
        return _show(request, number, functions)
    follows = sent.get("follows", "")
    wanted = _read(sent)
    try:
        publish_functions(
            functions=wanted, follows=int(follows) if follows.isdecimal() else -1, reason=sent.get("reason", ""),
            by=viewer, at=timezone.now(),
        )  # fmt: skip
    except LinliError as error:
        return _show(request, number, wanted, error=error)
    messages.success(request, _("The functions count from now on; holes were looked for by them."))
    return HttpResponseRedirect(reverse("functions"))


def _read(sent: QueryDict) -> list[Function]:
    """Read the form: a function ticked away and a new one without a name are left out."""
    found: list[Function] = []
    for number in range(MOST + 1):
        name = sent.get(f"name_{number}", "").strip()
        code = sent.get(f"code_{number}", "") or _free_code(sent)
        if f"name_{number}" not in sent or sent.get(f"drop_{number}") or not (name or sent.get(f"code_{number}")):
            continue
        before = [role for role in sent.get(f"order_{number}", "").split(",") if role]
        ticked = sent.getlist(f"roles_{number}")
        roles = [role for role in before if role in ticked] + [role for role in ticked if role not in before]
        found.append(
            Function(code, name, tuple(sent.getlist(f"places_{number}")), sent.get(f"level_{number}", ""),
                     tuple(roles))
        )  # fmt: skip
    return found


def _free_code(sent: QueryDict) -> str:
    """Make the code of a new function: the first of f1, f2, … that none has, nor had in this form."""
    taken = {value for name, value in sent.items() if name.startswith("code_")}
    return next(code for code in (f"f{number}" for number in range(1, MOST * MOST)) if code not in taken)


def _show(
    request: ViewerRequest, number: int, functions: Sequence[Function], *, error: LinliError | None = None
) -> HttpResponse:
    viewer = request.viewer
    levels = [(level.code, level.name_zh) for level in list_levels()]
    roles = [(role.code, role.name) for role in list_roles() if role.reach in BY_AREA and not role.administrator]
    entries = [_entry(place, function, levels, roles) for place, function in enumerate(functions)]
    may_change = bool(may_change_functions(viewer))
    new = Function("", "", tuple(PlaceKind), *_NEW)
    context = {
        "entries": entries, "new": _entry(len(entries), new, levels, roles) if len(entries) < MOST else None,
        "number": number, "may_change": may_change, "reason": request.POST.get("reason", ""),
        "longest": LONGEST_NAME, "error": say_error(error) if error else "",
        "tab": "coverage", "people_tabs": people_tabs(viewer),
    }  # fmt: skip
    return render(request, "web/people/functions.html", context, status=status_of(error) if error else 200)


def _entry(
    number: int, function: Function, levels: Sequence[tuple[str, str]], roles: Sequence[tuple[str, str]]
) -> Entry:
    kinds = tuple((kind.value, str(PLACE_KINDS[kind.value]), kind.value in function.places) for kind in PlaceKind)
    names = dict(roles)
    said = {
        "kinds": "、".join(words for _code, words, is_on in kinds if is_on),
        "level": dict(levels).get(function.level, ""),
        "roles": "、".join(names.get(role, role) for role in function.roles),
    }
    return Entry(
        number, function.code, function.name, kinds,
        tuple((code, name, code == function.level) for code, name in levels),
        tuple((code, name, code in function.roles) for code, name in roles),
        _("%(kinds)s; %(level)s and below; %(roles)s") % said, ",".join(function.roles),
    )  # fmt: skip
