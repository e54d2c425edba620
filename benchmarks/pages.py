"""How long the pages of a population take: list, filters, order, heat map, exports; at two sizes, on either database.

Run once on a database of its own, never on a real one: the demo region is built there and its people are copied.

    SHIXUN_VAR=/tmp/pages .venv/bin/python benchmarks/pages.py
    .venv/bin/python scripts/private_postgres.py .venv/bin/python benchmarks/pages.py

Prints milliseconds of server time (median of five; of one for exports) for 20,000 and 150,000 teachers of one city,
the number of queries, and the ratio. Every figure is taken by the pages themselves, signed in as the city's officer.
"""

# ruff: noqa: S608 - the statements are put together from this file's own words
from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

SRC = Path(__file__).resolve().parents[1] / "src"
sys.path.insert(0, str(SRC))
SIZES = (20_000, 150_000)
PAGES = (
    ("first page", "/"),
    ("list", "/teachers/"),
    ("list, last page", "/teachers/?page=last"),
    ("list by shortfall", "/teachers/?sort=-shortfall"),
    ("list, short", "/teachers/?state=short&sort=-shortfall"),
    ("list, one requirement by its gap", "/teachers/?requirement=city&sort=-that"),
    ("list, one requirement by how much", "/teachers/?requirement=district.knowledge&lack=3&sort=-that"),
    ("list, hours missed by 2017", "/teachers/?requirement=it_hours@2017-12-31&sort=-that"),
    ("list, can still be met this year", "/teachers/?timed=open"),
    ("list, profile and subject", "/teachers/?profile=senior&subject=语文&sort=-shortfall"),
    ("list, a name", "/teachers/?q=张敏"),
    ("heat map", "/teachers/heat/"),
    ("heat map, years and dates", "/teachers/heat/?view=timed"),
)
EXPORTS = (
    ("heat map as CSV", "/teachers/heat/?export=csv"),
    ("heat map as workbook", "/teachers/heat/?export=xlsx"),
    ("list as CSV", "/teachers/?export=csv"),
    ("list as workbook", "/teachers/?export=xlsx"),
    ("list of one requirement as CSV", "/teachers/?requirement=city&sort=-that&export=csv"),
)


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.setdefault("SHIXUN_DEMO", "true")
    import django

    django.setup()
    from django.core.management import call_command

    from shixun.demo.build import build_region
    from shixun.people.models import Organisation

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Organisation.objects.exists():
        build_region()
    found: dict[str, list[tuple[float, int]]] = {}
    for size in SIZES:
        people = _grown_to(size)
        print(f"{people:,} teachers in the city", file=sys.stderr)
        for name, milliseconds, queries in _measured():
            found.setdefault(name, []).append((milliseconds, queries))
    _print(found)
    return 0


def _grown_to(size: int) -> int:
    """Copy the city's people with their standings and gaps until there are so many; gives how many there are."""
    from django.db import connection

    from shixun.people.models import Organisation
    from shixun.standing.models import StoredStanding

    city = Organisation.objects.get(code="310000")
    held = StoredStanding.objects.filter(city.scope.within("path"), is_main=True)
    now = held.count()
    original = held.exclude(person__code__contains="~").count()
    turn = 100 * (1 + SIZES.index(size))
    while now < size:
        share = min(original, size - now)
        with connection.cursor() as cursor:
            _copy(cursor, connection.vendor, city, turn, share)
        turn += 1
        now = held.count()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM standing_gapsum")
        cursor.execute(
            "INSERT INTO standing_gapsum (path, kind, requirement, people, lack) SELECT path, kind, requirement,"
            " COUNT(*), SUM(short) FROM standing_standinggap GROUP BY path, kind, requirement"
        )
        cursor.execute("ANALYZE")
    return now


