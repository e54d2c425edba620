"""The words of the trail: what each action, subject and part of an event is called on the auditor's pages.

Every room hands in its own at start-up. A test finds an action in the code that has no words.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

_actions: dict[str, str] = {}
_subjects: dict[str, str] = {}
_parts: dict[str, str] = {}
#: What a value is called, from the value and everything that its event says; None where it has no other name.
Reader = Callable[[Any, Mapping[str, Any]], str | None]
_values: dict[str, Reader] = {}
_lasting: set[str] = set()
_viewing: set[str] = set()


def register_words(
    actions: Mapping[str, str],
    *,
    subjects: Mapping[str, str] | None = None,
    parts: Mapping[str, str] | None = None,
    lasting: bool = False,
    viewing: tuple[str, ...] = (),
) -> None:
    """Name the actions of a room (``role.granted``: 授予角色), the kinds of its subjects and the parts of its events.

    ``lasting``: these events are what something else is checked by, and outlive every retention. ``viewing`` names
    those actions that tell of a look at sensitive data. Raises ``ImproperlyConfigured`` for a second word of an action.
    """
    twice = [key for key, words in actions.items() if _actions.get(key, words) != words]
    if twice:
        raise ImproperlyConfigured(f"these actions already have other words: {', '.join(sorted(twice))}")
    _actions.update(actions)
    for known, said in ((_subjects, subjects), (_parts, parts)):
        # A word that a lower room gave stays: a part is called alike wherever it comes up.
        known.update({key: words for key, words in (said or {}).items() if key not in known})
    _lasting.update(actions if lasting else ())
    _viewing.update(viewing)


def register_values(values: Mapping[str, Mapping[str, str] | Reader]) -> None:
    """Name the values of parts: of ``role`` wherever it comes up, of ``recognition.paper:kind`` for that subject alone.

    What a lower room has words for is called as it says; the others are asked after it.
    """
    for key, words in values.items():
        reader = words if callable(words) else _looked_up(words)
        _values[key] = _either(_values[key], reader) if key in _values else reader


def _either(first: Reader, second: Reader) -> Reader:
    return lambda value, said: first(value, said) or second(value, said)


def _looked_up(words: Mapping[str, str]) -> Reader:
    return lambda value, said: words.get(value) if isinstance(value, str) else None


def value_words(subject_kind: str, name: str, value: Any, said: Mapping[str, Any]) -> str | None:
    """What a value of a part, a text or a table, is called; None where nobody said."""
    for key in (f"{subject_kind}:{name}", name):
        words = _values[key](value, said) if key in _values else None
        if words:
            return words
    return None


def action_words(action: str) -> str:
    """What an action is called; the key itself where nobody said."""
    return _actions.get(action, action)


def known_actions() -> dict[str, str]:
    """Every action with its words, in the order of the words."""
    return dict(sorted(_actions.items(), key=lambda item: item[1]))


def subject_words(kind: str) -> str:
    """What a kind of subject is called."""
    return _subjects.get(kind, kind)


def part_words(name: str, subject_kind: str = "") -> str:
    """What a part of before and after is called: of this kind of subject, else wherever it comes up."""
    return _parts.get(f"{subject_kind}:{name}") or _parts.get(name, name)


def lasting_actions() -> frozenset[str]:
    """Actions whose events are never removed."""
    return frozenset(_lasting)


def viewing_actions() -> frozenset[str]:
    """Actions that tell of a look at sensitive data."""
    return frozenset(_viewing)
