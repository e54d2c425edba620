"""``shixun standing``: files in, files out (credit-engine §7), all mistakes together, whole or not at all."""

import csv
import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from rulebook.amounts import show_amount
from rulebook.facts import EntryFacts, PersonFacts
from rulebook.standing.checker import problems
from shixun.cli.main import main
from tests.rulebook.credits import END, POLICY, judged
from tests.rulebook.population import teachers

PEOPLE = ["person", "profiles", "entered_on", "senior_on", "released"]
ENTRIES = ["person", "earned_on", "level", "category", "form", "credits", "tags"]
Row = Sequence[str]


@dataclass(frozen=True)
class Desk:
    """A folder with people and entries, from which the command is called."""

    folder: Path

    def write(self, name: str, heading: Row, rows: Sequence[Row], encoding: str = "utf-8") -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([heading, *rows])
        (self.folder / name).write_bytes(text.getvalue().encode(encoding))

    def call(self, out: str, **options: str) -> int:
        """The exit code; options such as ``people="people.parquet"``, ``local="choices.toml"``."""
        return main(self.words(out, **options))

    def words(self, out: str, **options: str) -> list[str]:
        given = {"people": "people.csv", "entries": "entries.csv", "local": "", "on": "2020-12-31", **options}
        words = ["standing", "--policy", "shanghai-2016", "--quiet", "--out", str(self.folder / out)]
        for name, value in given.items():
            if value:
                path = value if name in ("on", "encoding") else str(self.folder / value)
                words += [f"--{name}", path]
        return words

    def lines(self, out: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / out).read_text("utf-8").splitlines()]

    def bytes(self, out: str) -> bytes:
        return (self.folder / out).read_bytes()


ROSTER = [(one.person, list(one.entries)) for one in teachers(41, 60)]


def _person_row(person: PersonFacts) -> Row:
    days = [day.isoformat() if day else "" for day in (person.entered_on, person.senior_on)]
    return [person.person, ";".join(person.profiles), *days, str(person.released).lower()]


def _entry_row(person: str, fact: EntryFacts) -> Row:
    form = "" if fact.form == "course" else fact.form
    tags = ";".join(sorted(fact.tags))
    return [person, fact.earned_on.isoformat(), fact.level, fact.category, form, show_amount(fact.credits), tags]


PEOPLE_ROWS = [_person_row(person) for person, _ in ROSTER]
ENTRY_ROWS = [_entry_row(person.person, fact) for person, facts in ROSTER for fact in facts]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.write("people.csv", PEOPLE, PEOPLE_ROWS)
    made.write("entries.csv", ENTRIES, ENTRY_ROWS)
    return made


# --- what is written ------------------------------------------------------------------------------------------------