def _copy(cursor: Any, vendor: str, city: Any, turn: int, share: int) -> None:
    uuid = "gen_random_uuid()" if vendor == "postgresql" else "lower(hex(randomblob(16)))"
    path = (city.path, city.scope.upper)
    chosen = (
        "SELECT person_id FROM standing_storedstanding s JOIN people_person q ON q.id = s.person_id"
        " WHERE s.is_main AND s.path >= %s AND s.path < %s AND q.code NOT LIKE '%%~%%'"
        f" ORDER BY s.person_id LIMIT {share}"
    )
    cursor.execute(
        "INSERT INTO people_person (uuid, code, name, sex, born_on, entered_on)"
        f" SELECT {uuid}, code || '~' || %s, name, sex, born_on, entered_on FROM people_person WHERE id IN ({chosen})",
        (str(turn), *path),
    )
    pairs = (
        "SELECT old.id AS was, new.id AS now FROM people_person new JOIN people_person old"
        " ON old.code = substr(new.code, 1, length(new.code) - length(%s)) WHERE new.code LIKE '%%' || %s"
    )
    mark = f"~{turn}"
    columns = (
        'kind, path, name, stage, subject, "on", computed_at, met, shortfall, need, counted, is_main, person_met,'
        " person_short, home_id, measure_id, person_missed, person_open"
    )
    cursor.execute(
        f"INSERT INTO standing_storedstanding ({columns}, person_id) SELECT {columns}, pair.now"
        f" FROM standing_storedstanding s JOIN ({pairs}) pair ON pair.was = s.person_id",
        (mark, mark),
    )
    cursor.execute(
        "INSERT INTO standing_standinggap (path, kind, requirement, need, short, state, person_id, standing_id)"
        " SELECT gap.path, gap.kind, gap.requirement, gap.need, gap.short, gap.state, pair.now, fresh.id"
        f" FROM standing_standinggap gap JOIN ({pairs}) pair ON pair.was = gap.person_id"
        " JOIN standing_storedstanding fresh ON fresh.person_id = pair.now AND fresh.kind = gap.kind",
        (mark, mark),
    )
    appointment = "valid_from, valid_until, duty, title, stage, subject, is_main, organisation_id"
    cursor.execute(
        f"INSERT INTO people_appointment (uuid, {appointment}, person_id) SELECT {uuid}, {appointment}, pair.now"
        f" FROM people_appointment a JOIN ({pairs}) pair ON pair.was = a.person_id",
        (mark, mark),
    )


def _measured() -> list[tuple[str, float, int]]:
    from django.conf import settings

    from shixun.people.models import User
    from shixun.people.testing import client_of

    settings.ALLOWED_HOSTS = ["testserver"]
    client = client_of(User.objects.get(username="city"))
    for _, address in PAGES:
        _taken(client, address)
    rows = []
    for times, pages in ((5, PAGES), (1, EXPORTS)):
        for name, address in pages:
            samples = [_taken(client, address) for _ in range(times)]
            rows.append((name, statistics.median(spent for spent, _ in samples), samples[0][1]))
    return rows


def _taken(client: Any, address: str) -> tuple[float, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        began = time.perf_counter()
        answer = client.get(address)
        if answer.status_code == 302:
            answer = _written_behind(client, answer.url)
        if answer.streaming:
            for _ in answer.streaming_content:
                pass
        spent = time.perf_counter() - began
    assert answer.status_code == 200, (address, answer.status_code)
    if os.environ.get("SLOW") and spent > float(os.environ["SLOW"]):
        worst = sorted(asked.captured_queries, key=lambda one: -float(one["time"]))[:3]
        for one in worst:
            print(f"  {address} {spent:.2f} s: {one['time']} {one['sql'][:1500]}", file=sys.stderr)
    return spent * 1000, len(asked)


def _written_behind(client: Any, address: str) -> Any:
    """A long export is a job: do it here and take the file, as its starter does."""
    from shixun.kernel.jobs.actions import perform
    from shixun.kernel.jobs.models import Job

    perform(Job.objects.latest("id").uuid)
    return client.get(f"{client.get(address).url}file/")


def _print(found: dict[str, list[tuple[float, int]]]) -> None:
    load = os.getloadavg()[0]
    print(f"milliseconds of server time; load average {load:.1f}")
    print(f"| page | {' | '.join(f'{size:,} teachers' for size in SIZES)} | ratio | queries |")
    print("|---|---:|---:|---:|---:|")
    for name, figures in found.items():
        spent = [milliseconds for milliseconds, _ in figures]
        ratio = f"{spent[-1] / spent[0]:.1f}"
        queries = "/".join(str(count) for count in sorted({count for _, count in figures}))
        print(f"| {name} | {' | '.join(f'{one:,.0f}' for one in spent)} | {ratio} | {queries} |")


if __name__ == "__main__":
    sys.exit(main())
