"""Settings of the suite: strict, quick to sign in, no pool."""

from linli.config.settings.base import *  # noqa: F403 - Django's way of settings that differ in a few lines
from linli.config.settings.base import DATABASES, TEMPLATE_OPTIONS
from linli.config.settings.base import LOGGING as LOGGING_IN_OPERATION

DATABASES["default"]["OPTIONS"] = {}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATE_OPTIONS["string_if_invalid"] = "‼undefined %s‼"
IS_DEMO = True
SECOND_FACTOR_REQUIRED = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SECURE_HSTS_SECONDS = 0
# At once, so that a test's lines are caught with the test.
LOGGING = LOGGING_IN_OPERATION | {"handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "line"}}}
# Each of the tests' clients makes the middleware anew: reading the folder of files at each costs more than most pages.
WHITENOISE_AUTOREFRESH = True
