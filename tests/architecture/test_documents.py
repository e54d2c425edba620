"""The documents tell the truth, and the repository tells of no one machine."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture import documents
from tests.architecture.stairs import ROOT, floors

OURS = Path(__file__)


def test_no_link_is_broken() -> None:
    assert documents.broken_links(ROOT) == []


def test_every_journey_is_proven() -> None:
    assert documents.unproven_journeys(ROOT) == []


def test_nothing_tells_of_one_machine() -> None:
    files = [path for path in documents.committed_files(ROOT) if path.parent != OURS.parent]
    assert documents.traces_of_a_machine(ROOT, files) == []


def test_every_decision_is_short() -> None:
    lengths = {
        path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in ROOT.glob("docs/decisions/*.md")
    }
    assert {name: lines for name, lines in lengths.items() if lines > 60} == {}


def test_every_room_is_in_the_architecture() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    built = sorted(path.name for path in (ROOT / "src" / "shixun").iterdir() if path.name in floors())
    assert [room for room in built if f"`{room}`" not in text] == []


def test_every_registry_is_in_the_architecture() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    made: set[str] = set()
    for path in (ROOT / "src" / "shixun" / "kernel").glob("*.py"):
        made |= {f"{path.stem}.{name}" for name in re.findall(r"^def (register_\w+)", path.read_text("utf-8"), re.M)}
    assert [name for name in sorted(made) if f"`kernel.{name}`" not in text] == []


def test_every_setting_is_in_the_operations_guide() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    named: set[str] = set()
    for path in [*(ROOT / "src" / "config").glob("*.py"), *(ROOT / "src" / "shixun" / "cli").glob("*.py")]:
        named |= set(re.findall(r"\bSHIXUN_[A-Z_]+\b", path.read_text(encoding="utf-8")))
    assert [name for name in sorted(named) if f"`{name}`" not in text] == []


def test_every_model_has_its_noun_in_the_glossary() -> None:
    """The head noun of a model, the last word of its name, is a term of the glossary."""
    terms = set(re.findall(r"[A-Za-z]+", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")))
    ours = [model for model in apps.get_models() if model.__module__.startswith("shixun.")]
    heads = {model.__name__: re.findall(r"[A-Z][a-z]*", model.__name__)[-1] for model in ours}
    assert {name: head for name, head in heads.items() if not {head, head.lower()} & terms} == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # Written apart, so that this file itself leaves no trace.
        ("see /ro" + "ot/x.py", "/ro" + "ot/x.py"),
        ("in /wo" + "rk/main", "/wo" + "rk/main"),
        ("https://files.pythonhos" + "ted.org/a", "pythonhos" + "ted.org"),
    ],
)
def test_the_canary_of_the_machine_sings(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    assert documents.traces_of_a_machine(tmp_path, [tmp_path / "a.md"]) == [f"a.md: {said}"]


def test_the_canary_of_the_journeys_sings(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text('def test_one() -> None:\n    """PR-01."""\n', encoding="utf-8")
    rows = ["| a | `tests/test_a.py::test_one` | PR-01, PR-02 |", "| b | `tests/test_a.py::test_two` | PR-01 |"]
    (tmp_path / "docs" / "journeys.md").write_text("\n".join([*rows, "| c | later | PR-03 |"]), encoding="utf-8")
    found = documents.unproven_journeys(tmp_path)
    assert [line.split(" of: ")[0] for line in found] == [
        "PR-02 is named by no test",
        "tests/test_a.py::test_two is not there",
        "PR-01 is named by no test",
        "no test in: | c | later | PR-03 |",
        "PR-03 is named by no test",
    ]
