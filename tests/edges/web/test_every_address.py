"""Every address of the site, as every role, beside a community whose every word could show: nothing of it does.

The addresses are read from the address book itself, and one with a part that is unknown here fails: a new page can't be
forgotten. The API has the same for itself, made from its schema, and so has the stream of events.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone
from tests.edges.api.calling import photo
from tests.factories.district import BLIND, COMMUNITY, FOREIGN, GRID, VACANT_GRID, DemoDistrict
from tests.factories.meetings import make_meeting
from tests.factories.reviews import make_review_programme
from tests.registry.people.chosen import reach_further

from linli.cases.actions.opening import Caller, Contact, open_case
from linli.cases.actions.views import keep_view
from linli.cases.choices import Action, Source
from linli.cases.models import Case, CaseStep, SavedView
from linli.cases.queries.lists import CaseFilter
from linli.kernel.ids import new_id
from linli.ledger.commands.models import OutboxMessage
from linli.oversight.privacy.actions.asking import Asked, make_request
from linli.oversight.privacy.choices import Part, RequestKind
from linli.oversight.privacy.models import DataRequest
from linli.oversight.reviews.actions.planning import make_year
from linli.oversight.reviews.actions.remarks import Said, write_remark
from linli.oversight.reviews.choices import RemarkKind
from linli.oversight.reviews.models import Draw, Remark
from linli.programmes.visits.actions.planning import NewCampaign, NewSet, plan_campaign
from linli.programmes.visits.actions.visiting import Called, write_visit
from linli.programmes.visits.models import Campaign, Target, TargetSet, Visit
from linli.registry.people.actions.absences import Away, set_absence
from linli.registry.people.actions.areas import ChangeTerms, change_areas
from linli.registry.people.actions.elections import Elected, Term, hold_election
from linli.registry.people.actions.sessions import Begun, write_session
from linli.registry.people.actions.tokens import make_token
from linli.registry.people.models import Absence, ElectionChange, Login, OpenSession, Post, Token
from linli.registry.people.queries import list_tokens
from linli.registry.people.rules import Viewer
from linli.registry.sheets.actions.importing import start_import
from linli.registry.sheets.calc.plans import SentSheet
from linli.registry.sheets.models import SheetImport
from linli.registry.territory.calc.operations import Add, NewPart
from linli.registry.territory.models import AreaChange
from linli.support.files.actions.storing import store_file
from linli.support.notices.actions import queue_deliveries
from linli.support.notices.actions.choosing import add_mail
from linli.support.notices.choices import Whom
from linli.support.notices.models import Delivery

SECRET, NAME, PHONE, DONE = "绝密水管三号院", "秘密人", "13912345678", "悄悄修好了"
UNSHOWN, MAIL = "领导还没点头的话", "hidden@office.example"
NOTED = "走访时悄悄记下的"
# Whose post reaches chosen areas, among them the grid beside that of the case, in the same community.
CHOSEN = "chosen-community_secretary"
STRANGERS = (*FOREIGN, CHOSEN, "away-community_secretary", "away-department_handler", "nobody")
# What it takes to find a thing; each page takes what it knows.
FINDING = f"q={SECRET[:4]}&to_q={SECRET[:4]}&text={SECRET[:4]}&bbox=123,41,125,43&zoom=18&period=year&all=1"
# What it takes to change a thing; each form takes what it knows.
FORM = {"version": "1", "note": "看看", "reason": "看看", "do": "delete", "name": "看看", "comment": "看看",
        "format": "xlsx"}  # fmt: skip
# What administrators see rightly: files they sent, and where those are signed in whose logins they manage.
OWN = {"system_admin": {"import"}, "security_admin": {"session"}, "auditor": {"session"}}
# Parts that name no single thing, or one that colleagues of the district may see: names of posts' holders, reviews.
OPEN_PARTS = {
    "programme_id",
    "meeting_id",
    "turn_id",
    "organisation_id",
    "draw_id",
    "code",
    "name",
    "kind",
    "figure",
    "number",
    "action",
    "provider",
    "secret",
    "district_id",
}


@dataclass(frozen=True, slots=True)
class Address:
    """An address as the address book has it, with the names of its parts."""

    route: str
    parts: tuple[str, ...]
    name: str

    def filled(self, values: dict[str, str]) -> str:
        """Put a value into each part."""
        path = self.route
        for part in self.parts:
            begins = path.index("<")
            path = path[:begins] + values[part] + path[path.index(">") + 1 :]
        return f"/{path}"


def _addresses(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[Address]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _addresses(each.url_patterns, route)
        elif not route.startswith(("api/", "^api", "readyz")):
            yield Address(route, tuple(each.pattern.converters), each.name or route)


ADDRESSES = tuple(_addresses(get_resolver().url_patterns))


@dataclass(frozen=True, slots=True)
class Hidden:
    """What lies in community 1: words that may show nowhere else, and a value for each part of an address."""

    words: dict[str, str]
    values: dict[str, str]

    def told_in(self, answer: HttpResponseBase, asked: str) -> list[str]:
        """Name which of it an answer holds beyond what was asked with, in a workbook too."""
        said = _said(answer)
        return [name for name, word in self.words.items() if word in said and word not in asked]


def _said(answer: HttpResponseBase) -> str:
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    said = body.decode(errors="replace")
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    return json.dumps(json.loads(said), ensure_ascii=False) if is_json else said


@pytest.fixture
def hidden(district: DemoDistrict) -> Hidden:
    """Put a case with a photo and a contact, a view, an absence, a token and an import into community 1."""
    now, today = timezone.now(), timezone.localdate()
    worker, admin = district.viewer("grid_worker"), district.viewer("system_admin")
    picture = store_file(district_id=district.id, file=photo().file, claimed_name="", by="visitor:x", at=now)
    report = district.report("open", category="noise", text=f"{SECRET}漏了", address=SECRET,
                             contact=Contact(NAME, PHONE), file_ids=(picture.id,))  # fmt: skip
    opened = open_case(report=report, by=Caller(Source.PORTAL, uploader="visitor:x"), at=now)
    case = Case.objects.get(district_id=district.id, id=opened.case_id)
    district.take(case, Action.DISPATCH, by=district.actor("district_dispatcher"), note=DONE,
                  to_post=district.post_of("grid_worker"))  # fmt: skip
    view_id = keep_view(name="悄悄看", wanted=CaseFilter(q=SECRET), by=worker, at=now)
    (absence_id,) = set_absence(
        person_id=_person(worker), post_ids=[district.post_of("grid_worker")], by=district.viewer("security_admin"),
        away=Away(_person(district.viewer("grid_head")), today, today), source_ip="", at=now,
    )  # fmt: skip
    assert worker.login_id is not None
    make_token(login_id=worker.login_id, name="秘密钥匙", scope="read", days=1, source_ip="", at=now)
    (token,) = list_tokens(login_id=worker.login_id, at=now)
    sheet = SentSheet("小区", ("编码", "名称"), ((1, ("yard-9", "藏着的花园")),))
    import_id = start_import(viewer=admin, sent=[sheet], file_name="藏着的.xlsx", source_ip="", at=now)
    message = OutboxMessage.objects.filter(district_id=district.id).values_list("id", flat=True).first()
    write_session(login_id=worker.login_id, stamped_at=None, at=now,
                  begun=Begun("secret-session", "chrome", "windows", "password", "192.0.2.77"))  # fmt: skip
    clerk = Elected(_person(district.viewer("community_clerk")), "community_secretary",
                    district.organisations["committee_1"])  # fmt: skip
    election_id = hold_election(
        term=Term(COMMUNITY[1], today + timedelta(days=9), None, "换届"), leaving=[], elected=[clerk], source_ip="",
        by=district.viewer("security_admin"), key="election", at=now,
    )  # fmt: skip
    change_id = change_areas(
        operation=Add(COMMUNITY[1], "grid", NewPart("以后的网格")), by=admin, key="areas", source_ip="", at=now,
        terms=ChangeTerms(today + timedelta(days=9), "新设"),
    ).change_id  # fmt: skip
    asked = Asked(RequestKind.DELETE, parts=(Part.CONTACT,))
    request_id = make_request(district_id=district.id, case_id=case.id, asked=asked, source_ip="", at=now)
    programme_id = make_review_programme(district)
    make_year(programme_id=programme_id, year=today.year + 1, by=district.viewer("review_office"), at=now)
    meeting = make_meeting(district, at=now)
    remark_id = write_remark(by=district.viewer("review_office"), meeting_id=meeting.id, at=now, key="said",
                             turn_id=meeting.turns["office_1"], said=Said(RemarkKind.COMMENT, UNSHOWN))  # fmt: skip
    add_mail(district_id=district.id, person_id=_person(worker), address=MAIL, at=now)
    queue_deliveries(district_id=district.id, to=[(Whom.PERSON, _person(worker), "email", now)], message_id=new_id(),
                     kind="case.opened", subject_id=case.id, at=now)  # fmt: skip
    delivery_id = Delivery.objects.get(district_id=district.id).id
    sets = (NewSet("居民户", "doors"),)
    planned = NewCampaign("悄悄走访", "", GRID[1], today, today, sets)
    campaign_id = plan_campaign(told=planned, by=district.viewer("community_secretary"), at=now)
    target_id = Target.objects.get(name="花园小区12号楼").id
    called = Called(key=new_id(), target_id=target_id, done_at=now, door="3-201", note=NOTED)
    visit_id = write_visit(told=called, caller="x", body_hash="", by=worker, at=now).visit_id
    values = {
        "campaign_id": campaign_id, "target_id": target_id, "visit_id": visit_id,
        "set_id": TargetSet.objects.get(campaign_id=campaign_id).id,
        "programme_id": programme_id, "meeting_id": meeting.id, "remark_id": remark_id,
        "turn_id": meeting.turns["office_1"], "organisation_id": district.organisations["office_1"],
        "draw_id": Draw.objects.order_by("id")[:1].get().id,
        "case_id": case.id, "file_id": picture.id, "view_id": view_id, "absence_id": absence_id, "token_id": token.id,
        "import_id": import_id, "message_id": message, "job_id": 1, "person_id": worker.person_id,
        "post_id": district.post_of("grid_worker"), "request_id": request_id,
        "session_id": OpenSession.objects.get(login_id=worker.login_id).id,
        "place_id": next(iter(district.compounds.values())), "code": COMMUNITY[1], "action": "handle", "name": "cases",
        "kind": "categories", "number": 1, "figure": "opened", "provider": "oidc", "secret": "no-such-secret",
        "delivery_id": delivery_id, "election_id": election_id, "district_id": district.id, "change_id": change_id,
    }  # fmt: skip
    words = {"text": SECRET, "contact": NAME, "phone": PHONE, "step": DONE, "number": case.number, "id": str(case.id),
             "view": "悄悄看", "token": "秘密钥匙", "session": "192.0.2.77",
             "import": "藏着的", "remark": UNSHOWN, "mail": MAIL, "campaign": "悄悄走访",
             "note": NOTED}  # fmt: skip
    return Hidden(words, {part: str(value) for part, value in values.items()})


def _person(viewer: Viewer) -> UUID:
    assert viewer.person_id is not None
    return viewer.person_id


def _client(district: DemoDistrict, role: str) -> Client:
    if role == CHOSEN:
        reach_further(district, "community_secretary", VACANT_GRID, community=2)
    role = role.removeprefix("chosen-")
    return Client() if role == "nobody" else district.login(Client(), role, community=2)


def _state(hidden: Hidden) -> dict[str, Any]:
    """Read what could have been changed of it."""
    case, post = hidden.values["case_id"], hidden.values["post_id"]
    models = {Case: case, SavedView: hidden.values["view_id"], Absence: hidden.values["absence_id"], Post: post,
              Token: hidden.values["token_id"], SheetImport: hidden.values["import_id"],
              DataRequest: hidden.values["request_id"], OpenSession: hidden.values["session_id"],
              Remark: hidden.values["remark_id"], Delivery: hidden.values["delivery_id"],
              Campaign: hidden.values["campaign_id"], Visit: hidden.values["visit_id"],
              Target: hidden.values["target_id"], TargetSet: hidden.values["set_id"]}  # fmt: skip
    rows: dict[str, Any] = {
        model.__name__: list(model.objects.filter(id=id_).values()) for model, id_ in models.items()
    }
    rows["areas"] = AreaChange.objects.count()
    rows["election"] = list(ElectionChange.objects.filter(election_id=hidden.values["election_id"]).values())
    logins = Login.objects.filter(person_id=hidden.values["person_id"])
    return rows | {"steps": CaseStep.objects.filter(case_id=case).count(), "logins": list(logins.values())}


def test_each_part_of_an_address_has_a_value_here(hidden: Hidden) -> None:
    assert {part for address in ADDRESSES for part in address.parts} == set(hidden.values)
    assert len(ADDRESSES) > 60


@pytest.mark.parametrize("role", [*STRANGERS, *BLIND])
def test_no_address_tells_of_what_is_out_of_reach(district: DemoDistrict, hidden: Hidden, role: str) -> None:
    """What is named in an address is not there for them; what lists and searches is there, without it."""
    client = _client(district, role)
    for address in ADDRESSES:
        asked = f"{address.filled(hidden.values)}?{FINDING}"
        answer = client.get(asked)
        own = OWN.get(role, set())
        assert answer.status_code < 500, asked
        assert set(hidden.told_in(answer, asked)) - own == set(), (role, asked)
        if role not in BLIND and set(address.parts) - OPEN_PARTS:
            is_to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith("/desk/login/")
            assert answer.status_code in {403, 404, 405} or (role == "nobody" and is_to_sign_in), (role, asked)


@pytest.mark.parametrize("role", STRANGERS)
def test_no_form_sent_to_an_address_touches_what_is_out_of_reach(
    district: DemoDistrict, hidden: Hidden, role: str
) -> None:
    before, client = _state(hidden), _client(district, role)
    form = FORM | {"ids": f"{hidden.values['case_id']}:1", "q": SECRET[:4]}
    for address in ADDRESSES:
        path = address.filled(hidden.values)
        answer = client.post(path, form)
        if role != "nobody" and not answer.wsgi_request.viewer.is_known:  # signed out by an address before, or here
            client = _client(district, role)
            answer = client.post(path, form)
        assert answer.status_code < 500, (role, path)
        assert hidden.told_in(answer, path) == [], (role, path)
    assert _state(hidden) == before


def test_the_same_addresses_tell_those_in_reach(district: DemoDistrict, hidden: Hidden) -> None:
    client, told = district.login(Client(), "district_dispatcher"), set()
    for address in ADDRESSES:
        asked = f"{address.filled(hidden.values)}?{FINDING}"
        if {"text", "number"} & set(hidden.told_in(client.get(asked), asked)):
            told.add(address.name)
    assert told >= {"desk_cases", "desk_open", "desk_case", "map", "map_cases", "register", "cockpit_rows"}
    export = next(address.filled(hidden.values) for address in ADDRESSES if address.name == "register_export")
    assert "text" in hidden.told_in(client.post(export, FORM), export)
