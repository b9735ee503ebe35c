"""What somebody may do and why is told by the very rules; only by who manages people, and without the case's words."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from tests.factories.district import AT, COMMUNITY, HOME, PATH, ROLES, TODAY, DemoDistrict

from linli.cases.calc.default_workflow import DEFAULT_WORKFLOW
from linli.cases.errors import NoSuchCase
from linli.cases.queries.explaining import explain_case
from linli.cases.rules import may_see_case, may_take
from linli.kernel.errors import LinliError, NotAllowed
from linli.ledger.audit.models import AuditLine
from linli.registry.people.actions.roles import set_reach
from linli.registry.people.choices import Reach, Verb
from linli.registry.people.models import Login, Role
from linli.registry.people.queries import find_login, viewer_of, viewer_of_person
from linli.registry.people.rules import Viewer, may

pytestmark = pytest.mark.usefixtures("contexts")

SECRET = "地下室有个特别的气味"


def rights(district: DemoDistrict, role: str) -> str:
    return f"/desk/people/{district.viewer(role).person_id}/rights/"


def code_of(role: str, reach: str, by: Viewer) -> str:
    with pytest.raises(LinliError) as caught:
        set_reach(role=role, reach=reach, by=by, source_ip="", at=AT)
    return caught.value.code


@pytest.mark.parametrize("role", ROLES)
def test_explanation_is_the_rules_own_answer(district: DemoDistrict, role: str) -> None:
    case, asks = district.open_case_in("compound"), district.viewer("security_admin")
    person_id = district.viewer(role).person_id
    assert person_id is not None
    subject = viewer_of_person(district_id=HOME, person_id=person_id, on=TODAY)

    told = explain_case(viewer=asks, subject=subject, number=case.number)

    rows = DEFAULT_WORKFLOW.from_state(case.state)
    assert told.see == may_see_case(subject, case)
    assert told.steps == {row.action: may_take(subject, case, row) for row in rows if not row.outcome}
    assert replace(subject, login_id=None) == replace(district.viewer(role), login_id=None)


def test_page_says_yes_and_no_with_reasons_and_nothing_of_the_case(district: DemoDistrict, client: Client) -> None:
    case = district.open_case_in("compound", text=SECRET)
    signed_in = district.login(client, "security_admin")

    worker = signed_in.get(f"{rights(district, 'grid_worker')}?case={case.number}")
    auditor = signed_in.get(f"{rights(district, 'auditor')}?case={case.number}")

    assert [answer.is_allowed for answer in worker.context["answers"]][:1] == [True]
    assert not any(answer.is_allowed for answer in auditor.context["answers"])
    assert all(answer.why for page in (worker, auditor) for answer in page.context["answers"])
    assert "您" not in "".join(answer.why for page in (worker, auditor) for answer in page.context["answers"])
    assert SECRET not in worker.content.decode() + auditor.content.decode()


@pytest.mark.parametrize(("area", "seen"), [("西边社区", True), ("东边社区", False)])
def test_area_is_tried_for_each_thing_that_rights_are_asked_for(
    district: DemoDistrict,
    client: Client,
    area: str,
    seen: bool,  # noqa: FBT001
) -> None:
    page = district.login(client, "security_admin").get(f"{rights(district, 'community_clerk')}?area={area}")
    path, clerk = PATH[1 if seen else 2], district.viewer("community_clerk")

    answers = [answer.is_allowed for answer in page.context["answers"]]

    assert answers == [bool(may(clerk, verb, district_id=HOME, area_path=path)) for verb in Verb]
    assert any(answers) == seen


def test_case_of_another_district_or_of_none_is_not_there(district: DemoDistrict) -> None:
    away = district.open_case_in("other_district")
    asks, subject = district.viewer("security_admin"), district.viewer("district_dispatcher")
    for number in (away.number, "no-such", ""):
        with pytest.raises(NoSuchCase):
            explain_case(viewer=asks, subject=subject, number=number)


@pytest.mark.parametrize(
    "role", ["grid_worker", "community_secretary", "district_dispatcher", "auditor", "system_admin"]
)
def test_others_ask_nothing(district: DemoDistrict, client: Client, role: str) -> None:
    case, viewer = district.open_case_in("compound"), district.viewer(role)
    signed_in = district.login(client, role)
    with pytest.raises(NotAllowed):
        explain_case(viewer=viewer, subject=viewer, number=case.number)

    assert signed_in.get(rights(district, "grid_worker")).status_code == 403
    assert signed_in.get("/desk/people/roles/").status_code == 403
    assert signed_in.post("/desk/people/roles/", {"role": "grid_worker", "reach": "own"}).status_code == 403
    assert Role.objects.get(code="grid_worker").reach == Reach.AREA


def test_reach_of_a_role_is_changed_for_all_and_written_down(district: DemoDistrict, client: Client) -> None:
    signed_in = district.login(client, "security_admin")
    login = find_login("community_clerk-1")
    assert login is not None

    answer = signed_in.post("/desk/people/roles/", {"role": "community_clerk", "reach": "own"})

    line = AuditLine.objects.get(object_kind="role")
    assert (answer.status_code, line.kind, line.data["from"], line.data["to"]) == (302, "rights_changed", "area", "own")
    after = viewer_of(login_id=login.id, on=TODAY)
    assert not may(after, Verb.SEE_CASES, district_id=HOME, area_path=PATH[1])
    assert re.search(r'value="own" selected', signed_in.get("/desk/people/roles/").content.decode())


def test_administrators_roles_ones_own_and_nonsense_are_refused(district: DemoDistrict) -> None:
    admin = district.viewer("security_admin")
    narrow = replace(admin, posts=(replace(admin.posts[0], area_path=PATH[1]),))

    assert [code_of(role, "own", admin) for role in ("security_admin", "auditor", "system_admin")] == ["own_rights"] * 3
    assert [code_of("grid_worker", "everything", admin), code_of("mayor", "own", admin),
            code_of("grid_worker", "own", narrow)] == ["unknown_reach", "unknown_role", "outside_reach"]  # fmt: skip


def test_person_without_an_account_is_explained_too(district: DemoDistrict, client: Client) -> None:
    url = f"{rights(district, 'grid_worker')}?area={COMMUNITY[1]}"
    Login.objects.filter(username="grid_worker-1").delete()
    page = district.login(client, "security_admin").get(url)

    assert (page.status_code, len(page.context["posts"])) == (200, 1)
