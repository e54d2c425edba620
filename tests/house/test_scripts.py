"""What the commands of the Makefile promise: nothing is skipped in silence, and nothing is left behind."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return __import__(request.param)


@pytest.mark.parametrize("script", ["system"], indirect=True)
def test_what_is_missing_is_named_with_its_package(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as stopped:
        script.require("PostgreSQL", lambda: None, ("postgresql", "x"))
    assert str(stopped.value).startswith("PostgreSQL is missing. On Debian: sudo apt-get install postgresql x\n")


@pytest.mark.parametrize("script", ["system"], indirect=True)
def test_what_is_there_is_not_installed(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: pytest.fail("asked for root without need"))
    assert script.require("Python", lambda: sys.executable, ("python3",)) == sys.executable


def test_a_private_postgresql_comes_and_goes() -> None:
    """The command's own exit code comes through, and neither the folder nor the server stays."""
    code = "import os, sys; print(os.environ['SHIXUN_DATABASE_URL']); sys.exit(7)"
    command = [sys.executable, str(ROOT / "scripts" / "private_postgres.py"), sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 7, done.stderr
    port = done.stdout.strip().rpartition(":")[2].partition("/")[0]
    probe = f"import socket; socket.create_connection(('127.0.0.1', {port}), 1)"
    assert subprocess.run([sys.executable, "-c", probe], capture_output=True).returncode == 1


def test_a_private_postgresql_goes_with_whoever_started_it(tmp_path: Path) -> None:
    """SIGTERM, as a machine sends it that has waited long enough, leaves no server behind."""
    address = tmp_path / "address"
    code = f"import os, time; open({str(address)!r}, 'w').write(os.environ['SHIXUN_DATABASE_URL']); time.sleep(30)"
    command = [sys.executable, str(ROOT / "scripts" / "private_postgres.py"), sys.executable, "-c", code]
    started = subprocess.Popen(command)
    limit = time.monotonic() + 30
    while not (address.exists() and address.read_text()) and time.monotonic() < limit:
        time.sleep(0.05)
    started.terminate()
    assert started.wait(30) == 143
    port = address.read_text().rpartition(":")[2].partition("/")[0]
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(port)), 1)


@pytest.mark.parametrize("script", ["run_tests"], indirect=True)
def test_a_failing_leg_fails_the_whole(script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    good = script.Leg("a", [], "", output="3 passed, 1 skipped in 1.00s\n")
    bad = script.Leg("b", [], "", output="1 failed, 2 passed, 1 error in 1.00s\n", code=1)
    assert script._close([good, bad]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 2 failed, 1 skipped"
    assert script._close([good]) == 0


@pytest.mark.parametrize("script", ["setup"], indirect=True)
def test_a_stamp_holds_what_a_step_was_made_from(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    lock = tmp_path / "a.lock"
    lock.write_text("a==1")
    monkeypatch.setattr(script, "VENV", tmp_path)
    monkeypatch.setattr(script, "PYTHON", tmp_path / "bin" / "python")
    script._stamp("run", lock)
    assert script._is_stamped("run", lock)
    lock.write_text("a==2")
    assert not script._is_stamped("run", lock)
