"""Every measurement of credit-engine §8 in one interleaved run: ``python benchmarks/run.py [--quick]``.

Contestants are processes of their own. They prepare one after another, then take turns, so that whatever else the
machine does falls on all alike. Writes ``results.json`` and the table in ``README.md``; ``--quick`` writes neither.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "scripts")]

import plan  # noqa: E402
import population  # noqa: E402
import report  # noqa: E402
from private_postgres import private_cluster  # noqa: E402

VENV = HERE / ".venv"
OTHERS = VENV / "bin" / "python"
DATA = HERE / "data"


class Worker:
    """A contestant: say a name, get what it took."""

    def __init__(self, python: Path | str, *words: object, **more: str) -> None:
        path = os.pathsep.join([str(HERE), str(ROOT / "src"), str(ROOT)])
        environment = {**os.environ, "PYTHONPATH": path, **more}
        command = [str(python), *map(str, words)]
        self.process = subprocess.Popen(  # noqa: S603 - our own scripts
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=HERE
        )

    def ask(self, name: str) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"a contestant ended at {name!r}: {self.process.args}")
        return dict(json.loads(answer))

    def end(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


@contextmanager
def workers(**asked: Worker) -> Iterator[dict[str, Worker]]:
    try:
        yield asked
    finally:
        for worker in asked.values():
            worker.end()


def prepare_environment() -> None:
    """The other engines in a virtual environment of their own, from their own lock."""
    stamp, lock = VENV / "stamp", HERE / "requirements.lock"
    if stamp.exists() and stamp.read_text() == lock.read_text():
        return
    print("installing what is compared with …", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)  # noqa: S603
    pip = [OTHERS, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "--only-binary=:all:", "-r", lock], check=True)  # noqa: S603
    stamp.write_text(lock.read_text())


def turns(repeat: int, asked: list[tuple[str, Worker, str]]) -> dict[str, list[dict[str, Any]]]:
    """Everybody once, and again: label → each turn."""
    told: dict[str, list[dict[str, Any]]] = {label: [] for label, _, _ in asked}
    for _ in range(repeat):
        for label, worker, name in asked:
            told[label].append(worker.ask(name))
    return told


def against_openfisca(teachers: int, sample: int, repeat: int) -> dict[str, Any]:
    """G1 and part of G2: the same population, and one program each for some of it."""
    folder = population.ensure(teachers, DATA)
    (folder / "rules.json").write_text(json.dumps(plan.rules_for_openfisca()))
    with workers(
        ours=Worker(sys.executable, "ours.py", folder),
        openfisca=Worker(OTHERS, "openfisca_model.py", folder),
        each=Worker(sys.executable, "one_lp_each.py", folder, sample),
    ) as found:
        first = found["ours"].ask("verdicts")
        told = turns(
            repeat,
            [
                ("verdicts", found["ours"], "verdicts"),
                ("openfisca_build", found["openfisca"], "build"),
                ("openfisca_compute", found["openfisca"], "compute"),
                ("one_lp_each", found["each"], "solve"),
            ],
        )
        for worker in found.values():
            worker.ask("write")
    return {"teachers": teachers, "sample": sample, "first": first, **told, "agree": _agree(folder)}


def _agree(folder: Path) -> dict[str, int]:
    """The same verdicts in the same run: who meets all without an offset, and the shortfall of every program solved."""
    shortfall, plain = np.load(folder / "ours-shortfall.npy"), np.load(folder / "openfisca-met.npy")
    each, without = np.load(folder / "one-lp-each.npy"), plan.met_without_offset(folder)
    return {
        "openfisca_differs": int((plain != without).sum()),
        "met_without_offset": int(plain.sum()),
        "met": int((shortfall == 0).sum()),
        "met_by_openfisca_only": int((plain & (shortfall > 0)).sum()),
        "programs": len(each),
        "programs_differ": int((each != shortfall[: len(each)]).sum()),
    }


def against_sums(teachers: int, repeat: int) -> dict[str, Any]:
    """G3 to G6: one million, sums alone for the others."""
    folder = population.ensure(teachers, DATA)
    with (
        private_cluster() as address,
        workers(
            ours=Worker(sys.executable, "ours.py", folder),
            duckdb=Worker(OTHERS, "sums.py", "duckdb", folder),
            polars=Worker(OTHERS, "sums.py", "polars", folder),
            postgres=Worker(sys.executable, "sums.py", "postgres", folder, SHIXUN_DATABASE_URL=address),
        ) as found,
    ):
        ours = found["ours"]
        size, read = ours.ask("size")["value"], ours.ask("read")
        cold = [ours.ask("verdicts")]
        told = turns(
            repeat,
            [
                ("verdicts", ours, "verdicts"),
                ("read", ours, "read"),
                ("duckdb", found["duckdb"], "sums"),
                ("polars", found["polars"], "sums"),
            ],
        )
        told["postgres"] = [found["postgres"].ask("sums")]
        told["verdicts"].append(ours.ask("verdicts"))
        told["postgres"].append(found["postgres"].ask("sums"))
        peak = ours.ask("size")["peak"]
        ours.ask("keep")
        ours.ask("again")
        told["again"] = [ours.ask("again") for _ in range(repeat)]
        ours.ask("forget")
        told["new_policy"] = [ours.ask("again")]
    totals = {str(told[name][0]["value"]) for name in ("duckdb", "polars", "postgres")}
    agree = {"sums_agree": len(totals) == 1}
    return {"teachers": teachers, "bytes": size, "first_read": read, "cold": cold, "peak": peak, **told, **agree}


def own_scripts(policies: int, people: int, pages: int) -> dict[str, Any]:
    """G2 and G7, each in a process of its own."""
    return {
        "exactness": _one("exactness.py", policies, people),
        "page": _one("page.py", pages),
    }


def _one(*words: object) -> Any:
    path = os.pathsep.join([str(HERE), str(ROOT / "src"), str(ROOT)])
    done = subprocess.run(  # noqa: S603 - our own scripts
        [sys.executable, *map(str, words)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": path},
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, nothing written: does it all run?")
    quick = parser.parse_args().quick
    began = time.monotonic()
    prepare_environment()
    results = {
        "machine": report.machine(),
        "large": against_sums(20_000 if quick else 1_000_000, 2 if quick else 5),
        "small": against_openfisca(4_000 if quick else 200_000, 200 if quick else 10_000, 2 if quick else 5),
        **own_scripts(*((5, 100, 3) if quick else (100, 10_000, 30))),
    }
    results["minutes"] = round((time.monotonic() - began) / 60, 1)
    text = report.table(results)
    print(text)
    if not quick:
        (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n")
        report.write(HERE / "README.md", text)
    report.check(results)


if __name__ == "__main__":
    main()
