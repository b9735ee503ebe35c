"""Settings that hold everywhere; what differs by machine comes from `environment.py`."""

from pathlib import Path
from typing import Any

from linli.config.environment import read_environment
from linli.config.settings.database import database

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).resolve().parents[2]

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.is_debug
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
IS_DEMO = ENVIRONMENT.is_demo
SERVES_RESIDENTS = ENVIRONMENT.edges != "desk"
SERVES_STAFF = ENVIRONMENT.edges != "portal"
DATA = ENVIRONMENT.data
FILES_ROOT = DATA / "files"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "linli.ledger.facts",
    "linli.ledger.audit",
    "linli.ledger.commands",
    "linli.registry.territory",
    "linli.registry.orgs",
    "linli.registry.people",
    "linli.registry.coverage",
    "linli.registry.sheets",
    "linli.support.calendar",
    "linli.support.files",
    "linli.support.notices",
    "linli.cases",
    "linli.programmes.visits",
    "linli.oversight.privacy",
    "linli.oversight.reviews",
    "linli.edges.web",
]

MIDDLEWARE = [
    "linli.edges.web.measuring.measured",
    "linli.edges.web.middleware.browser_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "linli.edges.web.middleware.compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "linli.edges.web.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "linli.edges.web.middleware.plain_text_only",
    "linli.edges.web.middleware.signed_in_viewer",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "linli.config.urls"
ASGI_APPLICATION = "linli.config.asgi.application"

TEMPLATE_OPTIONS: dict[str, Any] = {
    "context_processors": [
        "django.template.context_processors.request",
        "django.template.context_processors.i18n",
        "django.contrib.messages.context_processors.messages",
        "linli.edges.web.context.page_frame",
    ],
}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": TEMPLATE_OPTIONS,
    },
]

DATABASES = {"default": database(ENVIRONMENT.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Login"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "edges" / "web" / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Sign-in. Source: GB/T 22239-2019, secure computing environment, A1-A3 and B1 of our notes.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username"]},
    },
]
# A phone forgets what it keeps for reading after this time without the server, and what it could not send after that
# one; both well before the server forgets which commands it has carried out (30 days).
PHONE_KEEP_H = ENVIRONMENT.phone_keep_h
PHONE_UNSENT_DAYS = 14
LOGIN_URL = "/desk/login/"
LOGIN_REDIRECT_URL = "/desk/"
SIGN_IN_MAX_FAILURES = 5
SIGN_IN_LOCK_S = 15 * 60
SIGN_IN_IDLE_S = 30 * 60
# The three administrators sign in with a second factor, everywhere but in a demo on this very machine.
SECOND_FACTOR_REQUIRED = not ENVIRONMENT.is_plain_loopback

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = not ENVIRONMENT.is_plain_loopback
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 0 if ENVIRONMENT.is_plain_loopback else 31_536_000
# Only a proxy that we know may say where a request came from and that it came over TLS.
TRUSTED_PROXIES = frozenset(ENVIRONMENT.trusted_proxies)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # the form of a rulebook has about ten for each of its lines
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

# Ways out of the program; without a mail server nothing is sent (`support/notices`).
OUTSIDE = ENVIRONMENT.outside
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = OUTSIDE.mail.host, OUTSIDE.mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = OUTSIDE.mail.user, OUTSIDE.mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = OUTSIDE.mail.secure == "starttls", OUTSIDE.mail.secure == "tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = OUTSIDE.mail.sender or "linli@localhost"

# No log holds personal data (`kernel/logs.py`); only a developer's shows what is inside.
_FORMAT = {"()": f"linli.kernel.logs.{'JsonLine' if ENVIRONMENT.log == 'json' else 'PlainLine'}"}
_IN_FULL = {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": _IN_FULL if DEBUG else _FORMAT},
    "handlers": {"lines": {"class": "linli.kernel.logs.InBackground", "formatter": "line"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        "linli.edges.web.measuring": {"level": "INFO" if ENVIRONMENT.log == "json" else "WARNING"},
        # Django's own handlers: a console that shows more than it should, and mail to nobody.
        "django": {"handlers": [], "level": "WARNING"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # quotes the name that was asked for
        "django.request": {"level": "ERROR"},  # what was refused stands in the request's own line
    },
}
