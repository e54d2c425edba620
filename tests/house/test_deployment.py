"""With the settings of a real site Django's deployment checks are silent, and nobody is there who was not opened."""

import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.stairs import ROOT

PRODUCTION = {
    "SHIXUN_HTTPS": "true",
    "SHIXUN_BEHIND_PROXY": "true",
    "SHIXUN_ALLOWED_HOSTS": "shixun.example.cn",
    "SHIXUN_TRUSTED_ORIGINS": "https://shixun.example.cn",
    "SHIXUN_SECRET_KEY": "a-key-of-a-real-site-is-random-and-long-0123456789-abcdefghij",
    "SHIXUN_FIELD_KEY": "another-key-of-a-real-site-kept-apart-0123456789",
}
SETTINGS = (
    "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
    " s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS,"
    " s.SECURE_SSL_REDIRECT, s.DEMO_MODE, s.DEBUG)"
)


def run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHIXUN_", "DJANGO_"))}
    environment = {
        **kept,
        **PRODUCTION,
        "SHIXUN_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=120)


def test_the_deployment_checks_are_silent(tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


def test_cookies_travel_over_https_alone(tmp_path: Path) -> None:
    done = run(tmp_path, "-c", SETTINGS)
    assert done.stdout.strip() == "__Host-session __Host-csrf True True Lax True 31536000 True False False"
