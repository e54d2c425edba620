"""The log with proof: how long it takes to number entries, to sign, to prove, to check; and how long one more takes.

    .venv/bin/python benchmarks/chronicle.py [--entries 300000]

A PostgreSQL of its own; the entries are written in one batch, then numbered by the sequencer in steps, as the minute
tick does it. Prints seconds and how many a second.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "scripts")]
PERSONS, PROOFS = 2_000, 1_000


def timed(name: str, work: Callable[[], Any], count: int = 0) -> Any:
    began = time.monotonic()
    result = work()
    seconds = time.monotonic() - began
    pace = f"  {count / seconds:,.0f} a second" if count else ""
    print(f"{seconds:8.2f} s  {name}{pace}", flush=True)
    return result


def measure(count: int) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from django.utils import timezone

    from shixun.kernel import clock
    from shixun.kernel.chronicle.checks import rows_unlike_their_leaves
    from shixun.kernel.chronicle.heads import current_head, sign_head
    from shixun.kernel.chronicle.logs import log_source
    from shixun.kernel.chronicle.sequencing import sequence
    from shixun.kernel.chronicle.tree import StoredTree
    from shixun.ledger.bulk import open_accounts, write_history
    from shixun.ledger.checks import run_checks
    from shixun.ledger.testing import CYCLE, TELLER, a_posting, a_source
    from shixun.people import bulk
    from shixun.people.testing import a_cast

    at, log = timezone.now(), "ledger"
    cast = a_cast()
    held = bulk.AppointmentRow(cast.school.code, "teacher", date(2016, 1, 1))
    rows = [
        bulk.PersonRow(f"B{number:06d}", f"教师{number}", entered_on=date(2016, 1, 1), appointments=(held,))
        for number in range(PERSONS)
    ]
    persons = bulk.register_persons(rows, actor=TELLER, at=at, organisations=cast.organisations)
    opened = open_accounts(((person, "teacher", CYCLE) for person in persons.values()), actor=TELLER, at=at)
    accounts = list(opened.values())

    def postings(number: int, key: str) -> Iterator[Any]:
        for place in range(number):
            earned = date(2016, 2, 1) + timedelta(days=place % 1_200)
            source = a_source(f"{key}{place}")
            yield a_posting(
                accounts[place % PERSONS], cast.district, earned_on=earned, source=source, key=f"{key}:{place}"
            )

    def write(number: int, key: str) -> None:
        write_history(postings(number, key), actor=TELLER, at=at, key=key)

    timed("entries written, one batch", lambda: write(count, "first"), count)
    assert timed("entries numbered", lambda: sequence(log), count) == count
    timed("head signed", lambda: sign_head(log, at=clock.now()))
    chosen = [Random(1).randrange(count) for _ in range(PROOFS)]

    def prove() -> None:
        tree = StoredTree(log)
        for leaf in chosen:
            tree.inclusion(leaf, count)

    timed(f"{PROOFS} proofs of inclusion", prove, PROOFS)
    write(1_000, "more")
    timed("1,000 more numbered and a head over all", lambda: current_head(log, at=clock.now()), 1_000)
    found = timed("every row compared with its leaf", lambda: list(rows_unlike_their_leaves(log_source(log))), count)
    assert found == []
    wrong = timed("every check of the book", lambda: [check for check in run_checks() if not check.ok])
    assert [(check.name, check.found) for check in wrong] == []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=300_000)
    asked = parser.parse_args()
    from private_postgres import private_cluster

    with private_cluster() as address, tempfile.TemporaryDirectory(prefix="shixun-chronicle-") as folder:
        os.environ |= {
            "SHIXUN_VAR": folder,
            "SHIXUN_DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        import django

        django.setup()
        measure(asked.entries)
        from django.db import connections

        connections.close_all()


if __name__ == "__main__":
    main()
