"""Registers the room with Django, its job with the schedule, what it tells people."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "shixun.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which these need.
        from shixun.approvals import telling
        from shixun.approvals.tasks import follow_deadlines, is_called_for
        from shixun.kernel.schedule import register_called

        telling.register()
        register_called(follow_deadlines, when=is_called_for)
