"""Registers the room with Django, its kinds of imports and jobs, and its pages with the frame."""

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "shixun.recognition"
    label = "recognition"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which this needs.
        from shixun.recognition import frame

        frame.register()
