"""Every test, in legs: all of them on PostgreSQL, the rooms and the journeys marked ``sqlite`` on SQLite as well, and
the browser drives the pages once, on PostgreSQL.

Two legs run at a time, one core each, and whoever is done takes the next. Nothing is skipped: what the machine lacks
is installed as root, or named with the command that installs it. Words after ``--`` go to every pytest.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from ctypes.util import find_library
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from private_postgres import private_cluster
from system import require

ROOT = Path(__file__).resolve().parents[1]
# What is counted while a test holds rows that it takes back misleads the planner: one question took ten minutes by it.
STEADY = "-c autovacuum=off"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Leg:
    """One pytest process: its name, what it runs, its database (empty: SQLite)."""

    name: str
    words: Sequence[str]
    database: str
    output: str = ""
    code: int = 0
    seconds: float = field(default=0.0)


def main(extra: Sequence[str]) -> int:
    require("Chromium", _find_browser, ("chromium", "fonts-noto-cjk"))
    # The driver that steers the browser is a Node of its own, which a bare Debian has not all libraries for.
    require("The library libatomic", lambda: find_library("atomic"), ("libatomic1",))
    with private_cluster(STEADY) as postgres, TemporaryDirectory(prefix="shixun-tests-") as scratch:
        # The longest first, so that the two lanes end at about the same time.
        legs = [
            # The journeys of the browser's leg live in a demo built on PostgreSQL; its own tests look at it on SQLite.
            Leg("PostgreSQL rooms", ["-m", "not browser and not slow", "src", "--ignore=src/shixun/demo"], postgres),
            Leg("browser", ["-m", "browser and not slow", "src", "tests"], postgres),
            Leg("SQLite", ["-m", "not browser and not slow", "src/shixun"], ""),
            Leg("PostgreSQL house", ["-m", "not browser and not slow", "tests"], postgres),
            Leg("SQLite journeys", ["-m", "browser and sqlite and not slow", "src", "tests"], ""),
        ]
        for leg in legs:
            leg.words = [*leg.words, *extra]
        _run_two_at_a_time(legs, Path(scratch))
    return _close(legs)


def _find_browser() -> str | None:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _run_two_at_a_time(legs: list[Leg], scratch: Path) -> None:
    """Run the legs in their order, two at a time; print each when it has ended."""
    waiting = list(legs)
    running: list[tuple[Leg, subprocess.Popen[bytes], IO[bytes]] | None] = [None, None]
    try:
        while waiting or any(running):
            for lane, now in enumerate(running):
                if now is None and waiting:
                    running[lane] = _start(waiting.pop(0), scratch)
                elif now is not None and now[1].poll() is not None:
                    _finish(*now)
                    running[lane] = None
            time.sleep(0.1)
    finally:
        for now in filter(None, running):
            now[1].terminate()
            now[1].wait(timeout=30)


def _start(leg: Leg, scratch: Path) -> tuple[Leg, subprocess.Popen[bytes], IO[bytes]]:
    name = leg.name.replace(" ", "-").lower()
    environment = {
        **os.environ,
        "SHIXUN_DATABASE_URL": leg.database,
        "SHIXUN_TEST_DATABASE": f"test_{name.replace('-', '_')}",
        "SHIXUN_VAR": str(scratch / name),
    }
    said = (scratch / f"{name}.log").open("w+b")
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rs",
        "--durations=10",
        "--durations-min=0.5",
        "--color=no",
        *leg.words,
    ]
    leg.seconds = time.monotonic()
    print(f"{leg.name}: running …", flush=True)
    return leg, subprocess.Popen(words, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT), said


def _finish(leg: Leg, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    leg.seconds = time.monotonic() - leg.seconds
    leg.code = process.returncode
    said.seek(0)
    leg.output = said.read().decode(errors="replace")
    said.close()
    print(f"\n──── {leg.name} ────\n{leg.output}", flush=True)


def _close(legs: list[Leg]) -> int:
    """Print one line a leg and the sum over all, in pytest's own form; returns 0 when every leg passed."""
    counts: dict[str, int] = {}
    for leg in legs:
        last = leg.output.strip().splitlines()[-1] if leg.output.strip() else ""
        print(f"{leg.name}: exit {leg.code}, {leg.seconds:.0f} s: {last}")
        for number, word in re.findall(r"(\d+) (passed|failed|errors?|skipped|xfailed)", last):
            counts[word] = counts.get(word, 0) + int(number)
    wrong = counts.get("failed", 0) + counts.get("error", 0) + counts.get("errors", 0)
    print(f"{counts.get('passed', 0)} passed, {wrong} failed, {counts.get('skipped', 0)} skipped", flush=True)
    return 1 if any(leg.code for leg in legs) else 0


if __name__ == "__main__":
    raise SystemExit(main([word for word in sys.argv[1:] if word != "--"]))
