"""``shixun standing`` beside its answer: what it refuses to overwrite, cannot write, and says of the day asked for."""

import pytest

from tests.rulebook.test_files import ENTRIES, Desk, desk

__all__ = ["desk"]


@pytest.mark.parametrize("name", ["people", "entries"])
def test_the_input_is_never_replaced(desk: Desk, capsys: pytest.CaptureFixture[str], name: str) -> None:
    before = desk.bytes(f"{name}.csv")
    assert desk.call(f"{name}.csv") == 2
    assert f"is the --{name} file itself" in capsys.readouterr().err
    assert desk.bytes(f"{name}.csv") == before


def test_an_output_that_cannot_be_written_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    (desk.folder / "s.csv").mkdir()
    assert desk.call("s.csv") == 1
    assert "s.csv: cannot be written: Is a directory" in capsys.readouterr().err
    assert {path.name for path in desk.folder.iterdir()} == {"people.csv", "entries.csv", "s.csv"}


def test_a_day_the_policy_does_not_cover_is_judged_with_a_notice(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.write("entries.csv", ENTRIES, [["T00000", "2016-01-01", "city", "ethics", "", "1", ""]])
    desk.write("people.csv", ["person"], [["T00000"]])
    assert [desk.call("s.jsonl", on=day) for day in ("2015-12-31", "2016-01-01", "2021-01-01")] == [0, 0, 0]
    force = "shanghai-2016 is in force from 2016-01-01 and before 2021-01-01"
    assert capsys.readouterr().err.splitlines() == [
        f"{force}; 2015-12-31 is judged by its cycle 2016-2020 all the same.",
        "1 entries do not count: the cycle begins on 2016-01-01, after 2015-12-31.",
        f"{force}; 2021-01-01 is judged by its cycle 2016-2020 all the same.",
    ]
