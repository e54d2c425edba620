"""The auditor's pages read in Chinese: every action that the code writes into the trail has its words."""

from pathlib import Path

from shixun.kernel.audit.words import known_actions
from tests.architecture.stairs import ROOT
from tests.architecture.trail import actions_in


def test_every_action_has_words() -> None:
    """Add the missing ones where the room registers its words (``register_words`` in its ``apps.py``)."""
    known = known_actions()
    silent = {
        action: place
        for action, place in actions_in(ROOT / "src").items()
        if not (any(key.startswith(action) for key in known) if action.endswith(".") else action in known)
    }
    assert silent == {}


def test_a_planted_action_is_found(tmp_path: Path) -> None:
    room = tmp_path / "shixun" / "people"
    room.mkdir(parents=True)
    (room / "actions.py").write_text(
        'from shixun.kernel import audit\nDONE = "thing.done"\n'
        'audit.record(actor=a, action=DONE if x else "thing.left")\n'
        '_record(a, "thing.kept", {"a": "no.action"})\n'
        'audit.event(action=f"case.{kind}")\n'
    )
    assert set(actions_in(tmp_path)) == {"thing.done", "thing.left", "thing.kept", "case."}
