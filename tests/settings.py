"""The site's settings for tests: fast hashing, no manifest of static files, a var folder that nobody else uses."""

import os
from pathlib import Path

_VAR = Path(__file__).resolve().parents[1] / "build" / "test-var"
os.environ.setdefault("SHIXUN_VAR", str(_VAR))
os.environ.setdefault("SHIXUN_SECRET_KEY", "tests only: a key that protects nothing")

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STATIC_ROOT  # noqa: E402

STATIC_ROOT.mkdir(parents=True, exist_ok=True)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# A connection that outlives its test would keep the database from being restored to its template.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Runs side by side each need a database of their own.
_NAME = os.environ.get("SHIXUN_TEST_DATABASE", f"test_shixun_{os.getpid()}")
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["TEST"] = {"NAME": _NAME}
else:
    # A file and not memory: the threads of a live server must not share one connection.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(os.environ["SHIXUN_VAR"]) / f"{_NAME}.sqlite3")}
