"""Compare stored standings with the single computation, person by person.

Takes a sample unless --all is given, each person as of the day her standing was stored for. Prints one line for each
account that differs, and for each sum of a place (the figures of the map) that is not the sum of what is stored. Exit
code 0: all agree; 1: some differ.
"""

import argparse
import sys
import time

from shixun.cli import site

SAMPLES = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="everybody, not only a sample")
    parser.add_argument("--samples", type=int, default=SAMPLES, metavar="N", help=f"how many persons ({SAMPLES})")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="which sample; the same number, the same one")


def run(args: argparse.Namespace) -> int:
    site.set_up()
    from shixun.kernel import clock
    from shixun.standing.queries import differences_of, differing_sums, is_behind, persons_to_check

    began, found = time.monotonic(), 0
    today = clock.today()
    persons = persons_to_check(today, samples=None if args.all else args.samples, seed=args.seed)
    for difference in differences_of(persons, today):
        found += 1
        print(difference, flush=True)
    sums = differing_sums()
    for path, kind, requirement in sums:
        print(f"{path} {kind} {requirement}: the sum of this place is not the sum of its gaps")
    if is_behind():
        print("something has happened since the standings were stored; the worker will follow", file=sys.stderr)
    seconds = time.monotonic() - began
    print(
        f"{len(persons)} persons compared, {found} accounts and {len(sums)} sums differ ({seconds:.1f} s)",
        file=sys.stderr,
    )
    return 1 if found or sums else 0
