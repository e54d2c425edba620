"""Typed readers of environment variables: a bad value stops the start with a sentence, never a guess."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit


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
