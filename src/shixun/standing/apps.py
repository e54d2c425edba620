"""Registers the room with Django, its pages with the frame, and its task with the schedule."""

from django.apps import AppConfig

EVENTS = {"standing.refresh_asked": "请求更新学分完成情况"}
SUBJECTS = {"standing.refresh": "更新"}


class StandingConfig(AppConfig):
    name = "shixun.standing"
    label = "standing"
    verbose_name = "学分完成情况"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which this needs.
        from shixun.kernel.audit.words import register_words
        from shixun.kernel.schedule import register_called
        from shixun.standing import frame
        from shixun.standing.queries import is_behind
        from shixun.standing.tasks import follow

        frame.register()
        register_called(follow, when=is_behind)
        register_words(EVENTS, subjects=SUBJECTS)
