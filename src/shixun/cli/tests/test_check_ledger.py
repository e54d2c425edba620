"""``shixun check-ledger``: 0 when the book is sound, 1 when a check finds something, and each check by its name."""

import json

import pytest
from django.db import connection

from shixun.cli.main import main
from shixun.kernel import triggers

pytestmark = pytest.mark.django_db


def test_an_empty_book_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-ledger"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("ok    triggers_are_installed: ")
    assert "the book is sound" in said.err


def test_a_missing_trigger_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    triggers.remove(connection, "ledger_entry")
    assert main(["check-ledger", "--json"]) == 1
    results = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(result["name"], result["found"]) for result in results if not result["ok"]] == [
        ("triggers_are_installed", 1)
    ]
