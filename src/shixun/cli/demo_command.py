"""Build the demo region: a city with its districts, schools, teachers and their credits, and a second small region.

The same call builds the same region. The demo's clock starts on --today and runs on from there. The rows of the logs
get their numbers from the worker, within two minutes of the first start of the site, or by ``shixun heads sign``.
"""

import argparse
import sys
import time
from datetime import date
from typing import NoReturn

from tqdm import tqdm

from shixun.cli import site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--small", action="store_true", help="a few schools and teachers only, for trials and tests")
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the day on which the demo's clock starts (default: SHIXUN_DEMO_STARTS_AT)",
    )


def run(args: argparse.Namespace) -> int:
    site.set_up()
    from shixun.demo.build import build_region
    from shixun.kernel.refusals import Refusal

    began = time.monotonic()
    try:
        with tqdm(desc="building the demo region", total=1, unit="", file=sys.stderr, disable=None) as bar:
            build_region(small=args.small, today=args.today, progress=lambda done, total: _advance(bar, done, total))
    except Refusal as refusal:
        print(f"{refusal.sentence}{refusal.basis}{refusal.who_can}", file=sys.stderr)
        return 2
    print(f"the demo region is built ({time.monotonic() - began:.0f} s)", file=sys.stderr)
    return 0


def _advance(bar: "tqdm[NoReturn]", done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
