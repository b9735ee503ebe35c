"""Naming robots of group chats, and letting them go."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.crypto import encrypt
from linli.kernel.errors import InvalidInput, NotFound
from linli.kernel.outgoing import CannotReach, check_url
from linli.registry.orgs.queries import list_organisations
from linli.registry.people.rules import Viewer
from linli.support.notices.choices import ROBOTS
from linli.support.notices.models import Robot
from linli.support.notices.rules import may_run_ways_out

_LONGEST_URL, _LONGEST_SECRET, _LONGEST_NAME = 500, 200, 40


@dataclass(frozen=True, slots=True)
class NewRobot:
    """A robot as the administrator writes it down. secret: of DingTalk and Feishu, "" where it has none."""

    organisation_id: UUID | None
    channel: str
    name: str
    url: str
    secret: str = ""


@transaction.atomic
def add_robot(*, by: Viewer, robot: NewRobot, at: datetime) -> UUID:
    """Let a group chat be told of what comes to an organisation. 2 queries. Raises NotAllowed, InvalidInput."""
    may_run_ways_out(by).require()
    if robot.channel not in ROBOTS:
        raise InvalidInput("bad_choice", field="channel")
    name, url, secret = robot.name.strip(), robot.url.strip(), robot.secret.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise InvalidInput("name_missing", field="name")
    try:
        check_url(url)
    except CannotReach as error:
        raise InvalidInput("bad_url", field="url") from error
    if len(url) > _LONGEST_URL or len(secret) > _LONGEST_SECRET:
        raise InvalidInput("bad_url", field="url")
    known = {row.id for row in list_organisations(district_id=by.district_id, on=at.date(), limit=100_000)}
    if robot.organisation_id not in known:
        raise InvalidInput("bad_choice", field="organisation")
    made = Robot.objects.create(
        district_id=by.district_id,
        organisation_id=robot.organisation_id,
        channel=robot.channel,
        name=name,
        url=encrypt(url, purpose="notices.robot"),
        secret=encrypt(secret, purpose="notices.robot"),
        made_by=by.person_id,
        made_at=at,
    )
    return made.id


@transaction.atomic
def end_robot(*, by: Viewer, robot_id: UUID, at: datetime) -> None:
    """Tell a group no more; its address and secret are wiped. 1 query. Raises NotAllowed, NotFound."""
    may_run_ways_out(by).require()
    found = Robot.objects.filter(district_id=by.district_id, id=robot_id, ended_at=None)
    if not found.update(ended_at=at, url=b"", secret=b""):
        raise NotFound("no_such_robot")
