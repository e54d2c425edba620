"""A scope is a subtree of paths: its root and all below it, and nothing beside it."""

import pytest

from shixun.kernel.access import NOTHING, Scope, allows
from shixun.kernel.fields import decrypt, encrypt, keyed_digest


@pytest.mark.parametrize(
    ("path", "held"),
    [
        ("000001/000002/", True),
        ("000001/000002/000009/", True),
        ("000001/", False),
        ("000001/000003/", False),
        ("000001/000002", False),
    ],
)
def test_a_scope_holds_its_subtree(path: str, held: bool) -> None:
    scope = Scope("000001/000002/")
    assert scope.holds(path) is held
    assert (scope.path <= path < scope.upper) is held


def test_the_empty_scope_holds_nothing() -> None:
    assert not NOTHING.holds("000001/")
    assert NOTHING.upper == ""


def test_nobody_may_anything() -> None:
    assert not allows("people.can_search_persons", None)


def test_encrypted_text_comes_back_and_never_looks_the_same() -> None:
    first, second = encrypt("310101199001011237"), encrypt("310101199001011237")
    assert first != second
    assert decrypt(first) == decrypt(second) == "310101199001011237"
    assert "3101" not in first


def test_text_of_another_key_is_refused(settings) -> None:
    stored = encrypt("310101199001011237")
    settings.FIELD_KEY = "another key"
    with pytest.raises(ValueError, match="SHIXUN_FIELD_KEY"):
        decrypt(stored)


def test_a_digest_depends_on_text_purpose_and_key(settings) -> None:
    digests = {keyed_digest("1", "a"), keyed_digest("2", "a"), keyed_digest("1", "b")}
    assert keyed_digest("1", "a") in digests
    settings.FIELD_KEY = "another key"
    digests.add(keyed_digest("1", "a"))
    assert len(digests) == 4
