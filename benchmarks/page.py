"""G7: one teacher's own page, cold from the database: ``page.py TEACHERS [--profile]``.

Builds the small demo region in a folder of its own, then lets teachers who have not been asked about yet open
我的学分. ``explained_ms``: from rows to the whole answer with its reasons, ways and proof. ``response_ms``: the whole
response, sign-in, frame and HTML included. Both are processor time, medians over the teachers.
"""

import cProfile
import json
import os
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any


def prepare(folder: str) -> None:
    """An own site with the small demo, whatever the environment says."""
    os.environ |= {"SHIXUN_VAR": folder, "SHIXUN_DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ.pop("SHIXUN_DATABASE_URL", None)
    for words in (["prepare"], ["demo", "--small"]):
        command = [sys.executable, "-m", "shixun.cli.main", *words]
        subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603 - our own script


def measure(count: int, profile: bool) -> dict[str, float]:
    import django

    django.setup()
    from django.test import Client

    from shixun.kernel import clock
    from shixun.people.models import Person, User
    from shixun.standing.queries import standings_for
    from shixun.standing.tables import Shown

    own = [user for user in User.objects.filter(person__isnull=False).order_by("pk") if _has_credits(user)]
    users, client = own[: count + 3], Client(HTTP_HOST="localhost")
    explained, responses = [], []
    profiler = cProfile.Profile()
    for number, user in enumerate(users):
        person = Person.objects.get(pk=user.person_id)
        _sign_in(client, user)
        client.get("/")  # she is somewhere else until now
        began = time.process_time()
        [Shown(account) for account in standings_for(person, clock.today())]
        explained.append(time.process_time() - began)
        if profile and number >= 3:
            profiler.enable()
        began = time.process_time()
        answer = client.get("/credits/")
        responses.append(time.process_time() - began)
        profiler.disable()
        assert answer.status_code == 200, answer.status_code
    if profile:
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("cumulative").print_stats(60)
    # The first teachers load what a process keeps: policies, templates, structures.
    return {
        "teachers": len(users) - 3,
        "explained_ms": median(explained[3:]) * 1000,
        "response_ms": median(responses[3:]) * 1000,
    }


def _sign_in(client: Any, user: Any) -> None:
    """A session as the demo's one-click sign-in begins it."""
    from django.conf import settings
    from django.test import RequestFactory

    from shixun.people.accounts.choices import Means
    from shixun.people.accounts.session_store import SessionStore
    from shixun.people.accounts.sessions import begin_session

    request = RequestFactory(HTTP_HOST="localhost").get("/")
    request.session = SessionStore()
    begin_session(request, user, Means.DEMO)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key


def _has_credits(user: Any) -> bool:
    from shixun.ledger.models import Account

    return Account.objects.filter(person=user.person_id, kind="teacher").exists()


def main(words: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="shixun-page-") as folder:
        sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
        prepare(folder)
        print(json.dumps(measure(int(words[0]), "--profile" in words)))


if __name__ == "__main__":
    main(sys.argv[1:])
