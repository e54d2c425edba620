"""Canaries: each plants a violation in a copy of the source and expects the check to sing. No check may be mute."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture import plan, scan
from tests.architecture.stairs import ROOT


@dataclass(frozen=True)
class Planted:
    """A file of the copy, the text planted at its end, and what the check must say of it."""

    file: str
    text: str
    expected: str


# import-linter sees these, all planted at once: one look at the graph is enough for them.
IMPORTS = {
    "uphill": Planted("shixun/kernel/canary_a.py", "import shixun.ledger.apps", "shixun.kernel.canary_a"),
    "uphill inside a function": Planted(
        "shixun/people/canary_b.py", "def f():\n    from shixun.standing import apps", "shixun.people.canary_b"
    ),
    "uphill for types only": Planted(
        "shixun/people/canary_c.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shixun.policy import apps",
        "shixun.people.canary_c",
    ),
    "across one floor": Planted("shixun/roster/canary_d.py", "import shixun.policy.apps", "shixun.roster.canary_d"),
    "a room on no floor": Planted("shixun/annexe/__init__.py", "", "annexe"),
    "Django in the rulebook": Planted("rulebook/canary_e.py", "import django.db", "rulebook.canary_e"),
    "the platform in the rulebook": Planted(
        "rulebook/canary_f.py", "def f():\n    import shixun.kernel.apps", "rulebook.canary_f"
    ),
    "numpy in the core of the rulebook": Planted("rulebook/canary_g.py", "import numpy", "rulebook.canary_g"),
    "settings past django.conf": Planted(
        "shixun/portal/canary_h.py", "from config import settings", "shixun.portal.canary_h"
    ),
    "rows of the ledger": Planted(
        "shixun/standing/canary_i.py",
        "def f():\n    from shixun.ledger.models import Entry",
        "shixun.standing.canary_i",
    ),
    "views of another room": Planted(
        "shixun/portal/canary_j.py", "from shixun.people import views", "shixun.portal.canary_j -> shixun.people.views"
    ),
}
# These are seen by the scans, which read strings and templates.
SCANS: dict[str, tuple[Callable[[Path], list[str]], Planted]] = {
    "address": (scan.references_uphill, Planted("shixun/people/canary.py", "x = 'standing:mine'", "standing:mine")),
    "model by name": (scan.references_uphill, Planted("shixun/people/canary.py", "x = 'ledger.Entry'", "ledger.Entry")),
    "module by name": (
        scan.references_uphill,
        Planted("shixun/kernel/canary.py", "x = 'shixun.ledger.actions'", "shixun.ledger.actions"),
    ),
    "template link": (
        scan.references_uphill,
        Planted("shixun/people/templates/people/canary.html", "{% url 'standing:mine' pk=1 %}", "standing:mine"),
    ),
    "template include": (
        scan.references_uphill,
        Planted("shixun/people/templates/people/canary.html", '{% include "ledger/x.html" %}', "ledger/x.html"),
    ),
    "template tags": (
        scan.template_tags_uphill,
        Planted("shixun/people/templates/people/canary.html", "{% load l10n canary_tags %}", "load canary_tags"),
    ),
    "get_model": (
        scan.hidden_doors,
        Planted("shixun/people/canary.py", "from django.apps import apps\napps.get_model('x')", "get_model"),
    ),
    "model signal": (
        scan.hidden_doors,
        Planted("shixun/people/canary.py", "from django.db.models.signals import post_save", "post_save"),
    ),
    "import by name": (
        scan.hidden_doors,
        Planted("shixun/people/canary.py", "import importlib\nimportlib.import_module('x')", "import_module"),
    ),
    "slot that writes": (scan.slot_writers, Planted("shixun/people/apps.py", "\nx.objects.create(a=1)", "create")),
    "file outside the plan": (plan.strangers, Planted("shixun/people/canary.py", "", "people/canary")),
    "file that says nothing": (plan.strangers, Planted("rulebook/utils.py", "", "rulebook/utils.py")),
    "door without a sign": (plan.unsigned, Planted("shixun/surveys/__init__.py", "", "surveys")),
    "long file": (lambda src: plan.oversized([src]), Planted("shixun/people/canary.py", "\n" * 401, "401 lines")),
}


@pytest.fixture
def copied_source(tmp_path: Path) -> Path:
    keep = shutil.ignore_patterns("vendor", "__pycache__", "*.egg-info", "*.toml")
    return Path(shutil.copytree(ROOT / "src", tmp_path / "src", ignore=keep))


def _plant(src: Path, planted: Planted) -> None:
    path = src / planted.file
    path.parent.mkdir(parents=True, exist_ok=True)
    if planted.file.endswith(".py") and not (path.parent / "__init__.py").exists():
        (path.parent / "__init__.py").touch()
    with path.open("a", encoding="utf-8") as file:
        file.write(planted.text)


def _contracts_on(src: Path) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--no-cache",
        "--config",
        str(ROOT / ".importlinter"),
    ]
    environment = {**os.environ, "PYTHONPATH": f"{src}{os.pathsep}{ROOT}", "COLUMNS": "200"}
    return subprocess.run(command, cwd=src, env=environment, capture_output=True, text=True)


def test_the_contracts_sing_for_every_planted_import(copied_source: Path) -> None:
    for file in ("shixun/people/views.py", "shixun/ledger/models.py", "shixun/roster/__init__.py"):
        _plant(copied_source, Planted(file, "\n", ""))
    assert _contracts_on(copied_source).returncode == 0, "the copy itself must be clean, or the canaries prove nothing"
    for planted in IMPORTS.values():
        _plant(copied_source, planted)
    done = _contracts_on(copied_source)
    mute = [name for name, planted in IMPORTS.items() if planted.expected not in done.stdout]
    assert (done.returncode, mute) == (1, []), done.stdout


@pytest.mark.parametrize("name", SCANS)
def test_a_scan_sings(name: str, copied_source: Path) -> None:
    check, planted = SCANS[name]
    before = check(copied_source)
    if name == "template tags":
        _plant(copied_source, Planted("shixun/standing/templatetags/canary_tags.py", "", ""))
    _plant(copied_source, planted)
    found = [finding for finding in check(copied_source) if finding not in before]
    assert [finding for finding in found if planted.expected in finding] != []
