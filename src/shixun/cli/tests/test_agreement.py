"""One day, one school: 我的学分, the list, the heat map and ``shixun standing`` over exported files say the same."""

import csv
import io
import json
import shlex
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from rulebook.amounts import parse_amount, show_amount
from shixun.cli.main import main
from shixun.ledger.actions import reverse_entry
from shixun.ledger.queries import entries_of
from shixun.people.choices import Duty, Title
from shixun.people.testing import BUILDER, Cast, a_person, an_appointment, client_of
from shixun.policy.testing import an_adoption
from shixun.standing.queries import heat_within, standings_for
from shixun.standing.testing import ENOUGH, computed, some_entries

ON = date(2019, 10, 14)


@pytest.fixture(autouse=True)
def _a_school(cast: Cast, frozen_clock: Any) -> None:
    """A school with a teacher who is done, a principal with two accounts, a senior teacher, and a correction."""
    an_adoption(cast.city)
    some_entries(cast.teacher.person, cast.district, ENOUGH)
    head = a_person(cast.school, name="王丽华")
    an_appointment(head, cast.school, duty=Duty.PRINCIPAL, is_main=False)
    some_entries(head, cast.city, ENOUGH[:4])
    some_entries(head, cast.city, [("2018-03-01", "city", "knowledge", "course", "9", "release")], kind="principal")
    senior = a_person(cast.school, name="周建华", title=Title.SENIOR)
    wrong = some_entries(senior, cast.city, ENOUGH[5:])[0]
    entry = entries_of(senior).get(uuid=wrong)
    reverse_entry(actor=BUILDER, at=entry.posted_at, entry=entry, reason="重复登记", idempotency_key="again")
    computed()


def written(cast: Cast, folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    """The lines of ``shixun standing`` over the files of the school, by person (code, or code:kind)."""
    assert main(["facts", "--organisation", cast.school.code, "--on", ON.isoformat(), "--out", str(folder)]) == 0
    command = shlex.split(capsys.readouterr().out)
    assert main([*command[1:], "--quiet"]) == 0
    lines = (folder / "standing.jsonl").read_text(encoding="utf-8").splitlines()
    return {line["person"]: line for line in map(json.loads, lines)}


def test_four_ways_one_answer(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """AR-01, RW-05: verdict, shortfall and every requirement, account by account."""
    by_file = written(cast, tmp_path, capsys)
    answer: Any = client_of(cast.school_officer).get("/teachers/?export=csv")
    listed = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(by_file) == len(listed) + 1 > 3
    by_name: dict[str, int] = {}
    for person in {cast.teacher.person, cast.school_officer.person, *_others(cast)}:
        for found in standings_for(person, ON):
            name = person.code if found.subject.kind == "teacher" else f"{person.code}:{found.subject.kind}"
            line, standing = by_file[name], found.standing
            assert (line["met"], line["shortfall"]) == (standing.met, show_amount(standing.shortfall))
            shorts = {row["id"]: row["short"] for row in line["requirements"]}
            assert shorts == {row.id: show_amount(row.short) for row in standing.requirements}
            by_name[person.name] = by_name.get(person.name, 0) + parse_amount(line["shortfall"])
    assert {row["姓名"]: parse_amount(row["尚缺（学分）"]) for row in listed} == by_name
    teachers = [line for name, line in by_file.items() if ":" not in name]
    whole = heat_within(cast.school.scope, apart=False).whole
    assert (whole.people, whole.met) == (len(teachers), sum(line["met"] for line in teachers))
    for requirement in ("city", "district.knowledge", "school.practice"):
        short = [
            row["short"] != "0.00" for line in teachers for row in line["requirements"] if row["id"] == requirement
        ]
        assert whole.share_of(requirement) == 1 - Fraction(sum(short), len(short))


def _others(cast: Cast) -> list[Any]:
    from shixun.standing.queries import holders_within

    return list(holders_within(cast.school.scope, ON))


def test_places_under_different_rules_are_told_apart(cast: Cast, tmp_path: Path) -> None:
    an_adoption(cast.other_district, "shanghai-2021")
    arguments = ["facts", "--on", ON.isoformat(), "--out", str(tmp_path)]
    assert main([*arguments, "--organisation", cast.city.code]) == 2
    assert main([*arguments, "--organisation", "nowhere"]) == 2
    assert list(tmp_path.iterdir()) == []
