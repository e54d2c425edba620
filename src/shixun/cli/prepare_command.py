"""Bring the database and the static files up to date: migrations, the shared cache table, collected static files,
and the compiled part of the rulebook.

With --demo the demo region is built as well, if the database has no organisation yet. Safe to run at any time.
"""

import argparse
import sys
import time

from shixun.cli import site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="build the demo region when the database is empty")


def run(args: argparse.Namespace) -> int:
    site.set_up()
    from django.core.management import call_command

    from rulebook.standing.batch.compiling import compile_now

    began = time.monotonic()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    compile_now()
    print(f"database and static files are up to date ({time.monotonic() - began:.0f} s)", file=sys.stderr)
    return _build_demo() if args.demo and _is_empty() else 0


def _is_empty() -> bool:
    from shixun.people.models import Organisation

    return not Organisation.objects.exists()


def _build_demo() -> int:
    from shixun.cli import demo_command

    parser = argparse.ArgumentParser()
    demo_command.add_arguments(parser)
    return demo_command.run(parser.parse_args([]))
