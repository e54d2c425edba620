"""A PostgreSQL cluster of one's own for a test run: made in a temporary folder, gone afterwards.

As root the server runs as the user ``postgres`` (PostgreSQL refuses root), otherwise as whoever calls.
``python scripts/private_postgres.py COMMAND…`` runs a command with SHIXUN_DATABASE_URL set to such a cluster.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from system import require

PACKAGES = ("postgresql",)
# A cluster that nobody will ever restart needs no safety on disk.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def find_binaries() -> Path | None:
    """The folder with initdb and pg_ctl, newest version first; None when PostgreSQL is not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    candidates = [*folders, *([Path(on_path).parent] if on_path else [])]
    return next((path for path in candidates if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


@contextmanager
def private_cluster(options: str = "") -> Iterator[str]:
    """Start a cluster and yield the address of its database ``shixun``; stop and remove it at the end."""
    binaries = require("PostgreSQL", find_binaries, PACKAGES)
    # SIGTERM must not leave a server behind: as an exception it passes through every ``finally``.
    signal.signal(signal.SIGTERM, _leave)
    folder = Path(tempfile.mkdtemp(prefix="shixun-pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        port = _free_port()
        _as_server_user(
            *(binaries / "initdb", "-D", folder / "data", "-U", "shixun", "-A", "trust"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
        )
        start = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {OPTIONS} {options}"
        _as_server_user(binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", start, "start")
        try:
            yield f"postgresql://shixun@127.0.0.1:{port}/postgres"
        finally:
            _as_server_user(binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _as_server_user(*command: str | Path) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    # pg_ctl's server inherits the pipes, so its output must not be one: we would wait for it for ever.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(words, stdout=said, stderr=subprocess.STDOUT, cwd="/", check=False)
        if done.returncode:
            said.seek(0)
            raise SystemExit(f"The private PostgreSQL did not obey {words[-1]!r}:\n{said.read().decode()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    with private_cluster() as address:
        environment = {**os.environ, "SHIXUN_DATABASE_URL": address}
        code = subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    raise SystemExit(code)
