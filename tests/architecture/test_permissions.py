"""Every right stands in the permission table, its test has a thing to ask about, the document shows the table."""

import importlib

from shixun.kernel.access import permission_table
from shixun.people.rights import document
from tests.architecture.stairs import ROOT


def test_every_right_says_who_has_it_and_how_far() -> None:
    """``@permission(…, roles={**OWN, **within(*OFFICERS)})``: see CONTRIBUTING; ``people.reaches`` has short forms."""
    assert [row.name for row in permission_table() if not row.roles] == []


def test_every_right_about_a_thing_has_one_in_its_test() -> None:
    """``SUBJECTS`` in the room's ``testing`` makes such a thing for ``tests/permissions``."""
    missing = []
    for row in permission_table():
        module = importlib.import_module(f"shixun.{row.room}.testing")
        if row.takes_subject and row.name.split(".")[1] not in getattr(module, "SUBJECTS", {}):
            missing.append(row.name)
    assert missing == []


def test_the_document_shows_the_table() -> None:
    """``manage write_permissions`` writes it anew."""
    assert (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8") == document()
