"""Every door of the rulebook opens first: no module needs another to have been imported before it."""

import subprocess
import sys

import pytest

DOORS = ("rulebook.parameters", "rulebook.policy", "rulebook.profiles", "rulebook.conversion", "rulebook.standing")


@pytest.mark.parametrize("door", DOORS)
def test_a_door_opens_first(door: str) -> None:
    done = subprocess.run([sys.executable, "-c", f"import {door}"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_core_brings_neither_numpy_nor_django() -> None:
    """One person's standing needs Python alone."""
    code = "import sys, rulebook.standing; print(sorted({'numpy', 'numba', 'django', 'pyarrow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
