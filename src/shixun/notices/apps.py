"""Registers the room with Django, its pages with the frame, and its task with the schedule."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "shixun.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.kernel.schedule import register_called
        from shixun.notices import frame
        from shixun.notices.queries import has_deliveries_due
        from shixun.notices.tasks import deliver

        frame.register()
        register_called(deliver, when=has_deliveries_due)
