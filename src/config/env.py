"""Typed readers of environment variables: a bad value stops the start with a sentence, never a guess."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

_SUBMISSION = 587


class BadSetting(SystemExit):
    """A setting cannot be read; the message names the variable, the value and what would be right."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"Setting {name}={value!r} is not usable: expected {expected}.")


def env_text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(name, value, "true or false")


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except ValueError:
        raise BadSetting(name, value, "a whole number") from None


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = os.environ.get(name) or default
    if value not in choices:
        raise BadSetting(name, value, f"one of {', '.join(choices)}")
    return value


def env_list(name: str, default: tuple[str, ...] = ()) -> list[str]:
    value = os.environ.get(name)
    if not value:
        return list(default)
    return [part.strip() for part in value.split(",") if part.strip()]


def env_path(name: str, default: Path) -> Path:
    value = os.environ.get(name)
    return Path(value).expanduser().resolve() if value else default


def env_database(name: str, default_sqlite: Path) -> dict[str, object]:
    """Read ``sqlite:///path`` or ``postgresql://user:password@host:port/name``; empty means SQLite at the default."""
    value = os.environ.get(name, "")
    if not value:
        return _sqlite(default_sqlite)
    parts = urlsplit(value)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(name, value)
    raise BadSetting(name, value, "sqlite:///path or postgresql://user:password@host:port/name")


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server as Django's settings want it."""

    host: str
    port: int
    user: str
    password: str
    use_tls: bool
    use_ssl: bool


def env_mail(name: str) -> MailServer:
    """Read ``smtp://user:password@host:port`` (STARTTLS where the port is 587) or ``smtps://…``; empty: localhost."""
    value = os.environ.get(name, "")
    parts = urlsplit(value or "smtp://localhost:25")
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadSetting(name, value, "smtp://user:password@host:port or smtps://user:password@host:port")
    is_ssl = parts.scheme == "smtps"
    port = parts.port or (465 if is_ssl else 25)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port, user, password, port == _SUBMISSION and not is_ssl, is_ssl)


def _sqlite(path: Path) -> dict[str, object]:
    path.parent.mkdir(parents=True, exist_ok=True)
    # IMMEDIATE makes a writer wait at BEGIN instead of failing half-way; WAL lets readers go on meanwhile.
    pragmas = "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=5000;PRAGMA foreign_keys=ON;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": pragmas},
    }


def _postgresql(name: str, value: str) -> dict[str, object]:
    parts = urlsplit(value)
    database = unquote(parts.path.lstrip("/"))
    if not database:
        raise BadSetting(name, value, "a database name after the host, postgresql://user@host/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
