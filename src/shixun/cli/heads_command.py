"""Signed heads of the append-only logs (credit bank, audit trail, papers).

shixun heads sign                     number what is new and sign the heads of today
shixun heads export [FILE]            all keys and heads, one JSON object a line; keep it where we cannot reach it
shixun heads check FILE               compare a kept file with the logs (exit 1: the logs were rewritten)
shixun heads prove LOG EARLIER LATER  the proof that the log of the later size begins with that of the earlier size
shixun heads rotate                   make a new signing key, vouched for by the present one
"""

import argparse
import json
import sys
from pathlib import Path

from shixun.cli import site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("sign", help="number what is new and sign the heads of today")
    export = actions.add_parser("export", help="write all keys and heads")
    export.add_argument("file", nargs="?", type=Path, help="where to; the screen if it is left out")
    check = actions.add_parser("check", help="compare a kept file with the logs")
    check.add_argument("file", type=Path)
    prove = actions.add_parser("prove", help="that a log only grew between two sizes")
    prove.add_argument("log")
    prove.add_argument("earlier", type=int)
    prove.add_argument("later", type=int)
    actions.add_parser("rotate", help="make a new signing key")


def run(args: argparse.Namespace) -> int:
    """0 done, 1 the logs do not agree with the file, 2 the call cannot be used."""
    site.set_up()
    from shixun.kernel.chronicle.keys import BadSecrets

    try:
        return {"sign": _sign, "export": _export, "check": _check, "prove": _prove, "rotate": _rotate}[args.action](
            args
        )
    except (OSError, ValueError, KeyError, BadSecrets) as error:
        print(f"shixun heads: {error}", file=sys.stderr)
        return 2


def _sign(args: argparse.Namespace) -> int:
    from shixun.kernel import clock
    from shixun.kernel.chronicle.heads import sign_daily_heads
    from shixun.kernel.chronicle.logs import log_sources
    from shixun.kernel.chronicle.tree import size_of

    made = {head.log for head in sign_daily_heads(at=clock.now())}
    for source in log_sources():
        words = "head of today signed" if source.name in made else "today's head was signed before"
        print(f"{source.name}: {size_of(source.name)} rows numbered, {words}")
    return 0


def _export(args: argparse.Namespace) -> int:
    from shixun.kernel.chronicle.heads import exported_lines

    text = "".join(f"{line}\n" for line in exported_lines())
    if args.file:
        args.file.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


def _check(args: argparse.Namespace) -> int:
    from shixun.kernel.chronicle.checks import kept_heads_unlike_ours
    from shixun.kernel.chronicle.heads import read_heads

    file = read_heads(args.file.read_text("utf-8"))
    findings = list(kept_heads_unlike_ours(file))
    for finding in findings:
        print(finding)
    verdict = "the logs do NOT agree with the file" if findings else "the logs begin with what the file tells"
    print(f"{len(file.heads)} heads compared: {verdict}", file=sys.stderr)
    return 1 if findings else 0


def _prove(args: argparse.Namespace) -> int:
    from shixun.kernel.chronicle.heads import consistency_told

    print(json.dumps(consistency_told(args.log, args.earlier, args.later), indent=1))
    return 0


def _rotate(args: argparse.Namespace) -> int:
    from shixun.kernel import clock
    from shixun.kernel.chronicle.keys import rotate, signing_key

    made = rotate()
    signing_key(clock.now())
    print(f"key {made} signs from now on; export the heads again, so that whoever keeps them learns of it")
    return 0
