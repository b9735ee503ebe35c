"""Settings of the suite: strict, quick to sign in, no pool."""

from linli.config.settings.base import *  # noqa: F403 - Django's way of settings that differ in a few lines
from linli.config.settings.base import DATABASES, TEMPLATE_OPTIONS

DATABASES["default"]["OPTIONS"] = {}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATE_OPTIONS["string_if_invalid"] = "‼undefined %s‼"
IS_DEMO = True
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SECURE_HSTS_SECONDS = 0
