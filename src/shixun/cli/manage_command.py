"""Hands the words on to Django's own command line."""

import os
from collections.abc import Sequence


def run(words: Sequence[str]) -> int:
    """Run a Django management command; returns 0, other endings leave through SystemExit."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["shixun manage", *words])
    return 0
