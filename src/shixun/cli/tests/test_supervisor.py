"""The supervisor: a child that dies comes back, one signal ends all, a stubborn child is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = """
import sys
from shixun.cli import supervisor
supervisor.GRACE, supervisor.FIRST_PAUSE = 1.5, 0.1
children = [supervisor.Child(name, [sys.executable, "-c", code]) for name, code in {children!r}.items()]
for child in children:
    child.pause = 0.1
sys.exit(supervisor.Supervisor(children).run())
"""
TELL = "import os, time; open({path!r}, 'a').write(f'{{os.getpid()}}\\n'); "


def _start(children: dict[str, str]) -> subprocess.Popen[str]:
    code = SCRIPT.format(children=children)
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)


def _pids(path: Path, wanted: int) -> list[int]:
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        pids = [int(line) for line in path.read_text().splitlines()] if path.exists() else []
        if len(pids) >= wanted:
            return pids
        time.sleep(0.05)
    pytest.fail(f"{path.name} was not started {wanted} times")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _ended(pid: int) -> bool:
    limit = time.monotonic() + 5
    while _lives(pid) and time.monotonic() < limit:
        time.sleep(0.05)
    return not _lives(pid)


def test_a_crashed_child_comes_back(tmp_path: Path) -> None:
    mark = tmp_path / "crashing"
    supervisor = _start({"crashing": TELL.format(path=str(mark)) + "raise SystemExit(3)"})
    _pids(mark, 2)
    supervisor.send_signal(signal.SIGINT)
    _, said = supervisor.communicate(timeout=20)
    assert supervisor.returncode == 0
    assert "crashing ended with code 3; starting it again" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_all(tmp_path: Path, number: signal.Signals) -> None:
    marks = [tmp_path / "one", tmp_path / "two"]
    supervisor = _start({mark.name: TELL.format(path=str(mark)) + "time.sleep(60)" for mark in marks})
    pids = [_pids(mark, 1)[0] for mark in marks]
    supervisor.send_signal(number)
    supervisor.communicate(timeout=20)
    assert supervisor.returncode == 0
    assert [pid for pid in pids if not _ended(pid)] == []


def test_a_stubborn_child_is_killed_and_told_of(tmp_path: Path) -> None:
    mark = tmp_path / "deaf"
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    supervisor = _start({"deaf": deaf + TELL.format(path=str(mark)) + "time.sleep(60)"})
    pid = _pids(mark, 1)[0]
    supervisor.send_signal(signal.SIGTERM)
    _, said = supervisor.communicate(timeout=20)
    assert supervisor.returncode == 1
    assert "deaf did not end" in said
    assert _ended(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_children_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    mark = tmp_path / "orphan"
    supervisor = _start({"orphan": TELL.format(path=str(mark)) + "time.sleep(60)"})
    pid = _pids(mark, 1)[0]
    supervisor.kill()
    supervisor.communicate(timeout=20)
    assert _ended(pid)
