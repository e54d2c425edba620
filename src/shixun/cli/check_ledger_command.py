"""Examine the credit bank by its named checks, over every account and entry.

With --heads the logs are compared as well with a file of signed heads that was exported before and kept elsewhere: what
was rewritten since then is found even where everything here agrees.

Prints one line for each check and, under it, what was found. Exit code 0: the book is sound; 1: something is wrong.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from shixun.cli import site

if TYPE_CHECKING:
    from shixun.ledger.checks import CheckResult


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line for each check, for other programs")
    parser.add_argument("--heads", type=Path, metavar="FILE", help="signed heads kept elsewhere (shixun heads export)")


def run(args: argparse.Namespace) -> int:
    try:
        kept = args.heads.read_text("utf-8") if args.heads else ""
    except (OSError, UnicodeDecodeError) as error:
        print(f"shixun check-ledger: {args.heads} cannot be read: {error}", file=sys.stderr)
        return 2
    site.set_up()
    began, sound = time.monotonic(), True
    for result in _results(kept):
        sound &= result.ok
        _tell(result, as_json=args.json)
    verdict = "the book is sound" if sound else "the book is NOT sound"
    print(f"{verdict} ({time.monotonic() - began:.1f} s)", file=sys.stderr)
    return 0 if sound else 1


def _results(kept: str) -> "Iterator[CheckResult]":
    from shixun.kernel.chronicle.heads import read_heads
    from shixun.ledger.checks import heads_result, run_checks

    yield from run_checks()
    if kept:
        yield heads_result(read_heads(kept))


def _tell(result: "CheckResult", *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(result) | {"ok": result.ok}, ensure_ascii=False), flush=True)
        return
    print(f"{'ok   ' if result.ok else 'WRONG'} {result.name}: {result.sentence}", flush=True)
    for finding in result.findings:
        print(f"      {finding}")
    if result.found > len(result.findings):
        print(f"      … and {result.found - len(result.findings)} more")
