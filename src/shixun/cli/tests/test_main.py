"""The command line: help, exit codes, and commands that wait for nothing they do not need."""

import subprocess
import sys

import pytest

from shixun.cli.main import COMMANDS, main


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert [name for name in COMMANDS if f"  {name} " not in said] == []


def test_no_command_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage: shixun COMMAND" in capsys.readouterr().out


def test_an_unknown_command_is_named_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stand"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("shixun: there is no command 'stand'.")
    assert said.out == ""


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "manage"])
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    assert f"usage: shixun {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["standing", "policy"])
def test_the_rulebook_commands_never_wait_for_django(name: str) -> None:
    code = (
        "import sys\nfrom shixun.cli.main import main\n"
        f"try:\n    main([{name!r}, '--help'])\nexcept SystemExit:\n    pass\nsys.exit('django' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
