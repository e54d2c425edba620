"""The typed readers of environment variables refuse what they cannot read, with a sentence."""

from pathlib import Path

import pytest

from config.env import BadSetting, env_bool, env_database, env_int, env_list


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("on", True), ("No", False), ("", True)])
def test_a_switch_is_read(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("SHIXUN_TRIAL", value)
    assert env_bool("SHIXUN_TRIAL", True) is expected


@pytest.mark.parametrize(("reader", "value"), [(env_bool, "perhaps"), (env_int, "8,5")])
def test_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch, reader: object, value: str) -> None:
    monkeypatch.setenv("SHIXUN_TRIAL", value)
    with pytest.raises(BadSetting, match=f"SHIXUN_TRIAL='{value}'"):
        reader("SHIXUN_TRIAL", 1)  # type: ignore[operator]


def test_a_list_is_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIXUN_TRIAL", "a.example, b.example,")
    assert env_list("SHIXUN_TRIAL") == ["a.example", "b.example"]


def test_a_database_address_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHIXUN_TRIAL", "postgresql://us%20er:p%40ss@db.example:5433/bank")
    read = env_database("SHIXUN_TRIAL", tmp_path / "x.sqlite3")
    assert {key: read[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "bank",
        "USER": "us er",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
    }


@pytest.mark.parametrize("address", ["mysql://a/b", "postgresql://user@host"])
def test_a_database_that_is_not_supported_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.setenv("SHIXUN_TRIAL", address)
    with pytest.raises(BadSetting, match="SHIXUN_TRIAL"):
        env_database("SHIXUN_TRIAL", tmp_path / "x.sqlite3")
