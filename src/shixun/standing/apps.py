"""Registers the room with Django, and its pages with the frame."""

from django.apps import AppConfig


class StandingConfig(AppConfig):
    name = "shixun.standing"
    label = "standing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which this needs.
        from shixun.standing import frame

        frame.register()
