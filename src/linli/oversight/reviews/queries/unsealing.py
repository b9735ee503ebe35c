"""A sealed list from outside: who asked to open it, why, whether it is open; and what it says, for the two."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.kernel.errors import NotFound
from linli.kernel.sealed_box import fingerprint_of
from linli.oversight.reviews.models import BallotKey, Publication
from linli.oversight.reviews.queries.halls import rules_of, session_of
from linli.oversight.reviews.rules import may_unseal_ballots
from linli.registry.people.queries import names_of
from linli.registry.people.rules import Viewer


@dataclass(frozen=True, slots=True)
class Unsealing:
    """How far a list is from being open. reason, asker: "" while nobody asked; opener: "" while it is closed.

    is_mine: the viewer asked, so that somebody else opens; may_look: it is open and the viewer one of the two. key:
    fingerprint of the auditor's key it is sealed to, "" where the server's own open it.
    """

    title: str
    reason: str
    asker: str
    asked_at: datetime | None
    opener: str
    opened_at: datetime | None
    is_mine: bool
    may_look: bool
    key: str


@dataclass(frozen=True, slots=True)
class OpenedBallot:
    """A ballot of an opened list."""

    organisation: str
    points: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class OpenedJuror:
    """Whose ballots they are. name: as in the published file; group: in words."""

    name: str
    person: str
    group: str
    ballots: tuple[OpenedBallot, ...]


def get_unsealing(*, viewer: Viewer, session_id: UUID) -> Unsealing:
    """Read how far a session's list is, for who may be one of the two. 3 queries. Raises NotFound, NotAllowed."""
    may_unseal_ballots(viewer, district_id=viewer.district_id).require()
    session = session_of(viewer.district_id, session_id)
    key = (
        BallotKey.objects.filter(district_id=session.district_id, session=session).select_related("auditor_key").first()
    )
    if key is None:
        raise NotFound("nothing_sealed")
    two = [person for person in (key.asked_by, key.opened_by) if person]
    names = names_of(district_id=session.district_id, person_ids=two)
    return Unsealing(
        session.title, key.reason, names.get(key.asked_by, "") if key.asked_by else "", key.asked_at,
        names.get(key.opened_by, "") if key.opened_by else "", key.opened_at, key.asked_by == viewer.person_id,
        key.opened_by is not None and viewer.person_id in two,
        fingerprint_of(bytes(key.auditor_key.public)) if key.auditor_key else "",
    )  # fmt: skip


def say_whose(*, viewer: Viewer, session_id: UUID, whose: Mapping[str, UUID]) -> list[OpenedJuror]:
    """Put an opened list beside the published rows. whose: as the actions gave it. 3 queries.

    Raises NotFound, NotAllowed.
    """
    may_unseal_ballots(viewer, district_id=viewer.district_id).require()
    session = session_of(viewer.district_id, session_id)
    ours = {"district_id": session.district_id}
    published = json.loads(Publication.objects.get(**ours, session=session).body)
    names = names_of(**ours, person_ids=list(whose.values()))
    groups = {group.id: group.name for group in rules_of(session).jury.groups}
    reports = {turn["id"]: turn["name"] for turn in published["turns"]}
    order = list(reports)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in whose}
    for row in sorted(published["rows"], key=lambda each: order.index(each["turn"])):
        rows[row["juror"]].append(row)
    opened = [
        OpenedJuror(
            name, names.get(person, ""), groups.get(rows[name][0]["group"], "") if rows[name] else "",
            tuple(_ballot(row, reports) for row in rows[name]),
        )
        for name, person in whose.items()
    ]  # fmt: skip
    return sorted(opened, key=lambda juror: (juror.group, juror.person, juror.name))


def _ballot(row: Mapping[str, Any], reports: Mapping[str, str]) -> OpenedBallot:
    return OpenedBallot(reports[row["turn"]], tuple(row["points"]), sum(row["points"]))
