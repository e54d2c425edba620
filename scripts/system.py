"""What the machine must offer: finds programs, installs Debian packages when it may, says what to install when not."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")


class MissingProgram(SystemExit):
    """Something of the operating system is missing; the message says exactly what to install."""

    def __init__(self, what: str, packages: Iterable[str]) -> None:
        names = " ".join(packages)
        super().__init__(
            f"{what} is missing. On Debian: sudo apt-get install {names}\nThen run the same command again."
        )


def run(*command: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None) -> None:
    """Run a command whose output goes to the terminal; stop with its exit code when it fails."""
    code = subprocess.run([str(part) for part in command], env=env, cwd=cwd, check=False).returncode
    if code:
        print(f"failed ({code}): {' '.join(str(part) for part in command)}", file=sys.stderr)
        raise SystemExit(code)


def require(what: str, find: Callable[[], Found | None], packages: tuple[str, ...]) -> Found:
    """What ``find`` returns; if it finds nothing, install ``packages`` as root, or stop and say so."""
    found = find()
    if found is None and may_install():
        install(packages)
        found = find()
    if found is None:
        raise MissingProgram(what, packages)
    return found


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: tuple[str, ...]) -> None:
    print(f"installing {' '.join(packages)} …", file=sys.stderr)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=quiet)
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, env=quiet)
