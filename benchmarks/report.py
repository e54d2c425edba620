"""What was measured, as a table beside the goals; and the checks that a run must pass to be one."""

import os
import platform
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
Turns = list[dict[str, Any]]


def machine() -> dict[str, str]:
    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    load = os.getloadavg()[0]
    return {
        "on": date.today().isoformat(),
        "cores": str(os.cpu_count()),
        "processor": model or platform.processor(),
        "memory": f"{memory / 2**20:.0f} GB",
        "python": platform.python_version(),
        "load_before": f"{load:.1f}",
    }


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []


def middle(turns: Turns, what: str = "wall") -> float:
    return median(turn[what] for turn in turns)


def shown(turns: Turns) -> str:
    """Median, and from the fastest to the slowest; processor time behind."""
    walls = sorted(turn["wall"] for turn in turns)
    return f"{middle(turns):.3f} s ({walls[0]:.3f}–{walls[-1]:.3f}; CPU {middle(turns, 'cpu'):.3f})"


def _row(number: str, goal: str, figure: str, reached: bool) -> str:
    return f"| {number} | {goal} | {figure} | {'reached' if reached else '**missed**'} |"


def _goal(number: str, goal: str, times: tuple[float, str], least: float) -> str:
    return _row(number, goal, times[1], times[0] >= least)


def _times_of(ratio: float) -> tuple[float, str]:
    return ratio, f"{ratio:.1f} ×"


def table(results: dict[str, Any]) -> str:
    return "\n".join([*_heading(results), *_goals(results), "", *_agreement(results), "", *_times(results)])


def _heading(results: dict[str, Any]) -> list[str]:
    where = results["machine"]
    return [
        f"Measured on {where['on']}: {where['cores']} cores of {where['processor']}, {where['memory']}, Python "
        f"{where['python']}; load before the run {where['load_before']}; {results['minutes']} minutes in all.",
        "",
        "| # | goal | measured | |",
        "|---|---|---|---|",
    ]


def _goals(results: dict[str, Any]) -> list[str]:
    small, large = results["small"], results["large"]
    once = middle(small["verdicts"])
    build, compute = middle(small["openfisca_build"]), middle(small["openfisca_compute"])
    million = middle(large["verdicts"])
    ahead = {name: middle(large[name]) / million for name in ("duckdb", "polars", "postgres")}
    reads, memory = million / middle(large["read"]), large["peak"] / large["bytes"]
    exact, page = results["exactness"], results["page"]
    wrong = exact["differ_table"] + exact["differ_single"] + exact["refused"]
    fresh, again = middle(large["new_policy"]), middle(large["again"])
    met = f"{wrong} of {exact['people']} people, {exact['policies']} random policies"
    alone, whole = page["explained_ms"], page["response_ms"]
    return [
        _goal("G1", "≥ 100 × OpenFisca-core with its population build", _times_of((build + compute) / once), 100),
        _goal("G1", "≥ 20 × its computation alone", _times_of(compute / once), 20),
        _row("G2", "no mismatch with an independent program, every certificate proven", met, not wrong),
        _goal("G3", "≥ 10 × DuckDB's sums alone", _times_of(ahead["duckdb"]), 10),
        _goal("G3", "≥ 10 × Polars' sums alone", _times_of(ahead["polars"]), 10),
        _goal("G3", "≥ 150 × PostgreSQL's GROUP BY", _times_of(ahead["postgres"]), 150),
        _row("G4", "≤ 25 × one read of the columns (stretch 10 ×)", f"{reads:.1f} ×", reads <= 25),
        _row("G5", "peak memory ≤ 1.5 × the columns", f"{memory:.2f} ×, the interpreter included", memory <= 1.5),
        _row("G6", "new policy version → exact tables in ≤ 30 s", f"{fresh:.1f} s, everybody judged", fresh <= 30),
        _row("G6", "one million again from kept sums in ≤ 0.5 s", f"{again:.3f} s", again <= 0.5),
        _row("G7", "one person, from rows to the explained answer: < 20 ms", f"{alone:.1f} ms", alone < 20),
        _row("G7", "the same with sign-in, frame and HTML", f"{whole:.0f} ms", whole < 20),
    ]


def _agreement(results: dict[str, Any]) -> list[str]:
    agree, small = results["small"]["agree"], results["small"]
    return [
        f"Of {small['teachers']:,} teachers OpenFisca finds {agree['met_without_offset']:,} who meet everything "
        f"without an offset (its verdict differs from plain addition for {agree['openfisca_differs']}); with the best "
        f"offsets {agree['met']:,} do. {agree['programs']:,} of them solved one by one: {agree['programs_differ']} "
        f"shortfalls differ. The sums of DuckDB, Polars and PostgreSQL "
        f"{'are the same' if results['large']['sums_agree'] else 'DIFFER'}.",
    ]


def _times(results: dict[str, Any]) -> list[str]:
    small, large = results["small"], results["large"]
    each = middle(small["one_lp_each"]) / small["sample"] * 1000
    rows = [
        (f"ours, {small['teachers']:,} × 60: verdict, shortfall, reason", shown(small["verdicts"])),
        ("OpenFisca-core: population build", shown(small["openfisca_build"])),
        ("OpenFisca-core: verdict without offsets", shown(small["openfisca_compute"])),
        (f"HiGHS, {small['sample']:,} warm programs", f"{shown(small['one_lp_each'])}; {each:.3f} ms each"),
        (f"ours, {large['teachers']:,} × 60: verdict, shortfall, reason", shown(large["verdicts"])),
        ("ours, the first time, tables made and code compiled", shown(large["cold"])),
        ("one read of the columns", shown(large["read"])),
        ("ours, from kept sums", shown(large["again"])),
        ("DuckDB, sums alone", shown(large["duckdb"])),
        ("Polars, sums alone", shown(large["polars"])),
        ("PostgreSQL, sums alone (its processor time is the server's)", shown(large["postgres"])),
        ("columns", f"{large['bytes'] / 1e6:.0f} MB; peak of our process {large['peak'] / 1e6:.0f} MB"),
    ]
    return ["| what | median (fastest–slowest) |", "|---|---|", *(f"| {name} | {figure} |" for name, figure in rows)]


def write(readme: Path, text: str) -> None:
    """Put the table between its marks."""
    before, _, rest = readme.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")


def check(results: dict[str, Any]) -> None:
    """A run whose contestants do not agree has measured nothing."""
    agree, exact = results["small"]["agree"], results["exactness"]
    wrong = {
        "OpenFisca's verdicts": agree["openfisca_differs"],
        "met without offset, but not with": agree["met_by_openfisca_only"],
        "programs": agree["programs_differ"],
        "sums": int(not results["large"]["sums_agree"]),
        "tables": exact["differ_table"],
        "single computations": exact["differ_single"],
        "certificates": exact["refused"],
    }
    if any(wrong.values()):
        raise SystemExit(f"the contestants differ: { ({what: count for what, count in wrong.items() if count}) }")
