"""Reading what the doctor asks of logins: whether somebody can sign in, and by no password that others know."""

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.hashers import check_password
from django.db.models import Count

from linli.registry.people.choices import AdministratorKind
from linli.registry.people.models import Login, Post, in_force
from linli.registry.people.queries.factors import has_second_factor


def has_active_logins() -> bool:
    """Whether anybody can sign in. 1 query."""
    return Login.objects.filter(is_active=True).exists()


def count_shared_passwords() -> int:
    """Count active logins, demo ones apart, that were given the very password of another one. 1 query.

    A hash has a salt of its own, so it is shared only where a password was handed out to several at once.
    """
    real = Login.objects.filter(is_active=True, is_demo=False)
    shared = real.values("password").annotate(count=Count("id")).filter(count__gt=1)
    return sum(row["count"] for row in shared.order_by())


def count_administrators_without_second_factor(*, on: date) -> int:
    """Count active logins of administrators that have no second factor. 1 query."""
    posts = Post.objects.filter(in_force(on)).exclude(role__administrator=AdministratorKind.NONE)
    mine = Login.objects.filter(is_active=True, person_id__in=posts.values("person_id"))
    return mine.filter(~has_second_factor()).count()


def administrators_opened_by(passwords: Sequence[str], *, on: date) -> list[str]:
    """List the user names of active administrators whom one of the passwords, or their own name, lets in. 1 query.

    Some 0.1 s a password and login, on purpose: it is the price of the hash.
    """
    posts = Post.objects.filter(in_force(on)).exclude(role__administrator=AdministratorKind.NONE)
    logins = Login.objects.filter(is_active=True, person_id__in=posts.values("person_id")).order_by("username")
    return [
        login.username
        for login in logins
        if any(check_password(each, login.password) for each in (*passwords, login.username))
    ]
