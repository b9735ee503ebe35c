"""Changing how far a role reaches; roles are the same for all districts of an installation."""

from datetime import datetime

from django.db import transaction

from linli.kernel.errors import InvalidInput, NotFound
from linli.ledger.audit.actions import write_line
from linli.ledger.audit.choices import LineKind
from linli.registry.people.choices import Reach
from linli.registry.people.models import Role
from linli.registry.people.rules import Viewer, may_change_role


@transaction.atomic
def set_reach(*, role: str, reach: str, by: Viewer, source_ip: str, at: datetime) -> None:
    """Say how far a role reaches, from now on and for everybody who holds it. 3 queries; audit line. Locks the role.

    Raises NotFound, InvalidInput naming reach, NotAllowed (beyond reach, one's own role, an administrator's).
    """
    found = Role.objects.select_for_update().filter(code=role).first()
    if found is None:
        raise NotFound("unknown_role", field="role")
    may_change_role(by, role=role, administrator=found.administrator).require()
    if reach not in set(Reach):
        raise InvalidInput("unknown_reach", field="reach")
    before, found.reach = found.reach, reach
    found.save(update_fields=["reach"])
    write_line(district_id=by.district_id, kind=LineKind.RIGHTS_CHANGED, at=at, actor_id=by.person_id,
               object_kind="role", object_id=role, source_ip=source_ip,
               data={"did": "reach", "role": role, "from": before, "to": reach})  # fmt: skip
