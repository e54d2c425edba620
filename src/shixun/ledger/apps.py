"""Registers the room with Django, and its nightly check with the schedule."""

from datetime import time

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "shixun.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tasks need loaded models, so they are imported here."""
        from shixun.kernel.schedule import register_daily
        from shixun.ledger.tasks import nightly_check

        register_daily(nightly_check, at=time(2, 30))
