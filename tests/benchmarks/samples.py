"""What the measurements ask with, read from the database of DATABASE_URL: callers, places, words, rows at every depth.

    python -m tests.benchmarks.samples     prints one JSON object

Makes a token for two known accounts, a session for the leader, and logins with tokens for grid workers who have none.
"""

import json
import os
import random
import secrets
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "linli.config.settings.base"
django.setup()

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from tests.benchmarks.places import EVERYWHERE, HERE

from linli.cases.models import Case, Reporter
from linli.edges.web.middleware import LOGIN_KEY, PASSWORD_KEY, SEEN_KEY
from linli.kernel.crypto import decrypt
from linli.registry.people.models import Login, Post, Token
from linli.registry.people.queries import session_stamp

WORKERS = 500
WORDS, PIECE_LENGTHS = 40, (2, 2, 3, 4)
DEPTHS = (0.1, 0.5, 0.9)


def token_of(login: Login) -> str:
    """Make a token for a day; what earlier runs made goes."""
    Token.objects.filter(login=login, name="bench").delete()
    text, at = "linli_" + secrets.token_urlsafe(32), timezone.now()
    Token.objects.create(
        login=login, name="bench", digest=sha256(text.encode()).digest(), scope="write", made_at=at,
        expires_at=at + timedelta(days=1),
    )  # fmt: skip
    return text


def worker_tokens(district_id: str, *, other_than: list[Any]) -> list[str]:
    """Give tokens of grid workers, those with the most open cases first; other_than: people who have another one."""
    busiest = (
        Case.objects.filter(district_id=district_id, closed_at=None, post__role_id="grid_worker", post__ends_on=None)
        .values("post__person_id")
        .annotate(count=Count("id"))
        .order_by("-count", "post__person_id")
        .values_list("post__person_id", flat=True)[:WORKERS]
    )
    others = Post.objects.filter(district_id=district_id, role_id="grid_worker", ends_on=None).order_by("id")
    people = [*dict.fromkeys([*busiest, *others.values_list("person_id", flat=True)])]
    wanted = [person_id for person_id in people if person_id not in other_than][:WORKERS]
    return [token_of(_login(person_id, district_id)) for person_id in wanted]


def _login(person_id: Any, district_id: str) -> Login:
    found = Login.objects.filter(person_id=person_id).first()
    return found or Login.objects.create(
        username=f"bench-{person_id}", district_code=district_id, person_id=person_id, must_change_password=False
    )


def session_of(username: str) -> str:
    """Begin a session as the sign-in page does, and give its cookie."""
    login = Login.objects.get(username=username)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[LOGIN_KEY], session[SEEN_KEY] = str(login.id), int(timezone.now().timestamp())
    session[PASSWORD_KEY] = session_stamp(login.password_changed_at)
    session.save()
    return str(session.session_key)


def ids_at_depths(district_id: str) -> dict[str, str]:
    """Give the ids of cases so deep in the list, newest first, for cursors."""
    mine = Case.objects.filter(district_id=district_id)
    count = mine.count()
    return {
        f"{depth:.0%}": str(mine.order_by("-id").values_list("id", flat=True)[int(count * depth)]) for depth in DEPTHS
    }


def words_of(district_id: str) -> list[str]:
    """Cut pieces of two to four characters out of texts, the same in every run."""
    chance, pieces = random.Random(5), []
    texts = list(
        Case.objects.filter(district_id=district_id).order_by("id").values_list("text", flat=True)[: WORDS * 50]
    )
    for number in range(WORDS):
        text = texts[chance.randrange(len(texts))]
        start, length = chance.randrange(max(1, len(text) - 4)), PIECE_LENGTHS[number % len(PIECE_LENGTHS)]
        pieces.append(text[start : start + length])
    return [piece for piece in pieces if len(piece) > 1 and all("\u3400" <= letter <= "\u9fff" for letter in piece)]


def telephone_of(district_id: str) -> str:
    """Give the telephone number that a reporter in the middle of them left."""
    left = Reporter.objects.filter(district_id=district_id).exclude(phone_index=b"").order_by("id")
    return decrypt(left[left.count() // 2].phone, purpose="reporter.phone")


def main() -> None:
    """Print all of it."""
    known = {login.username: login for login in Login.objects.filter(username__in=(EVERYWHERE, HERE))}
    district_id = known[EVERYWHERE].district_code
    mine = Case.objects.filter(district_id=district_id, lng__isnull=False)
    rows = mine.order_by("-id").values_list("lng", "lat", "area_path", "category")[:2000]
    chosen = random.Random(3).sample(list(rows), k=min(200, len(rows)))
    print(json.dumps({
        "tokens": {name: token_of(login) for name, login in known.items()},
        "workers": worker_tokens(district_id, other_than=[login.person_id for login in known.values()]),
        "session": session_of("tiexi.leader"),
        "admin_session": session_of("tiexi.admin"),
        "count": Case.objects.count(),
        "points": [{"lng": lng, "lat": lat} for lng, lat, _, _ in chosen],
        "community": chosen[0][2].split("/")[2] if chosen[0][2].count("/") > 1 else chosen[0][2].split("/")[-1],
        "category": chosen[0][3],
        "grid": Post.objects.get(person_id=known[HERE].person_id, ends_on=None).area.code,
        "ids": ids_at_depths(district_id),
        "words": words_of(district_id),
        "number": mine.order_by("id")[len(rows) // 2].number,
        "telephone": telephone_of(district_id),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
