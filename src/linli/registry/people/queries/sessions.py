"""Reading where somebody is signed in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from linli.registry.people.models import Login, OfficeAccount, OpenSession
from linli.registry.people.queries.managing import is_managed
from linli.registry.people.rules import Viewer, may_change_login


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that counts now; is_this: the one that asks."""

    id: UUID
    browser: str
    system: str
    means: str
    source_ip: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def list_own_sessions(*, viewer: Viewer, this: str, at: datetime) -> list[SessionRow]:
    """List one's own sessions that count now, the latest used first; this: the key of the one that asks. 1 query."""
    return _list(viewer.login_id, this, at) if viewer.login_id else []


def list_sessions_of(*, viewer: Viewer, person_id: UUID, at: datetime) -> list[SessionRow]:
    """List the sessions of somebody whose login the viewer manages. 3 queries. Raises NotAllowed."""
    is_reached = is_managed(viewer=viewer, person_id=person_id, on=timezone.localdate(at))
    may_change_login(viewer, person_id=person_id, is_reached=is_reached).require()
    login_id = Login.objects.filter(person_id=person_id, district_code=viewer.district_id).values_list("id", flat=True)
    found = login_id.first()
    return _list(found, "", at) if found else []


def accounts_of(*, viewer: Viewer, person_id: UUID, on: date) -> dict[str, str]:
    """Read the subjects of a person's office accounts, by provider. 2 queries. Raises NotAllowed."""
    is_reached = is_managed(viewer=viewer, person_id=person_id, on=on)
    may_change_login(viewer, person_id=person_id, is_reached=is_reached).require()
    linked = OfficeAccount.objects.filter(login__person_id=person_id, login__district_code=viewer.district_id)
    return dict(linked.values_list("provider", "subject"))


def _list(login_id: UUID, this: str, at: datetime) -> list[SessionRow]:
    """Leave out what idles too long, and what a change of password or an order to end all sessions has ended."""
    awake = at - timedelta(seconds=settings.SIGN_IN_IDLE_S)
    found = OpenSession.objects.filter(login_id=login_id, seen_at__gt=awake).select_related("login")
    return [
        SessionRow(row.id, row.browser, row.system, row.means, row.source_ip, row.began_at, row.seen_at,
                   row.session_key == this)
        for row in found.order_by("-seen_at", "id") if row.stamped_at == row.login.stamped_at
    ]  # fmt: skip
