"""The import contracts hold, and the rulebook runs where nothing but Python is installed."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.stairs import ROOT


def test_the_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr


def test_the_rulebook_needs_no_package() -> None:
    """``-S`` leaves out every installed package, so an import of one would fail."""
    code = "import rulebook.facts, rulebook.policy, rulebook.profiles, rulebook.parameters, rulebook.standing"
    paths = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); "
    done = subprocess.run([sys.executable, "-I", "-S", "-c", paths + code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
