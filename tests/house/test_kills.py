"""Whoever dies at whatever moment, worker or database: each claim is untouched or done once (RW-01, RW-02, CL-18)."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

DRILL = Path(__file__).with_name("kill_drill.py")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the drill kills a PostgreSQL of its own, once is enough")
@pytest.mark.django_db(transaction=True)
def test_ten_kills_lose_nothing_and_double_nothing() -> None:
    """Worker, connection and backend killed while claims are decided and results come in (``kill_drill``)."""
    held = connection.settings_dict
    like = f"postgresql://{held['USER']}:{held['PASSWORD']}@{held['HOST']}:{held['PORT']}/{held['NAME']}"
    words = [sys.executable, str(DRILL), "--like", like]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.stdout, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["problems"] == []
    assert Counter(round["way"] for round in told["rounds"]) == {"worker": 4, "connection": 3, "backend": 3}
    for subject in ("claims", "chunks"):
        done_by_then = [round[subject] for round in told["rounds"]]
        assert done_by_then == sorted(done_by_then)
        assert len(set(done_by_then)) > 3, f"the kills came while there were {subject} to do"
