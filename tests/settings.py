"""The site's settings for tests: fast hashing, no manifest of static files, a var folder that nobody else uses."""

import os
from pathlib import Path

_VAR = Path(__file__).resolve().parents[1] / "build" / "test-var"
os.environ.setdefault("SHIXUN_VAR", str(_VAR))
os.environ.setdefault("SHIXUN_SECRET_KEY", "tests only: a key that protects nothing")

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# A connection that outlives its test would keep the database from being restored to its template.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Legs that run side by side on one cluster each need a database of their own.
    DATABASES["default"]["TEST"] = {"NAME": os.environ.get("SHIXUN_TEST_DATABASE", "test_shixun")}
