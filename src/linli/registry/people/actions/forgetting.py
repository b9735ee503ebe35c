"""Letting go of who left: rows stay, since posts and steps name them; who it was goes."""

from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from linli.registry.people.models import (
    Absence,
    Login,
    OfficeAccount,
    OpenSession,
    Person,
    RecoveryCode,
    SecurityKey,
    Token,
    Totp,
)
from linli.registry.people.queries.leaving import GONE, gone_people

_BATCH = 500
_NAMELESS = "—"


def forget_people(*, district_id: str, before: date) -> int:
    """Wipe name, roster number, telephone, user name and kinds of absence of people whose last post ended before a day.

    Returns how many. Their logins are shut for good, second factors and sessions deleted. 10 queries a batch.
    """
    done = 0
    while forgotten := _forget_batch(district_id, before):
        done += forgotten
    return done


@transaction.atomic
def _forget_batch(district_id: str, before: date) -> int:
    ids = list(gone_people(district_id=district_id, before=before)[:_BATCH])
    unnamed = Concat(Value(GONE), Cast(F("id"), CharField()))
    Absence.objects.filter(district_id=district_id, post__person_id__in=ids).exclude(kind="").update(kind="")
    logins = Login.objects.filter(person_id__in=ids)
    for ways_in in (Token, Totp, SecurityKey, RecoveryCode, OpenSession, OfficeAccount):
        ways_in.objects.filter(login__in=logins).delete()
    logins.update(username=unnamed, is_active=False, password=make_password(None), former_passwords=[])
    Person.objects.filter(district_id=district_id, id__in=ids).update(code=unnamed, name=_NAMELESS, work_phone=b"")
    return len(ids)
