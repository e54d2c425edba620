"""Brings Django up for the commands that need it."""

import os


def set_up() -> None:
    """Load the settings and every room; a bad setting stops here with its sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
