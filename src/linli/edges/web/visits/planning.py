"""Planning a campaign on one page, with three sets to begin with, and ending it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.edges.request import ViewerRequest
from linli.edges.web.access import staff_only
from linli.edges.web.desk.asking import read_day
from linli.edges.web.desk.telling import status_of, tells_errors
from linli.edges.words.errors import say_error
from linli.edges.words.visits import ORGANISATION_KINDS, TARGET_KINDS, USUAL_SETS
from linli.kernel.errors import LinliError
from linli.programmes.visits.actions.planning import NewCampaign, NewSet, end_campaign, plan_campaign
from linli.programmes.visits.rules import may_plan
from linli.registry.people.choices import Verb
from linli.registry.people.queries.managing import list_roles
from linli.registry.people.rules import Viewer
from linli.registry.territory.queries import area_chains, children_of

_SETS = 3
_USUAL_DAYS = 60


@dataclass(frozen=True, slots=True)
class SetFields:
    """The fields of one set as they stand in the form; kinds, roles: those ticked."""

    number: int
    name: str
    kind: str
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    cycle_days: str
    goal_percent: str


@require_http_methods(["GET", "POST"])
@staff_only
@tells_errors
def plan(request: ViewerRequest) -> HttpResponse:
    """Show the form and take it; what was typed stays where something is wrong."""
    viewer, at = request.viewer, timezone.now()
    areas = _areas(viewer)
    if not areas:
        may_plan(viewer, area_path=viewer.district_id).require()
    today = timezone.localdate(at)
    if request.method == "GET":
        begins, ends = today.isoformat(), (today + timedelta(days=_USUAL_DAYS)).isoformat()
        typed = {"name": "", "purpose": "", "area": areas[0][0], "begins_on": begins, "ends_on": ends}
        return _form(request, areas, typed, [_usual(number) for number in range(_SETS)])
    typed = {name: request.POST.get(name, "") for name in ("name", "purpose", "area", "begins_on", "ends_on")}
    sets = [_sent(request.POST, number) for number in range(_SETS)]
    try:
        told = NewCampaign(
            name=typed["name"], purpose=typed["purpose"], area_code=typed["area"],
            begins_on=read_day(typed["begins_on"]) or today, ends_on=read_day(typed["ends_on"]) or today,
            sets=tuple(_read(each) for each in sets if each.name.strip()),
        )  # fmt: skip
        campaign_id = plan_campaign(told=told, by=viewer, at=at)
    except LinliError as error:
        return _form(request, areas, typed, sets, error=error)
    messages.success(request, _("Planned. Whom it is for was drawn from the registry as it is today."))
    return HttpResponseRedirect(reverse("visits_campaign", args=[campaign_id]))


@require_POST
@staff_only
@tells_errors
def end(request: ViewerRequest, campaign_id: UUID) -> HttpResponse:
    """End a campaign before its last day."""
    end_campaign(campaign_id=campaign_id, by=request.viewer, at=timezone.now())
    messages.success(request, _("Ended. What was visited and found stays."))
    return HttpResponseRedirect(reverse("visits_campaign", args=[campaign_id]))


def _areas(viewer: Viewer) -> list[tuple[str, str]]:
    """List the areas a viewer may plan for: those of their posts, and right below."""
    at = timezone.now()
    paths = viewer.areas_with(Verb.DISPATCH)
    chains = area_chains(paths, at=at)
    own = [(path.rpartition("/")[2], chains[path][-1].name) for path in paths if chains.get(path)]
    below = [(area.code, area.name) for path in paths for area in children_of(path, on=timezone.localdate(at))]
    return list(dict.fromkeys([*own, *below]))


def _form(
    request: ViewerRequest, areas: list[tuple[str, str]], typed: dict[str, str], sets: list[SetFields], *,
    error: LinliError | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "areas": areas, "typed": typed, "sets": sets, "roles": visiting_roles(),
        "target_kinds": [(code, str(words)) for code, words in TARGET_KINDS.items()],
        "organisation_kinds": [(code, str(words)) for code, words in ORGANISATION_KINDS.items()],
        "error": say_error(error) if error else "", "error_field": error.field if error else "",
    }  # fmt: skip
    return render(request, "web/visits/plan.html", context, status=status_of(error) if error else 200)


def visiting_roles() -> list[tuple[str, str]]:
    """List the roles that can be let visit, by code and name. 1 query."""
    return [(role.code, role.name) for role in list_roles() if Verb.REPORT in role.verbs]


def _usual(number: int) -> SetFields:
    name, kind, kinds = USUAL_SETS[number]
    return SetFields(number, str(name), kind, kinds, (), "0", "100")


def _sent(post: QueryDict, number: int) -> SetFields:
    def one(name: str) -> str:
        return post.get(f"{name}_{number}", "")[:60]

    return SetFields(number, one("name"), one("kind"), tuple(post.getlist(f"kinds_{number}")),
                     tuple(post.getlist(f"roles_{number}")), one("cycle_days"), one("goal_percent"))  # fmt: skip


def _read(fields: SetFields) -> NewSet:
    cycle, goal = (int(text) if text.isdecimal() else -1 for text in (fields.cycle_days, fields.goal_percent))
    return NewSet(fields.name, fields.kind, tuple(each for each in fields.kinds if each in ORGANISATION_KINDS),
                  fields.roles, cycle, goal)  # fmt: skip