def test_the_command_writes_what_the_computation_says(desk: Desk) -> None:
    """The installed command, in a process of its own: one line a person, in the order of the file."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO", "SHIXUN"))}
    call = [sys.executable, "-m", "shixun.cli.main", *desk.words("standing.jsonl")]
    done = subprocess.run(call, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout) == (0, "")
    lines = desk.lines("standing.jsonl")
    assert [line["person"] for line in lines] == [person.person for person, _ in ROSTER]
    left_out = 0
    for line, (person, facts) in zip(lines, ROSTER, strict=True):
        standing = judged(person, facts)
        left_out += standing.left_out
        assert list(line) == [
            "person", "policy", "on", "met", "shortfall", "requirements", "moves", "yearly", "certificate",
        ]  # fmt: skip
        assert (line["policy"], line["on"]) == ("shanghai-2016", "2020-12-31")
        assert (line["met"], line["shortfall"]) == (standing.met, show_amount(standing.shortfall))
        assert line["requirements"] == [
            {
                "id": row.id,
                "need": show_amount(row.need),
                "counted": show_amount(row.counted),
                "short": show_amount(row.short),
                "article": row.article,
            }
            for row in standing.requirements
        ]
        assert line["moves"] == [
            {
                "from": move.source.path,
                "to": move.target.path,
                "credits": show_amount(move.credits),
                "article": move.article,
            }
            for move in standing.moves
        ]
        assert [(row["id"], row["year"], row["met"]) for row in line["yearly"]] == [
            (row.id, row.year, row.met) for row in standing.yearly
        ]
        assert set(line["certificate"]) == {"allocation", "dual"}
        assert problems(line) == []
    assert left_out > 0
    assert str(left_out) in done.stderr


def test_yearly_lists_every_year_up_to_the_day(desk: Desk) -> None:
    """§7, PR-12: and the verdict does not include it."""
    desk.write("people.csv", PEOPLE[:2], [["T", "teacher;trainer"]])
    desk.write("entries.csv", ENTRIES, [["T", "2017-05-01", "city", "knowledge", "", "7.00", "trainer"]])
    assert desk.call("s.jsonl", on="2018-06-30") == 0
    assert [(row["year"], row["need"], row["counted"], row["met"]) for row in desk.lines("s.jsonl")[0]["yearly"]] == [
        (2016, "7.00", "0.00", False),
        (2017, "7.00", "7.00", True),
        (2018, "7.00", "0.00", False),
    ]


def test_table_outputs_carry_the_same_figures(desk: Desk) -> None:
    for out in ("s.jsonl", "s.csv", "s.parquet"):
        assert desk.call(out) == 0
    with (desk.folder / "s.csv").open(encoding="utf-8", newline="") as file:
        from_csv = list(csv.DictReader(file))
    from_parquet = pq.read_table(desk.folder / "s.parquet").to_pylist()
    heading = list(from_csv[0])
    assert heading[:3] == ["person", "met", "shortfall"]
    assert list(from_parquet[0]) == heading
    order = list(dict.fromkeys(row.id for row in POLICY.requirements if row.kind == "cycle"))
    assert heading[3:] == [row for row in order if row in heading]
    for line, plain, typed in zip(desk.lines("s.jsonl"), from_csv, from_parquet, strict=True):
        shorts = {row["id"]: row["short"] for row in line["requirements"]}
        expected = {"person": line["person"], "met": line["met"], "shortfall": line["shortfall"]}
        assert typed == {**expected, **{row: shorts.get(row) for row in heading[3:]}}
        assert plain == {**{row: value or "" for row, value in typed.items()}, "met": str(line["met"]).lower()}


@pytest.mark.parametrize("out", ["s.jsonl", "s.csv", "s.parquet"])
def test_a_second_run_gives_the_same_bytes(desk: Desk, out: str) -> None:
    assert desk.call(out) == 0
    first = desk.bytes(out)
    rows = list(ENTRY_ROWS)
    random.Random(3).shuffle(rows)
    desk.write("entries.csv", ENTRIES, rows)
    assert desk.call(out) == 0
    assert desk.bytes(out) == first
    assert sorted(path.name for path in desk.folder.iterdir()) == sorted(["people.csv", "entries.csv", out])


def test_many_people_are_written_in_order_by_several_processes(desk: Desk) -> None:
    """Beyond 2,000 people the lines are made in parallel; the file does not show it."""
    names = [f"T{number:05}" for number in range(2_300)]
    desk.write("people.csv", PEOPLE[:2], [[name, "probation"] for name in names])
    desk.write("entries.csv", ENTRIES, [[names[1700], "2018-01-01", "school", "ethics", "", "1.00", "probation"]])
    assert desk.call("s.jsonl") == 0
    lines = desk.lines("s.jsonl")
    assert [line["person"] for line in lines] == names
    assert {line["person"] for line in lines if line["shortfall"] != "12.00"} == {names[1700]}


# --- what may be read -----------------------------------------------------------------------------------------------


def test_parquet_in_is_as_good_as_csv(desk: Desk) -> None:
    assert desk.call("a.jsonl") == 0
    text = pa.csv.ConvertOptions(column_types=dict.fromkeys(PEOPLE + ENTRIES, pa.string()), strings_can_be_null=True)
    for name in ("people", "entries"):
        table = pa.csv.read_csv(desk.folder / f"{name}.csv", convert_options=text)
        pq.write_table(table, desk.folder / f"{name}.parquet")
    assert desk.call("b.jsonl", people="people.parquet", entries="entries.parquet") == 0
    assert desk.bytes("b.jsonl") == desk.bytes("a.jsonl")


def test_typed_parquet_columns(desk: Desk) -> None:
    """Dates, booleans, numbers and lists as a data frame would hold them."""
    people = pa.table(
        {"person": ["甲"], "profiles": [["teacher", "senior"]], "entered_on": [date(2018, 9, 1)], "released": [True]}
    )
    entries = pa.table(
        {
            "person": ["甲"],
            "earned_on": [date(2019, 1, 2)],
            "level": ["school"],
            "category": ["practice"],
            "credits": pa.array([14], pa.int32()),
            "tags": [["senior_core"]],
        }
    )
    pq.write_table(people, desk.folder / "people.parquet")
    pq.write_table(entries, desk.folder / "entries.parquet")
    assert desk.call("s.jsonl", people="people.parquet", entries="entries.parquet") == 0
    assert desk.lines("s.jsonl")[0]["shortfall"] == "40.00"


def test_gb18030_and_the_byte_order_mark(desk: Desk) -> None:
    rows = [["张三𠮷", "teacher"], ["李四", "pd_school"]]
    entries = [["张三𠮷", "2018-01-01", "city", "ethics", "", "1", ""]]
    results = []
    for encoding, option in (("utf-8", ""), ("utf-8-sig", ""), ("gb18030", "gb18030"), ("gb18030", "GB18030")):
        desk.write("people.csv", PEOPLE[:2], rows, encoding)
        desk.write("entries.csv", ENTRIES, entries, encoding)
        assert desk.call("s.jsonl", **({"encoding": option} if option else {})) == 0
        results.append(desk.bytes("s.jsonl"))
    assert len(set(results)) == 1
    assert "张三𠮷" in results[0].decode("utf-8")


def test_the_wrong_encoding_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write("people.csv", PEOPLE[:2], [["张三", "teacher"]], "gb18030")
    assert desk.call("s.jsonl") == 2
    assert "gb18030" in capsys.readouterr().err


def test_columns_in_any_order_and_optional_ones_absent(desk: Desk) -> None:
    assert desk.call("a.jsonl") == 0
    desk.write("people.csv", PEOPLE[::-1], [row[::-1] for row in PEOPLE_ROWS])
    desk.write("entries.csv", ENTRIES[::-1], [row[::-1] for row in ENTRY_ROWS])
    assert desk.call("b.jsonl") == 0
    assert desk.bytes("a.jsonl") == desk.bytes("b.jsonl")
    desk.write("people.csv", ["person"], [["T"]])
    desk.write("entries.csv", ["person", "earned_on", "level", "category", "credits"], [])
    assert desk.call("c.jsonl") == 0
    assert desk.lines("c.jsonl")[0]["shortfall"] == "36.00"


def test_the_last_and_first_day_of_the_cycle_count(desk: Desk) -> None:
    desk.write("people.csv", ["person"], [["T"]])
    days = ["2015-12-31", "2016-01-01", "2020-12-31", "2021-01-01"]
    desk.write("entries.csv", ENTRIES, [["T", day, "city", "ethics", "", "0.01", ""] for day in days])
    counted = {}
    for on in ("2016-01-01", "2020-12-31", "2021-03-01"):
        assert desk.call("s.jsonl", on=on) == 0
        counted[on] = desk.lines("s.jsonl")[0]["requirements"][0]["counted"]
    assert counted == {"2016-01-01": "0.01", "2020-12-31": "0.02", "2021-03-01": "0.02"}


def test_a_districts_choices(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """PR-18: used when inside the range, refused with the article when outside."""
    desk.write("people.csv", ["person"], [["T"]])
    desk.write("entries.csv", ENTRIES, [])
    (desk.folder / "choices.toml").write_text(
        '[minimum]\n"city" = 7\n"school" = 18\n[switch]\nreleased_practice = true\n'
    )
    assert desk.call("s.jsonl", local="choices.toml") == 0
    assert desk.lines("s.jsonl")[0]["shortfall"] == "40.00"
    (desk.folder / "choices.toml").write_text('[minimum]\n"city" = 9\n"moon" = 1\n[switch]\nwarp = true\n')
    assert desk.call("t.jsonl", local="choices.toml") == 2
    told = capsys.readouterr().err
    assert all(word in told for word in ("city", "moon", "warp", "shanghai-2016:学分管理办法:一.1"))
    assert not (desk.folder / "t.jsonl").exists()


# --- what is refused ------------------------------------------------------------------------------------------------


def test_all_mistakes_are_told_together_and_nothing_is_written(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write(
        "people.csv",
        PEOPLE,
        [
            ["A", "teacher;principal", "", "", ""],
            ["A", "teacher", "2018-02-30", "", ""],
            ["", "wizard", "", "1.2.2018", "maybe"],
        ],
    )
    desk.write(
        "entries.csv",
        ENTRIES,
        [
            ["A", "2018-01-01", "city", "ethics", "", "1.00", ""],
            ["B", "2018-01-01", "moon", "ethics", "", "1.005", "shiny"],
            ["A", "18-01-01", "city", "", "course", "-1", ""],
            ["A", "2018-01-01", "city", "", "degree", "ten", ""],
            ["A", "2018-01-01", "city", "ethics", "seminar", "1e3", ""],
        ],
    )
    before = {path.name: path.read_bytes() for path in desk.folder.iterdir()}
    (desk.folder / "s.jsonl").write_text("yesterday's")
    assert desk.call("s.jsonl") == 2
    told = capsys.readouterr().err.splitlines()
    expected = [
        ("people.csv", 2, "profiles", "teacher;principal"),
        ("people.csv", 3, "person", "A"),
        ("people.csv", 3, "entered_on", "2018-02-30"),
        ("people.csv", 4, "person", ""),
        ("people.csv", 4, "profiles", "wizard"),
        ("people.csv", 4, "senior_on", "1.2.2018"),
        ("people.csv", 4, "released", "maybe"),
        ("entries.csv", 3, "person", "B"),
        ("entries.csv", 3, "level", "moon"),
        ("entries.csv", 3, "credits", "1.005"),
        ("entries.csv", 3, "tags", "shiny"),
        ("entries.csv", 4, "earned_on", "18-01-01"),
        ("entries.csv", 4, "category", ""),
        ("entries.csv", 4, "credits", "-1"),
        ("entries.csv", 5, "level", "city"),
        ("entries.csv", 5, "credits", "ten"),
        ("entries.csv", 6, "form", "seminar"),
        ("entries.csv", 6, "credits", "1e3"),
    ]
    prefixes = [f"{file}: row {row}, column {column}: {value!r} " for file, row, column, value in expected]
    assert len(told) == len(expected) + 1
    for line, prefix in zip(told, prefixes, strict=False):
        assert line.startswith(prefix)
        assert len(line) > len(prefix) + 5
    assert str(len(expected)) in told[-1]
    assert (desk.folder / "s.jsonl").read_text() == "yesterday's"
    assert {path.name for path in desk.folder.iterdir()} == {*before, "s.jsonl"}


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("people.csv", b"", "person"),
        ("people.csv", b"name\nT\n", "name"),
        ("people.csv", b"person,person\nT,T\n", "twice"),
        ("people.csv", b"person,profiles\nT\n", "row 2"),
        ("entries.csv", b"person,earned_on,level,category\n", "credits"),
        ("entries.csv", b"\xff\xfe\x00\x01", "gb18030"),
        ("people.csv", b'person\n"T\n', "people.csv"),
    ],
)
def test_a_file_of_the_wrong_shape(
    desk: Desk, capsys: pytest.CaptureFixture[str], file: str, content: bytes, told: str
) -> None:
    (desk.folder / file).write_bytes(content)
    assert desk.call("s.csv") == 2
    assert told in capsys.readouterr().err
    assert not (desk.folder / "s.csv").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"on": "2020-13-01"}, "2020-13-01"),
        ({"on": "20201231"}, "20201231"),
        ({"people": "nobody.csv"}, "nobody.csv"),
        ({"people": "people.xlsx"}, "people.xlsx"),
        ({"encoding": "klingon"}, "klingon"),
        ({"encoding": "utf-16"}, "is not utf-16 text"),
        ({"local": "absent.toml"}, "absent.toml"),
    ],
)
def test_a_call_that_cannot_be_used(
    desk: Desk, capsys: pytest.CaptureFixture[str], options: dict[str, str], told: str
) -> None:
    assert desk.call("s.csv", **options) == 2
    assert told in capsys.readouterr().err
    assert desk.call("s.txt") == 2
    assert {path.name for path in desk.folder.iterdir()} == {"people.csv", "entries.csv"}


def test_the_rows_of_a_spreadsheet_are_counted_past_blank_ones(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    (desk.folder / "people.csv").write_text("person,released\n\nA,\n\nB,perhaps\n")
    desk.write("entries.csv", ENTRIES, [])
    assert desk.call("s.csv") == 2
    assert "people.csv: row 5, column released: 'perhaps'" in capsys.readouterr().err


def test_end_is_the_last_day_of_the_cycle() -> None:
    assert POLICY.cycle_of(END).ends_on == END
