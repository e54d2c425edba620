"""Kill whoever works, at random moments, and see that nothing is lost and nothing done twice.

A PostgreSQL of its own; claims are decided by one process while the worker imports results in another. At a seeded
random point both are killed (SIGKILL), their connections are ended, or one PostgreSQL backend is killed so that the
server throws everybody out and recovers. After each kill every claim and every row is either untouched or done once;
in the end all are done once, and the book and the standings agree with themselves. Prints one JSON object:
``python tests/house/kill_drill.py --seed 1``. ``--like ADDRESS`` copies the tables of a migrated database instead of
migrating, which takes a second and not half a minute.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "scripts")]
KILLS = 10
TEACHERS, CLAIMS_EACH, ROWS_A_CHUNK = 30, 3, 1
MORNING = datetime.fromisoformat("2019-10-14T09:00:00+08:00")
WAYS = ("worker", "connection", "backend")


class Drill:
    """The scene, who works in it, and the questions asked after each kill."""

    def __init__(self, address: str, random: Random) -> None:
        import psycopg

        self._address = address
        self._connect = lambda: psycopg.connect(address, autocommit=True)
        self._random = random
        self.problems: list[str] = []
        self.rounds: list[dict[str, Any]] = []

    def build(self, like: str) -> None:
        """A town, claims that lie with the district, and a checked file of results with one row for each teacher."""
        from django.core.management import call_command
        from django.db import connection

        if like:
            _copy_tables(like, self._address)
        else:
            call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            # The cluster of tests answers before its log is written; here a commit has to outlive a crash.
            cursor.execute("ALTER DATABASE postgres SET synchronous_commit = on")
        connection.close()
        from shixun.kernel.spreadsheets import sweep
        from shixun.kernel.spreadsheets import work as steps
        from shixun.people.testing import a_cast, actor_for
        from shixun.policy.testing import an_adoption
        from shixun.recognition.testing import a_numbered_person, a_project, handed_in, result_row, results_file
        from shixun.roster.testing import browser_of

        sweep.CHUNK = ROWS_A_CHUNK
        cast = a_cast()
        an_adoption(cast.city)
        self.reviewer, self.officer = actor_for(cast.district_officer), actor_for(cast.city_officer)
        school = actor_for(cast.school_officer)
        persons = [a_numbered_person(cast.school, number) for number in range(TEACHERS)]
        for number, person in enumerate(persons):
            for turn in range(CLAIMS_EACH):
                words = {"programme": f"研修{number}之{turn}", "number": f"SJ-{number}-{turn}"}
                handed_in(school, person, "digital-resource", **words)
        rows = [result_row(person, number, "合格", cast.school.name) for number, person in enumerate(persons)]
        project = a_project(actor_for(cast.district_officer))
        browser = browser_of(cast.city_officer, "class-results")
        self.source = browser.uploaded(results_file(rows), effective_on="", project=str(project.uuid))
        if self.source.stage == "mapping":
            browser.settle(self.source)
        self.source.refresh_from_db()
        assert self.source.stage == "checked", self.source.stage
        # From here on even a short file is a matter for the worker.
        steps._SMALL_ROWS = 0

    # Who works

    def decide(self) -> None:
        """The reviewer decides all claims, those decided before as well, as many at once as need no sample."""
        from shixun.approvals.actions import decide_many
        from shixun.approvals.models import Case
        from shixun.kernel import clock
        from shixun.recognition.actions.sampling import LEAST_CLAIMS

        cases = list(Case.objects.filter(flow="recognition.claim").order_by("pk"))
        for start in range(0, len(cases), LEAST_CLAIMS - 1):
            some = cases[start : start + LEAST_CLAIMS - 1]
            decide_many(actor=self.reviewer, at=clock.now(), cases=some, action="district_pass")

    def work(self) -> None:
        """The worker as the site runs it, until nothing waits."""
        from django.core.management import call_command

        call_command("db_worker", interval=0.05, batch=True, startup_delay=False, verbosity=0)

    def ask_again(self) -> None:
        """What the tick and the officer do after a breakdown."""
        from django.utils import timezone

        from shixun.kernel import clock
        from shixun.kernel.jobs.actions import bury_dead_jobs, revive_lost_jobs
        from shixun.kernel.spreadsheets.models import Import, Stage
        from shixun.kernel.spreadsheets.work import APPLY, start_step

        later = timezone.now() + timedelta(minutes=5)
        bury_dead_jobs(later)
        revive_lost_jobs(later)
        source = Import.objects.get(pk=self.source.pk)
        if source.stage != Stage.APPLIED:
            start_step(source, APPLY, actor=self.officer, at=clock.now())

    # The kills

    def round(self, way: str) -> None:
        """Both work; at a random point one of the ways to die; then the questions."""
        from django.db import connections

        self.ask_again()
        connections.close_all()
        watch = self._connect()
        began = self._progress(watch)
        workers = [_forked(self.decide), _forked(self.work)]
        ends = (TEACHERS * CLAIMS_EACH, TEACHERS // ROWS_A_CHUNK)
        steps = self._random.randrange(1, 4)
        place = self._random.choice([place for place in (0, 1) if began[place] + steps < ends[place]] or [0])
        limit = time.monotonic() + 15
        while time.monotonic() < limit and self._progress(watch)[place] < began[place] + steps:
            if all(map(_has_ended, workers)):
                break
        time.sleep(self._random.random() * 0.03)
        self._kill(way, workers, watch)
        watch.close()
        for pid in workers:
            _end(pid)
        self._wait_for_server()
        with self._connect() as watch:
            done = self._progress(watch)
        self.rounds.append({"way": way, "claims": done[0], "chunks": done[1]})
        self.problems += [f"after kill {len(self.rounds)} ({way}): {problem}" for problem in self.found()]

    def _kill(self, way: str, workers: list[int], watch: Any) -> None:
        with suppress(Exception):
            others = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            if way == "worker":
                for pid in workers:
                    os.kill(pid, signal.SIGKILL)
            elif way == "connection":
                watch.execute(f"SELECT pg_terminate_backend(pid) {others}")
            else:
                pids = [pid for (pid,) in watch.execute(f"SELECT pid {others}").fetchall()]
                os.kill(self._random.choice(pids), signal.SIGKILL)

    def _progress(self, watch: Any) -> tuple[int, int]:
        asked = (
            "SELECT (SELECT count(*) FROM recognition_claim WHERE posted_at IS NOT NULL),"
            " (SELECT max(chunks_written) FROM kernel_import)"
        )
        claims, chunks = watch.execute(asked).fetchone()
        return claims, chunks

    def _wait_for_server(self) -> None:
        import psycopg

        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            try:
                with self._connect() as watch:
                    busy = watch.execute(
                        "SELECT count(*) FROM pg_stat_activity"
                        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                    ).fetchone()
                if busy == (0,):
                    return
            except psycopg.OperationalError:
                pass
            time.sleep(0.05)
        raise SystemExit("the server did not come back")

    # The questions

    def found(self) -> list[str]:
        """What is neither untouched nor done once."""
        from shixun.kernel.spreadsheets.models import Import
        from shixun.ledger.testing import the_book
        from shixun.recognition.models import Claim, TrainingRecord

        keys = list(the_book().values_list("idempotency_key", flat=True))
        problems = []
        for claim in Claim.objects.select_related("case"):
            state = (claim.case.state, claim.posted_at is not None, keys.count(claim.posting_key))
            if state not in (("district_pending", False, 0), ("recognised", True, 1)):
                problems.append(f"claim {claim.uuid} is {state}")
        source = Import.objects.get(pk=self.source.pk)
        rows = min(source.chunks_written * ROWS_A_CHUNK, TEACHERS)
        written = [keys.count(record.posting_key) for record in TrainingRecord.objects.all()]
        if written != [1] * rows or source.result.get("rows", 0) != rows:
            problems.append(f"{source.chunks_written} chunks, {source.result}, entered {written}")
        if len(keys) != rows + Claim.objects.exclude(posted_at=None).count():
            problems.append(f"{len(keys)} entries stand in the book")
        return problems

    def finish(self) -> None:
        """Everything once more without a kill: now all is done, once; the book and the standings are sound."""
        from shixun.approvals.models import Case
        from shixun.kernel import clock
        from shixun.kernel.chronicle.heads import sign_daily_heads
        from shixun.ledger.checks import run_checks
        from shixun.standing.queries import differences_of, persons_to_check
        from shixun.standing.testing import computed

        self.ask_again()
        self.decide()
        self.work()
        self.problems += [f"in the end: {problem}" for problem in self.found()]
        states = set(Case.objects.filter(flow="recognition.claim").values_list("state", flat=True))
        self.source.refresh_from_db()
        if (states, self.source.stage) != ({"recognised"}, "applied"):
            self.problems.append(f"not all is done: {states}, {self.source.stage}")
        sign_daily_heads(at=clock.now())
        self.problems += [f"check-ledger: {check.name}: {check.sentence}" for check in run_checks() if not check.ok]
        computed()
        persons = persons_to_check(clock.today(), samples=None)
        self.problems += [f"check-standing: {one}" for one in differences_of(persons, clock.today())]


def _copy_tables(source: str, target: str) -> None:
    from private_postgres import find_binaries

    binaries = find_binaries()
    assert binaries
    with subprocess.Popen(
        [binaries / "pg_dump", "--no-owner", "--no-privileges", source], stdout=subprocess.PIPE
    ) as dump:
        psql = [binaries / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", target]
        subprocess.run(psql, stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True)


def _forked(work: Callable[[], None]) -> int:
    """A process of its own that does this and nothing else; whatever happens to it is told to nobody."""
    pid = os.fork()
    if pid:
        return pid
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        work()
    finally:
        os._exit(0)


def _has_ended(pid: int) -> bool:
    """Looks without taking the end away from whoever waits for it."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


@contextmanager
def _site(address: str) -> Iterator[None]:
    """The site over this database, with a folder of its own; the thirteenth plan is in force."""
    with TemporaryDirectory(prefix="shixun-drill-") as folder:
        os.environ.update(SHIXUN_DATABASE_URL=address, SHIXUN_VAR=folder, DJANGO_SETTINGS_MODULE="tests.settings")
        import django

        django.setup()
        from django.db import connections

        from shixun.kernel import clock

        try:
            with clock.frozen(MORNING):
                yield
        finally:
            connections.close_all()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--like", default="", metavar="ADDRESS")
    asked = parser.parse_args()
    seed = asked.seed
    from private_postgres import private_cluster

    random, began = Random(seed), time.monotonic()
    ways = [WAYS[number % len(WAYS)] for number in range(KILLS)]
    random.shuffle(ways)
    with private_cluster() as address, _site(address):
        drill = Drill(address, random)
        drill.build(asked.like)
        for way in ways:
            drill.round(way)
        drill.finish()
    seconds = round(time.monotonic() - began, 1)
    told = {"seed": seed, "rounds": drill.rounds, "problems": drill.problems, "seconds": seconds}
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 1 if drill.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
