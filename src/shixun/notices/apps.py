"""Registers the room with Django, and its pages with the frame."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "shixun.notices"
    label = "notices"
    verbose_name = "消息"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which this needs.
        from shixun.notices import frame

        frame.register()
