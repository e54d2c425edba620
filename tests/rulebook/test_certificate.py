"""The proof that comes with a standing (credit-engine §6): accepted as written, refused when one number is changed."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from rulebook.facts import EntryFacts, PersonFacts
from rulebook.parameters import NO_CHOICES
from rulebook.standing import checker
from rulebook.standing.batch import columns_of
from rulebook.standing.files.writing import Question, line_of
from tests.rulebook.credits import END, POLICY, complete_teacher, entry, teacher
from tests.rulebook.population import DAYS, teachers

CHECKER = Path(checker.__file__)


def line(person: PersonFacts, entries: list[EntryFacts]) -> dict[str, Any]:
    """An output line as a reader of the file gets it."""
    made = line_of(Question(POLICY, [], columns_of([]), END, NO_CHOICES), person, entries)
    parsed: dict[str, Any] = json.loads(json.dumps(made, ensure_ascii=False))
    return parsed


HALF = line(
    teacher("teacher", "college_head", "middle_manager"),
    [
        entry("school/knowledge", 10),
        entry("district/ethics", 5),
        entry("school/ethics", 5),
        entry("city/knowledge", 10),
        entry("city/ethics", 9, "middle_manager"),
    ],
)
LINES = {
    "half-integral": HALF,
    "met, with moves": line(teacher(), [*complete_teacher()[:3], entry("city/ethics", 2), *complete_teacher()[4:]]),
    "nothing yet": line(teacher("teacher", "senior"), []),
    "degree and released": line(
        teacher("pd_school", released=True),
        [entry("degree", 7), entry("school/ethics", 12.34), entry("national/knowledge", 5)],
    ),
}
Path_ = tuple[Any, ...]


def numbers(value: Any, at: Path_ = ()) -> Iterator[Path_]:
    """Where every amount of the verdict, the requirements and the certificate stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("person", "policy", "on", "article", "id", "moves", "yearly"):
                yield from numbers(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from numbers(inner, (*at, index))
    elif isinstance(value, str) and not value.strip("0123456789./-"):
        yield at


def changed(original: dict[str, Any], at: Path_, by: Fraction) -> dict[str, Any]:
    copy = deepcopy(original)
    inside = copy
    for key in at[:-1]:
        inside = inside[key]
    inside[at[-1]] = str(Fraction(inside[at[-1]]) + by)
    return copy


def kind_of(at: Path_) -> str:
    """Which sort of number stands there: ``requirements: short``, ``supply: credits``, ``weights`` …"""
    if at[0] != "certificate":
        return f"{at[0]}: {at[-1]}" if len(at) > 1 else str(at[0])
    if at[1] == "dual":
        return "weights"
    return f"{at[2]}: {at[4]}" if at[2] == "supply" else f"proof: {at[2]}"


PLACES: dict[tuple[str, str], list[Path_]] = {}
for _name, _line in LINES.items():
    for _at in numbers(_line):
        PLACES.setdefault((_name, kind_of(_at)), []).append(_at)
STEPS = (Fraction(1, 100), Fraction(-1, 100), Fraction(3), Fraction(-1, 2))


def test_every_sort_of_number_is_changed() -> None:
    assert {kind for _, kind in PLACES} == {
        "shortfall", "requirements: need", "requirements: counted", "requirements: short", "proof: needs",
        "supply: credits", "supply: counted_in", "proof: new", "proof: shortfall", "weights",
    }  # fmt: skip
    assert sum(map(len, PLACES.values())) > 200


@pytest.mark.parametrize("name", LINES)
def test_a_true_certificate_passes(name: str) -> None:
    assert checker.problems(LINES[name]) == []


@pytest.mark.parametrize(("name", "kind"), PLACES, ids=[" · ".join(pair) for pair in PLACES])
def test_one_changed_number_is_refused(name: str, kind: str) -> None:
    believed = [
        ("/".join(map(str, at)), str(by))
        for at in PLACES[name, kind]
        for by in STEPS
        if not checker.problems(changed(LINES[name], at, by))
    ]
    assert believed == []


@pytest.mark.parametrize("name", LINES)
def test_a_changed_verdict_is_refused(name: str) -> None:
    copy = deepcopy(LINES[name])
    copy["met"] = not copy["met"]
    assert checker.problems(copy) != []


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("part", ["allocation", "dual"])
def test_a_missing_half_of_the_proof_is_refused(name: str, part: str) -> None:
    copy = deepcopy(LINES[name])
    del copy["certificate"][part]
    assert checker.problems(copy) != []


def test_a_credit_counted_where_it_may_not_is_refused() -> None:
    copy = deepcopy(HALF)
    supply = copy["certificate"]["allocation"]["supply"]
    supply["school/knowledge"]["counted_in"] = {"city/knowledge": "10.00"}
    assert any("may not count" in text for text in checker.problems(copy))


def test_new_credits_that_serve_something_else_are_refused() -> None:
    """The sums still meet; what is short is not reached."""
    copy = deepcopy(HALF)
    allocation = copy["certificate"]["allocation"]
    total = sum(map(Fraction, allocation["new"].values()))
    allocation["new"] = {"school/knowledge": str(total)}
    assert any("is reached" in text for text in checker.problems(copy))


def test_a_new_credit_where_none_can_be_earned_is_refused() -> None:
    copy = deepcopy(HALF)
    allocation = copy["certificate"]["allocation"]
    place, amount = allocation["new"].popitem()
    allocation["new"]["moon/knowledge"] = amount
    allocation["places"]["moon/knowledge"] = allocation["places"][place]
    assert any("none can be earned" in text for text in checker.problems(copy))


def test_weights_that_count_a_new_credit_twice_are_refused() -> None:
    """A dual that is not feasible proves any lack one likes."""
    copy = deepcopy(HALF)
    copy["certificate"]["dual"]["requirements"] = dict.fromkeys(copy["certificate"]["allocation"]["needs"], "1")
    assert any("more than one" in text for text in checker.problems(copy))


def test_the_certificates_of_random_teachers_pass() -> None:
    question = Question(POLICY, [], columns_of([]), DAYS[0], NO_CHOICES)
    for one in teachers(77, 150):
        assert checker.problems(line_of(question, one.person, one.entries)) == [], one


def test_the_checker_imports_nothing_of_the_engine() -> None:
    tree = ast.parse(CHECKER.read_text("utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= set(sys.stdlib_module_names)
    dynamic = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & {"__import__", "eval", "exec"}
    assert dynamic == set()
    assert len(CHECKER.read_text("utf-8").splitlines()) <= 90


def test_the_checker_runs_alone(tmp_path: Path) -> None:
    """Copied away from the repository it still verifies a file, and names the line that is not proven."""
    alone = tmp_path / "checker.py"
    alone.write_bytes(CHECKER.read_bytes())
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text("\n".join(json.dumps(one) for one in LINES.values()), "utf-8")
    bad.write_text(json.dumps({**HALF, "person": "T9", "shortfall": "20.00"}), "utf-8")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    call = [sys.executable, "-I", alone]
    results = [
        subprocess.run([*call, path], capture_output=True, text=True, env=environment, check=False)
        for path in (good, bad)
    ]
    assert [result.returncode for result in results] == [0, 1]
    assert results[1].stderr.startswith("T9: ")
