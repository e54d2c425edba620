"""Registers the room with Django, and its pages with the frame."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "shixun.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which this needs.
        from shixun.portal import frame

        frame.register()
