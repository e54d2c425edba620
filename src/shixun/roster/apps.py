"""Registers the room with Django, and the roster as a kind of import."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "shixun.roster"
    label = "roster"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.kernel.spreadsheets.kinds import register_import
        from shixun.roster import frame

        register_import(frame.ROSTER)
