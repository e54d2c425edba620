"""Who sees which first page."""

from typing import Any

from shixun.kernel.slots import SEARCH


def can_open_home(actor: Any | None) -> bool:
    """Everybody, visitors included: each sees another first page."""
    return True


def can_search(actor: Any | None) -> bool:
    """Whoever has at least one kind of thing to search."""
    return any(provider.permission(actor) for provider in SEARCH)


def can_open_menu(actor: Any | None) -> bool:
    """Somebody who acts in a role."""
    return actor is not None


def is_visitor(actor: Any | None) -> bool:
    """Nobody who acts in a role."""
    return actor is None


def is_officer(actor: Any | None) -> bool:
    """An officer of a school, district or city."""
    return actor is not None and actor.is_officer
