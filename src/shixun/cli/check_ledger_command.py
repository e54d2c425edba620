"""Examine the credit bank by its named checks, over every account and entry.

Prints one line for each check and, under it, what was found. Exit code 0: the book is sound; 1: something is wrong.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from shixun.cli import site

if TYPE_CHECKING:
    from shixun.ledger.checks import CheckResult


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each check, for other programs")


def run(args: argparse.Namespace) -> int:
    site.set_up()
    from shixun.ledger.checks import run_checks

    began, sound = time.monotonic(), True
    for result in run_checks():
        sound &= result.ok
        _tell(result, as_json=args.json)
    verdict = "the book is sound" if sound else "the book is NOT sound"
    print(f"{verdict} ({time.monotonic() - began:.1f} s)", file=sys.stderr)
    return 0 if sound else 1


def _tell(result: "CheckResult", *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(result) | {"ok": result.ok}, ensure_ascii=False), flush=True)
        return
    print(f"{'ok   ' if result.ok else 'WRONG'} {result.name}: {result.sentence}", flush=True)
    for finding in result.findings:
        print(f"      {finding}")
    if result.found > len(result.findings):
        print(f"      … and {result.found - len(result.findings)} more")
