"""The site as a whole: migrations are complete, Django's own checks are silent, every address asks who is there."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from shixun.kernel import triggers


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_the_checks_of_django_are_silent() -> None:
    call_command("check", fail_level="WARNING", stdout=StringIO())


@pytest.mark.django_db
def test_every_append_only_table_has_its_triggers() -> None:
    from django.db import connection

    assert triggers.missing(connection) == []
    assert triggers.append_only_tables() != []


@pytest.mark.django_db
def test_every_table_that_names_a_window_is_guarded() -> None:
    from django.db import connection

    from shixun.terms import triggers as windows

    assert windows.missing(connection) == []


def _views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def test_every_view_says_who_may_see_it() -> None:
    """A view without a guard of ``kernel.access`` (public, signed_in, require) is one that nobody thought about."""
    ours = [(route, view) for route, view in _views(get_resolver().url_patterns)]
    assert [route for route, view in ours if not getattr(view, "guard", None)] == []
