"""A leave approved before the commit: a deputy reports, the public record says so by code; never after."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from tests.factories.district import AT, HOME, ROLES, DemoDistrict
from tests.factories.reviews import make_review_programme

from linli.kernel.db.grants import append_only_tables
from linli.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from linli.ledger.audit.models import AuditLine
from linli.ledger.facts.models import Fact
from linli.oversight.reviews.actions.drawing import (
    commit_draw,
    excuse_organisation,
    lock_throw,
    reveal_draw,
    type_throw,
)
from linli.oversight.reviews.actions.leaves import Stand, approve_leave, take_back_leave
from linli.oversight.reviews.actions.planning import make_year
from linli.oversight.reviews.calc import records, verifying
from linli.oversight.reviews.calc.chain import walk
from linli.oversight.reviews.choices import ExcuseReason, LeaveReason
from linli.oversight.reviews.errors import DrawMovedOn
from linli.oversight.reviews.models import Draw, DrawRecord, Leave, Turn
from linli.registry.people.errors import CannotStandIn
from linli.registry.people.models import Absence, Person, Post

APPROVER = "区委组织部"


@pytest.fixture
def draw(district: DemoDistrict) -> UUID:
    programme = make_review_programme(district)
    make_year(programme_id=programme, year=AT.year + 1, by=district.viewer("review_office"), at=AT)
    return Draw.objects.order_by("month").values_list("id", flat=True)[0]


def _approve(
    district: DemoDistrict, draw: UUID, *, deputy: str = "subdistrict_dispatcher", community: int = 1,
    by: str = "review_office", approver: str = APPROVER, reason: LeaveReason = LeaveReason.TRAINING,
) -> None:  # fmt: skip
    person = district.viewer(deputy, community=community).person_id
    assert person is not None
    approve_leave(draw_id=draw, organisation_id=district.organisations["office_1"],
                  stand=Stand(person, reason, approver), by=district.viewer(by), source_ip="", at=AT)  # fmt: skip


def _take_back(district: DemoDistrict, draw: UUID, *, by: str = "review_office") -> None:
    take_back_leave(draw_id=draw, organisation_id=district.organisations["office_1"], by=district.viewer(by),
                    source_ip="", at=AT)  # fmt: skip


def _commit(district: DemoDistrict, draw: UUID) -> None:
    commit_draw(draw_id=draw, by=district.viewer("review_office"), source_ip="", at=AT)


def _hold(district: DemoDistrict, draw: UUID) -> bytes:
    """Hold the draw with the other street excused, so that the first is drawn; returns the record."""
    office = district.viewer("review_office")
    excuse_organisation(draw_id=draw, organisation_id=district.organisations["office_2"], approver=APPROVER,
                        reason=ExcuseReason.DISASTER, by=office, source_ip="", at=AT)  # fmt: skip
    _commit(district, draw)
    _throw_and_reveal(district, draw)
    return DrawRecord.objects.get().body.encode()


def _throw_and_reveal(district: DemoDistrict, draw: UUID) -> None:
    office, other = district.viewer("review_office"), district.viewer("discipline_inspector")
    for by in (office, other):
        type_throw(draw_id=draw, item="dice", value="08772473", by=by, at=AT)
    lock_throw(draw_id=draw, by=office, source_ip="", at=AT)
    reveal_draw(draw_id=draw, by=office, source_ip="", at=AT)


def test_deputy_is_seated_and_the_record_says_so_by_code(district: DemoDistrict, draw: UUID) -> None:
    _approve(district, draw)
    body = _hold(district, draw)

    row = next(row for row in json.loads(body)["commit"]["pool"] if row["id"] == "office_1")
    deputy = district.viewer("subdistrict_dispatcher").person_id
    name = Person.objects.get(id=deputy).name
    assert (row["deputy"], row["deputy_approver"], row["tickets"] > 0) == ("training", APPROVER, True)
    assert name not in body.decode()
    assert str(deputy) not in body.decode()
    assert all(holds for holds, _ in verifying.check(body).values())
    assert walk([records.parse(body)]).is_sound
    turn = Turn.objects.get(organisation__code="office_1")
    assert (turn.presenter_id, turn.deputy_reason, turn.approved_at) == (deputy, "training", AT)


def test_record_with_a_deputy_nobody_approved_is_not_sound(district: DemoDistrict, draw: UUID) -> None:
    _approve(district, draw)
    record = json.loads(_hold(district, draw))
    del next(row for row in record["commit"]["pool"] if row["id"] == "office_1")["deputy_approver"]

    assert ("excused", False) in walk([record]).links[0].checks


def test_leave_taken_back_or_approved_anew_counts_as_said_last(district: DemoDistrict, draw: UUID) -> None:
    _approve(district, draw)
    _approve(district, draw)
    _approve(district, draw, deputy="call_back_clerk", reason=LeaveReason.OFFICIAL_TRIP)
    assert list(Leave.objects.order_by("take").values_list("take", "deputy_id", "reason")) == [
        (1, district.viewer("subdistrict_dispatcher").person_id, "training"),
        (2, district.viewer("call_back_clerk").person_id, "official_trip"),
    ]
    for _ in range(2):
        _take_back(district, draw)

    body = _hold(district, draw)
    assert b'"deputy' not in body
    assert b'"leave' not in body
    assert Turn.objects.get(organisation__code="office_1").presenter_id == (
        district.viewer("subdistrict_secretary").person_id
    )
    deeds = ["leave_approved", "leave_approved", "leave_taken_back"]
    lines = AuditLine.objects.filter(object_kind="review_draw").values_list("data__did", flat=True)
    assert sorted(did for did in lines.order_by("id") if did.startswith("leave_")) == deeds
    facts = Fact.objects.filter(kind__contains="leave").order_by("id").values_list("kind", flat=True)
    assert sorted(facts) == [f"review_draw.{deed}" for deed in deeds]


def test_nothing_changes_after_the_commit(district: DemoDistrict, draw: UUID) -> None:
    _approve(district, draw)
    _commit(district, draw)

    for step in (_approve, _take_back):
        with pytest.raises(DrawMovedOn, match="leave_after_commit"):
            step(district, draw)
    assert Leave.objects.count() == 1


def test_leave_written_past_the_program_after_the_commit_seats_nobody(district: DemoDistrict, draw: UUID) -> None:
    _approve(district, draw)
    office, other = district.viewer("review_office").person_id, district.viewer("call_back_clerk").person_id
    _commit(district, draw)
    for take, (organisation, deputy) in enumerate(
        (("office_1", other), ("office_2", office), ("water_repair", office))
    ):
        Leave.objects.create(
            district_id=HOME, draw_id=draw, organisation_id=district.organisations[organisation], take=take + 2,
            deputy_id=deputy, reason="leave", approver=APPROVER, approved_by=office, approved_at=AT,
        )  # fmt: skip
    _throw_and_reveal(district, draw)

    seated = Turn.objects.exclude(deputy_reason="").values_list("organisation__code", "presenter_id")
    named = {("office_1", district.viewer("subdistrict_dispatcher").person_id)}
    assert set(seated) <= named
    assert Turn.objects.count() == 3


@pytest.mark.parametrize("broken", [{"deputy_id": None}, {"reason": ""}, {"approver": ""}])
def test_database_keeps_leaves_whole_and_one_a_take(district: DemoDistrict, draw: UUID, broken: dict[str, Any]) -> None:
    _approve(district, draw)
    said = Leave.objects.values("district_id", "draw_id", "organisation_id", "take", "deputy_id", "reason", "approver",
                                "approved_by", "approved_at").get()  # fmt: skip
    for wrong in ({}, {"take": 2} | broken):
        with pytest.raises(IntegrityError, match="leave_"), transaction.atomic():
            Leave.objects.create(**(said | wrong))
    assert Leave._meta.db_table in append_only_tables()


@pytest.mark.parametrize(("deputy", "community", "code"), [
    ("subdistrict_secretary", 1, "deputy_is_oneself"),
    ("subdistrict_dispatcher", 2, "deputy_not_of_it"),
    ("grid_worker", 1, "deputy_not_of_it"),
])  # fmt: skip
def test_deputy_is_somebody_else_of_the_same_organisation(
    district: DemoDistrict, draw: UUID, deputy: str, community: int, code: str
) -> None:
    with pytest.raises(CannotStandIn, match=code):
        _approve(district, draw, deputy=deputy, community=community)
    assert not Leave.objects.exists()


def test_deputy_who_went_or_is_away_stops_the_commit(district: DemoDistrict, draw: UUID) -> None:
    _approve(district, draw)
    day, post = Draw.objects.get(id=draw).planned_on, district.post_of("subdistrict_dispatcher")
    away = Absence.objects.create(
        district_id=HOME, post_id=post, deputy_id=district.viewer("call_back_clerk").person_id, kind="leave",
        starts_on=day, ends_on=day, made_at=AT,
    )  # fmt: skip
    with pytest.raises(Conflict, match="deputy_gone"):
        _commit(district, draw)
    away.delete()
    Post.objects.filter(id=post).update(ends_on=AT.date())
    with pytest.raises(Conflict, match="deputy_gone"):
        _commit(district, draw)
    _take_back(district, draw)
    _commit(district, draw)


def test_leave_needs_the_office_that_approved_it_and_a_listed_organisation(district: DemoDistrict, draw: UUID) -> None:
    with pytest.raises(InvalidInput, match="approver_missing"):
        _approve(district, draw, approver="  ")
    person = district.viewer("grid_worker").person_id
    assert person is not None
    with pytest.raises(NotFound):
        approve_leave(draw_id=draw, organisation_id=district.organisations["committee_1"],
                      stand=Stand(person, LeaveReason.LEAVE, APPROVER), by=district.viewer("review_office"),
                      source_ip="", at=AT)  # fmt: skip


@pytest.mark.parametrize("role", [role for role in ROLES if role != "review_office"])
def test_nobody_else_approves_or_takes_back(district: DemoDistrict, draw: UUID, role: str) -> None:
    for step in (_approve, _take_back):
        with pytest.raises(NotAllowed):
            step(district, draw, by=role)
    with pytest.raises(NotFound):
        _approve(district, draw, by="away-community_secretary")
    assert not Leave.objects.exists()
