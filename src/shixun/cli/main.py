"""The entry point ``shixun``: finds the command, reads its arguments, runs it.

Exit codes: 0 done, 1 the command found something wrong or failed, 2 the call or its input cannot be used.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

COMMANDS = {
    "standing": "each teacher's standing, from a file of people and one of entries",
    "facts": "write what the credit bank holds of a place as files for standing",
    "policy": "check a policy folder, show a policy, print an article with its rule",
    "serve": "start the site: web, worker and minute tick under one supervisor",
    "prepare": "bring the database and the static files up to date",
    "demo": "build the demo region",
    "check-ledger": "examine the credit bank by its named checks",
    "heads": "signed heads of the logs: number, sign, export, prove, check a kept file, rotate the key",
    "verify": "check a paper by its PDF, its QR or its number, also without this installation",
    "check-standing": "compare the stored standings with the single computation",
    "manage": "Django's own commands (shixun manage help)",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; ``argv`` without the program's name."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help", "help"}:
        print(_overview())
        return 0 if words else 2
    name, rest = words[0], words[1:]
    if name not in COMMANDS:
        print(f"shixun: there is no command {name!r}.\n\n{_overview()}", file=sys.stderr)
        return 2
    try:
        return _run(name, rest)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone; a second complaint at exit would tell nobody anything.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(name: str, words: list[str]) -> int:
    command = importlib.import_module(f"shixun.cli.{name.replace('-', '_')}_command")
    if name == "manage":
        return int(command.run(words))
    parser = argparse.ArgumentParser(
        prog=f"shixun {name}",
        description=command.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_arguments(parser)
    return int(command.run(parser.parse_args(words)))


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {summary}" for name, summary in COMMANDS.items()]
    return "\n".join(
        [
            "usage: shixun COMMAND [options]     (shixun COMMAND --help tells more)",
            "",
            "师训: the in-service training of a region's teachers and their credit bank.",
            "",
            *lines,
            "",
            "exit codes: 0 done, 1 something is wrong or failed, 2 the call or its input cannot be used",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main())
