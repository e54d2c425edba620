"""Prepare the checkout: virtual environment, locked packages, assets. Needs nothing but Python 3.11 with venv.

``setup.py run`` installs what the site needs, ``setup.py dev`` what its tests and checks need as well. Each step
leaves a stamp with the digest of what it was made from, so that a second call takes no time.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import assets
from system import MissingProgram, install, may_install, run

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
LOCKS = {"run": "base.lock", "dev": "dev.lock"}


def main(purpose: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this may have an older Python
        raise SystemExit(f"Python 3.11 or later is needed, this is {sys.version.split()[0]}: make PYTHON=python3.11 …")
    make_venv()
    install_packages(purpose)
    assets.main()


def make_venv() -> None:
    """Create ``.venv`` with the uv and setuptools of bootstrap.lock."""
    lock = ROOT / "requirements" / "bootstrap.lock"
    if _is_stamped("bootstrap", lock) and UV.exists():
        return
    if not _has_venv():
        raise MissingProgram("The Python module venv (ensurepip)", _venv_packages())
    print("creating the virtual environment …", file=sys.stderr)
    run(sys.executable, "-m", "venv", "--clear", VENV)
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    run(PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "--only-binary=:all:", "-r", lock, env=quiet)
    _stamp("bootstrap", lock)


def install_packages(purpose: str) -> None:
    """Install the locked packages for ``purpose`` and the project itself, editable."""
    lock = ROOT / "requirements" / LOCKS[purpose]
    project = ROOT / "pyproject.toml"
    if _is_stamped("dev", ROOT / "requirements" / LOCKS["dev"], project) or _is_stamped(purpose, lock, project):
        return
    print("installing the locked packages …", file=sys.stderr)
    env = {**os.environ, "VIRTUAL_ENV": str(VENV), **_package_index()}
    run(UV, "pip", "install", "-q", "--require-hashes", "-r", lock, env=env, cwd=ROOT)
    run(UV, "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", ".", env=env, cwd=ROOT)
    _stamp(purpose, lock, project)


def _has_venv() -> bool:
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return True
    if not may_install():
        return False
    install(_venv_packages())
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _venv_packages() -> tuple[str, ...]:
    return (f"python{sys.version_info.major}.{sys.version_info.minor}-venv",)


def _package_index() -> dict[str, str]:
    """The mirror that pip is set to use, in uv's words, so that one setting serves both."""
    if {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & os.environ.keys():
        return {}
    asked = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    index = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    return {"UV_DEFAULT_INDEX": index} if index else {}


def _stamp(name: str, *sources: Path) -> None:
    (VENV / f".stamp-{name}").write_text(_digest(sources))


def _is_stamped(name: str, *sources: Path) -> bool:
    stamp = VENV / f".stamp-{name}"
    return stamp.exists() and PYTHON.exists() and stamp.read_text() == _digest(sources)


def _digest(sources: tuple[Path, ...]) -> str:
    # The place counts too: a virtual environment that was moved does not work.
    digest = hashlib.sha256(str(VENV).encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    purpose = sys.argv[1] if len(sys.argv) == 2 else ""
    if purpose not in LOCKS:
        raise SystemExit("usage: setup.py run|dev")
    main(purpose)
