"""A hall to measure in, in the database of DATABASE_URL: a session of its own, opened, all jurors come in.

    python -m tests.benchmarks.sitting JURORS TURNS [COMMAND …]     prints one JSON object

The host presses the commands at last, so that a turn may already be scored. Nothing of the demo's own is touched.
"""

import json
import os
import sys
from datetime import date, datetime
from uuid import UUID

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings.base"
django.setup()

from django.db.models import Max
from django.utils import timezone
from tests.benchmarks.samples import session_of

from linli.edges.halls import SeatTicket, write_ticket
from linli.kernel.ids import new_id
from linli.oversight.reviews.actions.halls import confirm_bells, open_session, press
from linli.oversight.reviews.actions.juries import enter, make_badges, seat_jury
from linli.oversight.reviews.actions.lamps import Light, light_lamp
from linli.oversight.reviews.calc.clock import Command
from linli.oversight.reviews.choices import Occasion, ScreenRole
from linli.oversight.reviews.models import Member, Programme, Session, Turn
from linli.registry.people.queries import find_login, list_role_posts, viewer_of
from linli.registry.people.rules import Viewer

HOST = "tiexi.reviews"
ROLES = ("review_juror", "grid_worker")  # the demo has no fifty people of the first
GROUPS = ("congress", "departments", "delegates_city", "delegates_district")


def main(jurors: int, turns: int, commands: list[Command]) -> None:
    """Make it and print it. Raises RuntimeError where the demo has too few jurors or organisations."""
    at, today = timezone.now(), timezone.localdate()
    login = find_login(HOST)
    if login is None:
        raise RuntimeError(f"no account {HOST} here: delete build/bench/real, if an earlier version loaded it")
    host = viewer_of(login_id=login.id, on=today)
    session = _session(host, today, at)
    made = _turns(session, turns)
    people = list_role_posts(district_id=host.district_id, roles=ROLES, area_path=host.district_id, on=today)
    seated = list(dict.fromkeys(one.person_id for one in people))[:jurors]
    if len(made) < turns or len(seated) < jurors:
        raise RuntimeError(f"{len(made)} organisations and {len(seated)} jurors here")
    seats = _seats(session, host, seated, at)
    for role in (ScreenRole.SCREEN, ScreenRole.HOST):
        light_lamp(district_id=host.district_id, session_id=session.id, at=at,
                   light=Light(role, new_id(), "", 0, 2, 9, "running", "held"))  # fmt: skip
    confirm_bells(session_id=session.id, by=host, at=at)
    revision = open_session(session_id=session.id, by=host, at=at)
    for command in commands:
        revision = press(session_id=session.id, command=command, seen=revision, by=host, at=timezone.now())
    print(json.dumps({"session": str(session.id), "turns": [str(turn.id) for turn in made], "seats": seats,
                      "host": session_of(HOST), "revision": revision}))  # fmt: skip


def _session(host: Viewer, today: date, at: datetime) -> Session:
    programme = Programme.objects.filter(district_id=host.district_id, level="district").order_by("code")[:1].get()
    same = Session.objects.filter(
        programme=programme, year=today.year, month=today.month, occasion=Occasion.FIELD.value
    )
    part = (same.aggregate(last=Max("part"))["last"] or 0) + 1
    return Session.objects.create(
        id=new_id(), district_id=host.district_id, programme=programme, year=today.year, month=today.month, part=part,
        occasion=Occasion.FIELD.value, title=f"现场述职会，第{part}场", planned_at=at,
    )  # fmt: skip


def _turns(session: Session, count: int) -> list[Turn]:
    members = Member.objects.filter(programme=session.programme, ends_on=None).order_by("id")[:count]
    return Turn.objects.bulk_create(
        Turn(id=new_id(), district_id=session.district_id, session=session, position=position,
             organisation_id=member.organisation_id)
        for position, member in enumerate(members, start=1)
    )  # fmt: skip


def _seats(session: Session, host: Viewer, people: list[UUID], at: datetime) -> list[str]:
    """Seat these people, let a browser in for each, and give the browsers' cookies."""
    groups = {person: GROUPS[number % len(GROUPS)] for number, person in enumerate(people)}
    seat_jury(session_id=session.id, groups=groups, by=host, at=at)
    badges = make_badges(session_id=session.id, juror_ids=frozenset(), by=host, at=at)
    for juror_id, badge in badges.items():
        enter(session_id=session.id, badge=badge, holder=f"bench-{juror_id}", at=at)
    return [
        write_ticket(SeatTicket(session.district_id, session.id, juror_id, f"bench-{juror_id}")) for juror_id in badges
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), [Command(each) for each in sys.argv[3:]])
