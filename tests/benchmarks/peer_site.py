"""A site of django-helpdesk as its documentation sets one up, with persistent connections; run by its own Python.

python peer_site.py fill COUNT     makes the database, fills it up to COUNT tickets, prints a session's cookie
python peer_site.py serve          serves it on PORT, one process
"""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

HERE = str(Path(__file__).resolve().parent)


def database(url: str) -> dict[str, Any]:
    """Read an address as Django's settings want it."""
    parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or query.get("user", [""])[0]), "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0], "PORT": query.get("port", [parts.port or ""])[0],
        "CONN_MAX_AGE": 600,
    }  # fmt: skip


def configure() -> None:
    """Set Django up."""
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"], ROOT_URLCONF="peer_site", DEFAULT_AUTO_FIELD="django.db.models.AutoField", SITE_ID=1,
        USE_TZ=True, DATABASES={"default": database(os.environ["PEER_DATABASE"])},
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend", STATIC_URL="/static/", MEDIA_URL="/media/",
        SESSION_ENGINE="django.contrib.sessions.backends.db", LOGGING_CONFIG=None,
        INSTALLED_APPS=["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
                        "django.contrib.sessions", "django.contrib.sites", "django.contrib.messages",
                        "django.contrib.staticfiles", "django.contrib.humanize", "bootstrap4form", "rest_framework",
                        "helpdesk"],
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware",
                    "django.contrib.sessions.middleware.SessionMiddleware",
                    "django.middleware.common.CommonMiddleware",
                    "django.contrib.auth.middleware.AuthenticationMiddleware",
                    "django.contrib.messages.middleware.MessageMiddleware"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
                    "OPTIONS": {"context_processors": ["django.template.context_processors.request",
                                                       "django.contrib.auth.context_processors.auth",
                                                       "django.contrib.messages.context_processors.messages"]}}],
        REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": ["peer_site.Signed"]},
        HELPDESK_ACTIVATE_API_ENDPOINT=True, HELPDESK_TEAMS_MODE_ENABLED=False, HELPDESK_KANBAN_BOARD_ENABLED=False,
    )  # fmt: skip
    django.setup()


def fill(count: int) -> str:
    """Make the database, one queue and tickets up to a count; gives the cookie of a superuser's session."""
    import psycopg

    with psycopg.connect(os.environ["PEER_SERVER"], autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = 'helpdesk'").fetchone():
            server.execute("CREATE DATABASE helpdesk TEMPLATE template0 ENCODING 'UTF8'")
    configure()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from helpdesk.models import Queue, Ticket

    call_command("migrate", verbosity=0)
    people = get_user_model().objects
    user = people.filter(username="bench").first() or people.create_superuser("bench", "bench@example.org", "x")
    queue = Queue.objects.get_or_create(id=1, defaults={"title": "Bench", "slug": "bench"})[0]
    missing = count - Ticket.objects.count()
    Ticket.objects.bulk_create(
        (Ticket(queue=queue, title=f"第{number}号", description="路灯不亮", status=1 + number % 4,
                submitter_email="resident@example.org") for number in range(missing)),
        batch_size=2000,
    )  # fmt: skip
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.save()
    return f"sessionid={session.session_key}"


def serve() -> None:
    """Serve it, one process of four threads."""
    from granian.constants import Interfaces
    from granian.server import Server

    Server("peer_site:application", address="127.0.0.1", port=int(os.environ["PORT"]), interface=Interfaces.WSGI,
           workers=1, blocking_threads=4).serve()  # fmt: skip


if __name__ == "__main__":
    sys.path.insert(0, HERE)
    os.environ["PYTHONPATH"] = HERE  # of the server's own process
    print(fill(int(sys.argv[2]))) if sys.argv[1] == "fill" else serve()
elif os.environ.get("PORT"):
    configure()
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse
    from django.urls import include, path
    from rest_framework.authentication import SessionAuthentication

    class Signed(SessionAuthentication):
        """A session without the check of forms' tokens, which a program has none of."""

        def enforce_csrf(self, request: Any) -> None:
            """Leave it out."""

    urlpatterns = [path("readyz", lambda _request: HttpResponse("ok")), path("", include("helpdesk.urls"))]
    application = get_wsgi_application()
