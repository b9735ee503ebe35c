"""Make a session ready to be opened in a running town: three turns, a jury, badges. Prints them as JSON.

A program of its own, since a journey's process knows another database: python -m tests.journeys.seating DATA
"""

import json
import os
import sys
from pathlib import Path

import django
from django.utils import timezone

from linli.kernel import postgres


def main(data: Path) -> None:
    """Take the district's last session of the year, which no demo has played."""
    found = postgres.status(data / "postgres")
    os.environ |= {"DATABASE_URL": found.url, "DJANGO_SETTINGS_MODULE": "linli.config.settings.base",
                   "LINLI_DATA": str(data)}  # fmt: skip
    django.setup()
    from linli.kernel.ids import new_id
    from linli.oversight.reviews.actions.juries import make_badges, seat_jury
    from linli.oversight.reviews.models import Member, Programme, Session, Turn
    from linli.registry.people.queries import find_login, list_role_posts, viewer_of

    now, today = timezone.now(), timezone.localdate()
    login = find_login("tiexi.reviews")
    assert login is not None
    host = viewer_of(login_id=login.id, on=today)
    programme = Programme.objects.filter(district_id=host.district_id, level="district").order_by("code")[:1].get()
    session = Session.objects.filter(programme=programme).order_by("-planned_at")[:1].get()
    Turn.objects.bulk_create(
        Turn(id=new_id(), district_id=host.district_id, session=session, position=position,
             organisation_id=member.organisation_id)
        for position, member in enumerate(Member.objects.filter(programme=programme).order_by("id")[:3], start=1)
    )  # fmt: skip
    people = list_role_posts(district_id=host.district_id, roles=["review_juror"], area_path=host.district_id, on=today)
    groups = ("congress", "departments", "delegates_city", "delegates_district", "departments")
    seated = {one.person_id: group for one, group in zip(people, groups, strict=False)}
    seat_jury(session_id=session.id, groups=seated, by=host, at=now)
    badges = make_badges(session_id=session.id, juror_ids=frozenset(), by=host, at=now)
    print(json.dumps({"session": str(session.id), "badges": list(badges.values())}))  # noqa: T201 - what it is for


main(Path(sys.argv[1]))
